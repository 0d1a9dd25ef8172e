import { ZmqError } from "../errors.js"
import type { Frame } from "../message.js"
import { decodeServerId, encodeServerId } from "../patterns/server.js"

/** Whom a message of Server or Peer is for, or comes from. */
export interface ServerRoutingOptions {
  /** The number that the socket has given its peer, of 32 bits and never 0. (zmq_msg_routing_id(3)) */
  routingId: number
}

const LAST_ID = 0xffff_ffff

/** The frame of a routing id. Throws EINVAL. */
export function writeRoutingId({ routingId }: Partial<ServerRoutingOptions>): Frame {
  if (typeof routingId === "number" && Number.isInteger(routingId) && routingId > 0 && routingId <= LAST_ID) {
    return encodeServerId(routingId)
  }
  throw new ZmqError("EINVAL", { message: "A routing id is a number that the socket has given a peer." })
}

export function readRoutingId(frame: Frame): ServerRoutingOptions {
  return { routingId: decodeServerId(frame) }
}
