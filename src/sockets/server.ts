import type { OptionsOf } from "../core/options.js"
import type { Frame, MessageLike } from "../message.js"
import { ServerPattern } from "../patterns/server.js"
import { installAnnotatedReadable, installAnnotatedWritable } from "./annotated.js"
import type { Readable } from "./readable.js"
import { readRoutingId, type ServerRoutingOptions, writeRoutingId } from "./server-ids.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import type { Writable } from "./writable.js"

/**
 * Hears from many clients and sends to each by its number, any number of times each way and without envelopes:
 *
 * ```
 * for await (const [question, { routingId }] of server) await server.send("answer", { routingId })
 * ```
 *
 * Messages have one frame: `send` rejects others with EINVAL, and those that come are dropped. `send` rejects with
 * EHOSTUNREACH for a client that is not there, throws EINVAL for what is no routing id, and waits while the client is at
 * its high-water mark. See `patterns/server.ts` for its rules. (zmq_socket(3), draft)
 */
export class Server extends Socket {
  constructor(options?: SocketOptions<Server>) {
    super("SERVER", (_options, random) => new ServerPattern(random), options)
  }

  /** Ends the connection to a peer for good, behind what was sent to it. Throws EINVAL, EHOSTUNREACH. */
  disconnectPeer(routingId: number): void {
    const pattern = openCore(this).pattern as ServerPattern
    pattern.disconnect(writeRoutingId({ routingId }))
  }
}

export interface Server
  extends Omit<Readable<[Frame, ServerRoutingOptions]>, "receiveString" | "receiveJson">,
    Writable<MessageLike, [ServerRoutingOptions]>,
    OptionsOf<"SERVER"> {}

installOptions(Server.prototype, "SERVER")
installAnnotatedReadable(Server.prototype, readRoutingId)
installAnnotatedWritable(Server.prototype, writeRoutingId)
