import { XpubPattern } from "../patterns/xpub.js"
import { installReadable, type Readable } from "./readable.js"
import { installOptions, type OptionsOf, Socket, type SocketOptions } from "./socket.js"
import { installWritable, type Writable } from "./writable.js"

/** A Publisher that receives the subscriptions: `\x01topic` for the first, `\x00topic` after the last. See `patterns/xpub.ts` for its rules. */
export class XPublisher extends Socket {
  constructor(options?: SocketOptions<XPublisher>) {
    super("XPUB", () => new XpubPattern(), options)
  }
}

export interface XPublisher extends Writable, Readable, OptionsOf<"XPUB"> {}

installOptions(XPublisher.prototype, "XPUB")
installReadable(XPublisher.prototype)
installWritable(XPublisher.prototype)
