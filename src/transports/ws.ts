// ws:// (ZWS 2.0, RFC 45): ZMTP's messages over WebSockets, with libzmq's address rules for ws.

import { fromPlatform, ZmqError } from "../errors.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { PacketConn, PacketTerms } from "../link/packet-conn.js"
import { ZwsLink } from "../link/zws.js"
import { subprotocolsFor } from "../link/zws-handshake.js"
import { PacketEncoder } from "../wire/packet-encoder.js"
import type { SlabPool } from "../wire/slab-pool.js"
import { type HostAndPort, isNumeric, parseBindAddress, parseConnectAddress } from "./tcp-address.js"
import {
  type Accept,
  type Dialing,
  type Listener,
  splitAddress,
  type Transport,
  type TransportSettings,
} from "./transport.js"
import type { WebSocketPlatform, WebSocketServerPlatform, WebSocketTarget } from "./websocket-platform.js"

/** The one name that means the same everywhere. */
const LOOPBACK = "127.0.0.1"

/** Where to listen. */
interface Local extends HostAndPort {
  /** Part of the endpoint's name and nothing else. */
  readonly path: string
}

/**
 * `ws://host:port[/path]`. Host names are resolved at each attempt, so one that cannot be is no error of `connect`.
 * Whoever listens takes any path that he is asked for, as libzmq does.
 */
export class WsTransport implements Transport {
  readonly reconnects = true
  private readonly platform: WebSocketPlatform
  private readonly scheduler: Scheduler
  private readonly secure: boolean

  /** Over TLS its scheme is wss. */
  constructor(platform: WebSocketPlatform, scheduler: Scheduler, secure = false) {
    this.platform = platform
    this.secure = secure
    this.scheduler = scheduler
  }

  outbox(pool: SlabPool): Outbox {
    return new PacketEncoder(pool)
  }

  checkConnect(address: string): void {
    parseTarget(address, this.secure)
  }

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    let cancel = this.platform.connect(
      parseTarget(address, this.secure),
      termsOf(hello),
      settings,
      (conn) => {
        const link = new ZwsLink(conn, hello, owner, this.scheduler)
        cancel = () => link.abandon()
        owner.opened(conn.remote)
        link.open()
      },
      (reason) => {
        const error = reason instanceof Error ? reason : new Error(String(reason))
        const refused = "code" in error && error.code === "ECONNREFUSED"
        owner.ended({ error, linked: false, retry: true, refused })
      },
    )
    return { cancel: () => cancel() }
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    const { host, port, path } = parseLocal(address)
    const numeric = this.numericHost(host, address, settings) ?? (host === "localhost" ? LOOPBACK : undefined)
    if (numeric === undefined) {
      throw new ZmqError("ENODEV", {
        address,
        message: `${host} is no address or interface of this machine; bind() looks up host names, bindSync() can't.`,
      })
    }
    return this.listenAt(address, { host: numeric, port, path }, hello, settings, accept)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    const { host, port, path } = parseLocal(address)
    const numeric = this.numericHost(host, address, settings) ?? (await this.resolve(host, address, settings))
    return this.listenAt(address, { host: numeric, port, path }, hello, settings, accept)
  }

  private listenAt(
    address: string,
    { host, port, path }: Local,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Listener {
    if (host.includes(":") && !settings.ipv6) {
      throw new ZmqError("ENODEV", {
        address,
        message: "Listening on an IPv6 address needs the option ipv6.",
      })
    }
    try {
      const refuse = (error: Error): void => accept().ended({ error, linked: false, retry: false })
      const welcome = (conn: PacketConn): void => {
        const owner = accept()
        const link = new ZwsLink(conn, hello, owner, this.scheduler)
        owner.opened(conn.remote, () => link.abandon())
        link.open()
      }
      const listener = this.serverFor(address).listen(
        { host, port, secure: this.secure },
        termsOf(hello),
        settings,
        welcome,
        refuse,
      )
      return {
        address: formatWs(this.secure, listener.host, listener.port, path),
        close: () => listener.close(),
      }
    } catch (error) {
      throw fromPlatform(error, address, "EINVAL")
    }
  }

  /** The numeric address to bind to; undefined for a host name. */
  private numericHost(host: string, address: string, { ipv6 }: TransportSettings): string | undefined {
    if (host === "*") return ipv6 ? "::" : "0.0.0.0"
    if (isNumeric(host)) return host
    return this.serverFor(address).interfaceAddress(host, ipv6)
  }

  private serverFor(address: string): WebSocketServerPlatform {
    const { server } = this.platform
    if (server === undefined) {
      throw new ZmqError("ENOTSUP", {
        address,
        message: "Nobody can connect to us here: only connect() is possible.",
      })
    }
    return server
  }

  private async resolve(host: string, address: string, settings: TransportSettings): Promise<string> {
    try {
      return await this.serverFor(address).resolve(host, settings)
    } catch (error) {
      throw new ZmqError("ENODEV", { address, cause: error })
    }
  }
}

function termsOf(hello: Hello): PacketTerms {
  // A packet has its flags besides.
  return { subprotocols: subprotocolsFor(hello), packetBytes: hello.limits.frameBytes + 1 }
}

/** What `connect` takes; throws EINVAL. */
function parseTarget(address: string, secure: boolean): WebSocketTarget {
  const { authority, path } = splitPath(address)
  if (authority.includes(";")) {
    throw new ZmqError("EINVAL", { address, message: "An address of ws does not say where to come from." })
  }
  const { host, port } = parseConnectAddress(authority, address).peer
  // The zone of an IPv6 address means nothing to the other side.
  const url = formatWs(secure, host.replace(/%.*/, ""), port, path)
  try {
    new URL(url)
  } catch (cause) {
    throw new ZmqError("EINVAL", { address, cause })
  }
  return { host, port, secure, url }
}

/** What `bind` takes; throws EINVAL, or ENODEV for what cannot be an interface of this machine. */
function parseLocal(address: string): Local {
  const { authority, path } = splitPath(address)
  return { ...parseBindAddress(authority, address), path }
}

function splitPath(address: string): { authority: string; path: string } {
  const { rest } = splitAddress(address)
  const slash = rest.indexOf("/")
  if (slash < 0) return { authority: rest, path: "/" }
  const path = rest.slice(slash)
  if (!/^[!-~]+$/.test(path) || path.includes("#")) {
    throw new ZmqError("EINVAL", { address, message: `${JSON.stringify(path)} is no path of a URL.` })
  }
  return { authority: rest.slice(0, slash), path }
}

/** `ws://127.0.0.1:5555/`, `ws://[::1]:5555/path`. */
function formatWs(secure: boolean, host: string, port: number, path: string): string {
  return `${secure ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${port}${path}`
}
