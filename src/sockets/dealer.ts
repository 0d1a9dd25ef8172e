import type { OptionsOf } from "../core/options.js"
import { DealerPattern } from "../patterns/dealer.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Sends to its peers in turn and receives from them, without the turns of Request. See `patterns/dealer.ts` for its
 * rules.
 */
export class Dealer extends Socket {
  constructor(options?: SocketOptions<Dealer>) {
    super("DEALER", (options) => new DealerPattern(options), options)
  }
}

export interface Dealer extends Writable, Readable, OptionsOf<"DEALER"> {}

installOptions(Dealer.prototype, "DEALER")
installReadable(Dealer.prototype)
installWritable(Dealer.prototype)
