import type { OptionsOf } from "../core/options.js"
import { PullPattern } from "../patterns/pull.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"

/** Takes work from Push sockets, one message of each in turn. See `patterns/pull.ts` for its rules. */
export class Pull extends Socket {
  constructor(options?: SocketOptions<Pull>) {
    super("PULL", () => new PullPattern(), options)
  }
}

export interface Pull extends Readable, OptionsOf<"PULL"> {}

installOptions(Pull.prototype, "PULL")
installReadable(Pull.prototype)
