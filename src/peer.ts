import type { Frame } from "./message.js"

/** The socket types of ZMTP (RFC 28, 29, 30, 31, and the drafts 41, 48, 49, 51, 52), by their names on the wire. */
export type SocketType =
  | "PAIR"
  | "PUB"
  | "SUB"
  | "REQ"
  | "REP"
  | "DEALER"
  | "ROUTER"
  | "PULL"
  | "PUSH"
  | "XPUB"
  | "XSUB"
  | "STREAM"
  | "SERVER"
  | "CLIENT"
  | "RADIO"
  | "DISH"
  | "GATHER"
  | "SCATTER"
  | "DGRAM"
  | "PEER"
  | "CHANNEL"

const compatiblePeers: Record<SocketType, readonly string[]> = {
  PAIR: ["PAIR"],
  PUB: ["SUB", "XSUB"],
  SUB: ["PUB", "XPUB"],
  REQ: ["REP", "ROUTER"],
  REP: ["REQ", "DEALER"],
  DEALER: ["REP", "DEALER", "ROUTER"],
  ROUTER: ["REQ", "DEALER", "ROUTER"],
  PULL: ["PUSH"],
  PUSH: ["PULL"],
  XPUB: ["SUB", "XSUB"],
  XSUB: ["PUB", "XPUB"],
  // Plain TCP has no types.
  STREAM: [],
  SERVER: ["CLIENT"],
  CLIENT: ["SERVER"],
  RADIO: ["DISH"],
  DISH: ["RADIO"],
  GATHER: ["SCATTER"],
  SCATTER: ["GATHER"],
  // Nor has UDP.
  DGRAM: [],
  PEER: ["PEER"],
  CHANNEL: ["CHANNEL"],
}

/** Whether RFC 37 lets a socket of type `own` talk to one of type `peer`. */
export function isCompatible(own: SocketType, peer: string): boolean {
  return compatiblePeers[own].includes(peer)
}

/** Whether a socket of this type announces a routing id in its handshake (RFC 37, section 3.4). */
export function announcesRoutingId(type: SocketType): boolean {
  return type === "REQ" || type === "DEALER" || type === "ROUTER"
}

/** Who is at the other end; shared by all its messages. */
export interface Peer {
  /** `"DEALER"` and so on, as the peer announced it; empty when it did not. */
  readonly socketType: string
  /** The routing id that the peer announced; empty when it has none. */
  readonly routingId: Frame
  /** Where the connection comes from or leads to; empty over inproc. */
  readonly address: string
  /**
   * All that is known of the peer, by the names that zmq_msg_gets(3) has for it: `Socket-Type`, `Routing-Id` and
   * `Identity`, which are the same, `Peer-Address` (without a port), and what the peer's `metadata` option says, such
   * as `X-Role`; what it did not say is missing. Values are read as UTF-8. `get` and `has` take names in any case
   * (RFC 37, section 3.4). Of what a peer says of itself beyond the usual, 64 properties are kept, of 65536 characters
   * in all; the rest is left out.
   */
  readonly properties: ReadonlyMap<string, string>
}
