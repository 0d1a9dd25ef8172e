import type { OptionsOf } from "../core/options.js"
import { RepPattern } from "../patterns/rep.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/** Answers requests, in turns: receive one, send its reply. See `patterns/rep.ts` for its rules. */
export class Reply extends Socket {
  constructor(options?: SocketOptions<Reply>) {
    super("REP", () => new RepPattern(), options)
  }
}

export interface Reply extends Writable, Readable, OptionsOf<"REP"> {}

installOptions(Reply.prototype, "REP")
installReadable(Reply.prototype)
installWritable(Reply.prototype)
