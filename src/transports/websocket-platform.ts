import type { WebServer } from "../bind-options.js"
import type { PacketConn, PacketTerms } from "../link/packet-conn.js"
import type { Doorkeeper } from "./origins.js"
import type { StreamListener } from "./stream.js"
import type { TransportSettings } from "./transport.js"

/** One end of WebSockets. */
export interface WebSocketPlace {
  /** A host name or a numeric address. */
  readonly host: string
  readonly port: number
  /** Over TLS. */
  readonly secure: boolean
}

/** Where a WebSocket leads to. */
export interface WebSocketTarget extends WebSocketPlace {
  /** The same with what the server is asked for, in a form that `new URL` takes. */
  readonly url: string
}

/** What connections that come in are to go by. */
export interface WebSocketServerTerms extends PacketTerms {
  /** Whether a page may come in. */
  readonly admits: Doorkeeper
}

/** WebSockets as a platform makes them. */
export interface WebSocketPlatform {
  /** Connects once; then exactly one of the two is called, unless the result was. */
  connect(
    target: WebSocketTarget,
    terms: PacketTerms,
    settings: TransportSettings,
    opened: (conn: PacketConn) => void,
    failed: (error: unknown) => void,
  ): () => void
}

/** The side that listens. */
export interface WebSocketServerPlatform {
  /** Listens on a numeric address, whatever path is asked for; throws the platform's error. `failed` hears of those later on. */
  listen(
    place: WebSocketPlace,
    terms: WebSocketServerTerms,
    settings: TransportSettings,
    accept: (conn: PacketConn) => void,
    failed: (error: Error) => void,
  ): StreamListener
  /**
   * Takes in who asks for a path of a server that the user has, until it is closed; then the server lives on. Throws
   * where it is none for `ws`, or for `wss`, and EADDRINUSE where the path is taken. Host and port are those of a
   * server that listens.
   */
  attach(
    server: WebServer,
    place: { readonly path: string; readonly secure: boolean },
    terms: WebSocketServerTerms,
    settings: TransportSettings,
    accept: (conn: PacketConn) => void,
  ): { readonly host: string | undefined; readonly port: number | undefined; close(): Promise<void> }
  /** The numeric address of a host name, for binding. */
  resolve(host: string, settings: TransportSettings): Promise<string>
  /** The numeric address of a network interface by its name; undefined when there is none. */
  interfaceAddress(name: string, ipv6: boolean): string | undefined
}
