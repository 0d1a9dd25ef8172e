import type { OptionsOf } from "../core/options.js"
import { PairPattern } from "../patterns/pair.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * One peer, both ways: for two parts of one process. Over a network use Dealer and Router. See `patterns/pair.ts` for
 * its rules.
 */
export class Pair extends Socket {
  constructor(options?: SocketOptions<Pair>) {
    super("PAIR", () => new PairPattern(), options)
  }
}

export interface Pair extends Writable, Readable, OptionsOf<"PAIR"> {}

installOptions(Pair.prototype, "PAIR")
installReadable(Pair.prototype)
installWritable(Pair.prototype)
