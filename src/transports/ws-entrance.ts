// Where peers come in over ws:// and wss://: at a server of the socket's own, or at a path of one of the user's.

import type { BindOptions, WebServer } from "../bind-options.js"
import { fromPlatform, ZmqError } from "../errors.js"
import type { Hello, Scheduler } from "../link/link.js"
import type { PacketConn } from "../link/packet-conn.js"
import { ZwsLink } from "../link/zws.js"
import { doorkeeper } from "./origins.js"
import { isNumeric } from "./tcp-address.js"
import type { Accept, Listener, Transport, TransportSettings } from "./transport.js"
import type { WebSocketServerPlatform, WebSocketServerTerms } from "./websocket-platform.js"
import { termsOf } from "./ws.js"
import { formatWs, type LocalPlace, parseLocal } from "./ws-address.js"

/** The one name that means the same everywhere. */
const LOOPBACK = "127.0.0.1"

/** What a binding goes by. */
interface Entry {
  readonly address: string
  readonly hello: Hello
  readonly settings: TransportSettings
  readonly accept: Accept
  readonly options: BindOptions
}

/** Whoever listens takes any path that he is asked for, as libzmq does; a server of the user's, that of the address. */
export class WsEntrance implements Pick<Transport, "listen" | "listenSync"> {
  private readonly server: WebSocketServerPlatform
  private readonly scheduler: Scheduler
  private readonly secure: boolean

  constructor(server: WebSocketServerPlatform, scheduler: Scheduler, secure: boolean) {
    this.server = server
    this.scheduler = scheduler
    this.secure = secure
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
    const numeric = this.numericHost(host, settings) ?? (host === "localhost" ? LOOPBACK : undefined)
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
    const numeric = this.numericHost(host, settings) ?? (await this.resolve(host, address, settings))
    return this.listenAt({ ...local, host: numeric }, entry)
  }

  private listenAt({ host, port, path }: LocalPlace, entry: Entry): Listener {
    const { address, settings, accept } = entry
    if (host.includes(":") && !settings.ipv6) {
      throw new ZmqError("ENODEV", {
        address,
        message: "Listening on an IPv6 address needs the option ipv6.",
      })
    }
    const refuse = (error: Error): void => accept().ended({ error, linked: false, retry: false })
    try {
      const listener = this.server.listen(
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
  private attachTo(server: WebServer, { host, port, path }: LocalPlace, entry: Entry): Listener {
    const { address, settings } = entry
    if (path.includes("?")) {
      throw new ZmqError("EINVAL", { address, message: "A server is asked for a path, whatever the query." })
    }
    try {
      const place = { path, secure: this.secure }
      const attached = this.server.attach(server, place, serverTermsOf(entry), settings, this.welcome(entry))
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
  private numericHost(host: string, { ipv6 }: TransportSettings): string | undefined {
    if (host === "*") return ipv6 ? "::" : "0.0.0.0"
    if (isNumeric(host)) return host
    return this.server.interfaceAddress(host, ipv6)
  }

  private async resolve(host: string, address: string, settings: TransportSettings): Promise<string> {
    try {
      return await this.server.resolve(host, settings)
    } catch (error) {
      throw new ZmqError("ENODEV", { address, cause: error })
    }
  }
}

/** A server of its own serves no pages, so none is from there: who says so got there by a false name. */
function serverTermsOf({ hello, options }: Entry): WebSocketServerTerms {
  const { allowedOrigins, server } = options
  return { ...termsOf(hello), admits: doorkeeper(allowedOrigins, server !== undefined) }
}
