import type { OptionsOf } from "../core/options.js"
import { ReqPattern } from "../patterns/req.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/** Asks and waits for the answer, in turns. See `patterns/req.ts` for its rules. */
export class Request extends Socket {
  constructor(options?: SocketOptions<Request>) {
    super("REQ", (options, random) => new ReqPattern(options, random), options)
  }
}

export interface Request extends Writable, Readable, OptionsOf<"REQ"> {}

installOptions(Request.prototype, "REQ")
installReadable(Request.prototype)
installWritable(Request.prototype)
