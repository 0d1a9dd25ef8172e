import type { BindOptions } from "../bind-options.js"
import { ZmqError } from "../errors.js"
import type { Hello, LinkOwner, Outbox } from "../link/link.js"
import type { SocketType } from "../peer.js"
import type { SlabPool } from "../wire/slab-pool.js"
import type { PortLike } from "./ports.js"

/** What a socket's options say about its connections. */
export interface TransportSettings {
  /** Listen on and resolve to IPv6 addresses too. */
  readonly ipv6: boolean
  /** The longest queue of connections that are not accepted yet. */
  readonly backlog: number
  /** Milliseconds that connecting may take; 0: as long as the system's own limit. */
  readonly connectTimeout: number
  /** Milliseconds that a handshake may take; 0: any time. */
  readonly handshakeInterval: number
  /** Accepted connections that may wait to be set up; 0: any number. */
  readonly maxHandshakes: number
  /** A proxy, `host:port`, that connections are made through, and what it is told of the user; null: none. */
  readonly socksProxy: string | null
  readonly socksUsername: string | null
  readonly socksPassword: string | null
  /** -1: the system's default; 0: off; 1: on. */
  readonly tcpKeepalive: number
  /** Seconds of silence before the first probe; -1: the system's default. */
  readonly tcpKeepaliveIdle: number
  /** Networks, with commas between, that connections are accepted from; null: any. */
  readonly tcpAcceptFilter: string | null
  /** The number of a file that listens already; -1: none. */
  readonly useFd: number
  /** The private key and the certificate of who listens over TLS. */
  readonly wssKeyPem: string | null
  readonly wssCertPem: string | null
  /** Authorities that who connects over TLS trusts. */
  readonly wssTrustPem: string | null
  /** Trust those of the runtime, too. */
  readonly wssTrustSystem: boolean
  /** The name in the server's certificate; null: the address's host. */
  readonly wssHostname: string | null
  /** How many routers multicast passes, and whether this machine hears what it sends. */
  readonly multicastHops: number
  readonly multicastLoop: boolean
  /** Bytes of the kernel's buffers for UDP; -1: the system's default. */
  readonly sendBufferSize: number
  readonly receiveBufferSize: number
}

/** A bound endpoint. */
export interface Listener {
  /** The endpoint with everything resolved: what `lastEndpoint` shows and `unbind` takes. */
  readonly address: string
  /** Stops listening; resolves when the address can be bound again. Accepted connections live on. */
  close(): Promise<void>
}

/** An attempt to connect that is under way or has succeeded. */
export interface Dialing {
  /** Gives up before the owner was told `linked`; the owner hears nothing any more. */
  cancel(): void
  /** The same if nobody has taken it up; false where it is too late, and all goes on. */
  withdraw?(): boolean
}

/** Gives each accepted connection its owner; one that is turned away has `ended` without having been `opened`. */
export type Accept = () => LinkOwner

/** How a socket comes to its endpoint. */
export type Side = "bind" | "connect"

/** A scheme: its address rules, and links made from its addresses. */
export interface Transport {
  /**
   * The types that may use it, and how they do, where a socket has one pipe at an endpoint, to whoever is there, and no
   * connections.
   */
  readonly connectionless?: { readonly [Type in SocketType]?: Side }
  /** Whether a connecter tries again when its connection ends. */
  readonly reconnects: boolean
  /** A queue of the kind that this transport's links send from; `raw`: to a peer that does not speak ZMTP. */
  outbox(pool: SlabPool, raw: boolean): Outbox
  /** Throws a ZmqError when `address` cannot be connected to, or not in the way that the settings tell. */
  checkConnect(address: string, settings: TransportSettings): void
  /** One attempt to connect. The owner hears `opened` and `linked`, or `ended`. */
  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing
  /** Listens at once; throws a ZmqError, for host names too: they take time to resolve. */
  listenSync(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Listener
  /** The type of this context's socket that is bound at `address`; where the context knows all that are. */
  boundType?(address: string): SocketType | undefined
  /** Listens; rejects with a ZmqError. */
  listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Promise<Listener>
  /** Shares names with the other side of a port, where the scheme has names. */
  attach?(port: PortLike): { close(): void }
}

/** Splits `scheme://rest`; throws EINVAL. */
export function splitAddress(address: string): { scheme: string; rest: string } {
  const at = address.indexOf("://")
  if (at <= 0 || at + 3 === address.length) throw new ZmqError("EINVAL", { address })
  return { scheme: address.slice(0, at), rest: address.slice(at + 3) }
}
