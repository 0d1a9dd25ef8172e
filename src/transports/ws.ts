// ws:// (ZWS 2.0, RFC 45): ZMTP's messages over WebSockets, with libzmq's address rules for ws.

import type { BindOptions, WebServer } from "../bind-options.js"
import { fromPlatform, ZmqError } from "../errors.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { PacketConn, PacketTerms } from "../link/packet-conn.js"
import { ZwsLink } from "../link/zws.js"
import { subprotocolsFor, webSubprotocolsFor } from "../link/zws-handshake.js"
import { PacketEncoder } from "../wire/packet-encoder.js"
import type { SlabPool } from "../wire/slab-pool.js"
import { doorkeeper } from "./origins.js"
import { type HostAndPort, isNumeric, parseBindAddress, parseConnectAddress } from "./tcp-address.js"
import {
  type Accept,
  type Dialing,
  type Listener,
  splitAddress,
  type Transport,
  type TransportSettings,
} from "./transport.js"
import type {
  WebSocketPlatform,
  WebSocketServerPlatform,
  WebSocketServerTerms,
  WebSocketTarget,
} from "./websocket-platform.js"

/** The one name that means the same everywhere. */
const LOOPBACK = "127.0.0.1"

/** Where to listen. */
interface Local extends HostAndPort {
  /** Part of the endpoint's name and nothing else. */
  readonly path: string
}

/** What a binding goes by. */
interface Entry {
  readonly address: string
  readonly hello: Hello
  readonly settings: TransportSettings
  readonly accept: Accept
  readonly options: BindOptions
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

  listenSync(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Listener {
    const local = parseLocal(address)
    const entry = { address, hello, settings, accept, options }
    if (options.server !== undefined) return this.attachTo(options.server, local, entry)
    const { host } = local
    const numeric = this.numericHost(host, address, settings) ?? (host === "localhost" ? LOOPBACK : undefined)
    if (numeric === undefined) {
      throw new ZmqError("ENODEV", {
        address,
        message: `${host} is no address or interface of this machine; bind() looks up host names, bindSync() can't.`,
      })
    }
    return this.listenAt({ ...local, host: numeric }, entry)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Promise<Listener> {
    const local = parseLocal(address)
    const entry = { address, hello, settings, accept, options }
    if (options.server !== undefined) return this.attachTo(options.server, local, entry)
    const { host } = local
    const numeric = this.numericHost(host, address, settings) ?? (await this.resolve(host, address, settings))
    return this.listenAt({ ...local, host: numeric }, entry)
  }

  private listenAt({ host, port, path }: Local, entry: Entry): Listener {
    const { address, settings, accept } = entry
    if (host.includes(":") && !settings.ipv6) {
      throw new ZmqError("ENODEV", {
        address,
        message: "Listening on an IPv6 address needs the option ipv6.",
      })
    }
    const refuse = (error: Error): void => accept().ended({ error, linked: false, retry: false })
    try {
      const listener = this.serverFor(address).listen(
        { host, port, secure: this.secure },
        serverTermsOf(entry),
        settings,
        this.welcome(entry),
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

  /** Comes in by a server of the user's. */
  private attachTo(server: WebServer, { host, port, path }: Local, entry: Entry): Listener {
    const { address, settings } = entry
    if (path.includes("?")) {
      throw new ZmqError("EINVAL", { address, message: "A server is asked for a path, whatever the query." })
    }
    try {
      const place = { path, secure: this.secure }
      const attached = this.serverFor(address).attach(
        server,
        place,
        serverTermsOf(entry),
        settings,
        this.welcome(entry),
      )
      if (port !== 0 && port !== (attached.port ?? port)) {
        void attached.close()
        throw new Error(`The server listens at port ${attached.port}.`)
      }
      return {
        address: formatWs(this.secure, attached.host ?? host, attached.port ?? port, path),
        close: () => attached.close(),
      }
    } catch (error) {
      throw fromPlatform(error, address, "EINVAL")
    }
  }

  private welcome({ hello, accept }: Entry): (conn: PacketConn) => void {
    return (conn) => {
      const owner = accept()
      const link = new ZwsLink(conn, hello, owner, this.scheduler)
      owner.opened(conn.remote, () => link.abandon())
      link.open()
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
      throw new ZmqError("EPROTONOSUPPORT", {
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

/** What CURVE adds to a frame: a name, a number, and what proves it. */
const MOST_HIDDEN = 64

function termsOf(hello: Hello): PacketTerms {
  return {
    subprotocols: subprotocolsFor(hello),
    webSubprotocols: webSubprotocolsFor(hello),
    // A packet has its flags besides.
    packetBytes: hello.limits.frameBytes + 1 + (hello.security.mechanism === "CURVE" ? MOST_HIDDEN : 0),
  }
}

/** A server of its own serves no pages, so none is from there: who says so got there by a false name. */
function serverTermsOf({ hello, options }: Entry): WebSocketServerTerms {
  const { allowedOrigins, server } = options
  return { ...termsOf(hello), admits: doorkeeper(allowedOrigins, server !== undefined) }
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
