import type { OptionsOf } from "../core/options.js"
import type { Frame } from "../message.js"
import { GatherPattern } from "../patterns/gather.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"

/**
 * Takes messages from those who scatter them, as Pull, of one frame each: others are dropped. See `patterns/gather.ts`
 * for its rules. (zmq_socket(3), draft)
 */
export class Gather extends Socket {
  constructor(options?: SocketOptions<Gather>) {
    super("GATHER", () => new GatherPattern(), options)
  }
}

export interface Gather extends Readable<[Frame]>, OptionsOf<"GATHER"> {}

installOptions(Gather.prototype, "GATHER")
installReadable(Gather.prototype)
