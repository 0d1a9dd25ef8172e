import type { OptionsOf } from "../core/options.js"
import type { MessageLike } from "../message.js"
import { ScatterPattern } from "../patterns/scatter.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Sends each message to one of those who gather, in turn, as Push, of one frame each: `send` rejects others with EINVAL.
 * See `patterns/scatter.ts` for its rules. (zmq_socket(3), draft)
 */
export class Scatter extends Socket {
  constructor(options?: SocketOptions<Scatter>) {
    super("SCATTER", () => new ScatterPattern(), options)
  }
}

export interface Scatter extends Writable<MessageLike>, OptionsOf<"SCATTER"> {}

installOptions(Scatter.prototype, "SCATTER")
installWritable(Scatter.prototype)
