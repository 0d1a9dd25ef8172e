import type { OptionsOf } from "../core/options.js"
import { ZmqError } from "../errors.js"
import type { Frame, MessageLike } from "../message.js"
import { ServerPattern } from "../patterns/server.js"
import { installAnnotatedReadable, installAnnotatedWritable } from "./annotated.js"
import type { Readable } from "./readable.js"
import { readRoutingId, type ServerRoutingOptions, writeRoutingId } from "./server-ids.js"
import { checkAddress, Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import type { Writable } from "./writable.js"

const NO_PEER_YET = "With the option immediate there is no peer before it is connected."

/**
 * Talks to others of its kind, each by its number, whoever connected: a Server and Client in one. See Server for
 * what `send` and `receive` do, and `patterns/server.ts` for its rules. (zmq_socket(3), draft)
 */
export class Peer extends Socket {
  constructor(options?: SocketOptions<Peer>) {
    super("PEER", (_options, random) => new ServerPattern(random), options)
  }

  /**
   * As {@link connect}, and tells the routing id of the peer, which can be sent to from now on. Throws EFAULT with the
   * option `immediate`, since then there is no peer yet. (zmq_connect_peer(3), draft)
   */
  connectPeer(address: string): number {
    checkAddress(address)
    const inside = openCore(this)
    if (inside.options.immediate) throw new ZmqError("EFAULT", { address, message: NO_PEER_YET })
    const frame = inside.endpoints.connect(address)?.pipe?.routingId
    if (frame === undefined) throw new ZmqError("EINVAL", { address })
    return readRoutingId(frame).routingId
  }

  /** Ends the connection to a peer for good, behind what was sent to it. Throws EINVAL, EHOSTUNREACH. */
  disconnectPeer(routingId: number): void {
    const pattern = openCore(this).pattern as ServerPattern
    pattern.disconnect(writeRoutingId({ routingId }))
  }
}

export interface Peer
  extends Omit<Readable<[Frame, ServerRoutingOptions]>, "receiveString" | "receiveJson">,
    Writable<MessageLike, [ServerRoutingOptions]>,
    OptionsOf<"PEER"> {}

installOptions(Peer.prototype, "PEER")
installAnnotatedReadable(Peer.prototype, readRoutingId)
installAnnotatedWritable(Peer.prototype, writeRoutingId)
