import type { OptionsOf } from "../core/options.js"
import { XsubPattern } from "../patterns/xsub.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * A Subscriber that subscribes by sending: `\x01topic` subscribes, `\x00topic` cancels. See `patterns/xsub.ts` for its
 * rules.
 */
export class XSubscriber extends Socket {
  constructor(options?: SocketOptions<XSubscriber>) {
    super("XSUB", (settings) => new XsubPattern(settings), options)
  }

  /** How many different topics it has subscribed to. (ZMQ_TOPICS_COUNT, draft) */
  get topicsCount(): number {
    return (openCore(this, "ENOTSOCK").pattern as XsubPattern).topicsCount
  }
}

export interface XSubscriber extends Writable, Readable, OptionsOf<"XSUB"> {}

installOptions(XSubscriber.prototype, "XSUB")
installReadable(XSubscriber.prototype)
installWritable(XSubscriber.prototype)
