import type { OptionsOf } from "../core/options.js"
import type { Frame } from "../message.js"
import { XpubPattern } from "../patterns/xpub.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import { toTopics } from "./topics.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * A Publisher that receives the subscriptions: `\x01topic` for the first, `\x00topic` after the last. See
 * `patterns/xpub.ts` for its rules.
 */
export class XPublisher extends Socket {
  constructor(options?: SocketOptions<XPublisher>) {
    super("XPUB", (settings) => new XpubPattern(settings), options)
  }

  /**
   * With `manual` or `manualLastValue`: subscribes the peer whose subscription or cancellation was received last to
   * `prefixes`; without one, to all messages. Nothing happens when that peer has left, or none was received. Throws
   * EINVAL without these options. (ZMQ_SUBSCRIBE, ZMQ_XPUB_MANUAL in zmq_setsockopt(3))
   */
  subscribe(...prefixes: (string | Frame)[]): void {
    const pattern = openCore(this, "ENOTSOCK").pattern as XpubPattern
    for (const topic of toTopics(prefixes)) pattern.subscribe(topic)
  }

  /**
   * With `manual` or `manualLastValue`: takes `prefixes` from the peer whose subscription or cancellation was received
   * last; without one, the empty one. What it does not have is ignored. Throws EINVAL without these options.
   * (ZMQ_UNSUBSCRIBE, ZMQ_XPUB_MANUAL in zmq_setsockopt(3))
   */
  unsubscribe(...prefixes: (string | Frame)[]): void {
    const { pattern, traffic } = openCore(this, "ENOTSOCK")
    for (const topic of toTopics(prefixes)) (pattern as XpubPattern).unsubscribe(topic)
    // With `noDrop` a message may have waited for that peer.
    traffic.serveSenders()
  }

  /** How many different topics its peers are subscribed to, nested ones counted each. (ZMQ_TOPICS_COUNT, draft) */
  get topicsCount(): number {
    return (openCore(this, "ENOTSOCK").pattern as XpubPattern).topicsCount
  }
}

export interface XPublisher extends Writable, Readable, OptionsOf<"XPUB"> {}

installOptions(XPublisher.prototype, "XPUB")
installReadable(XPublisher.prototype)
installWritable(XPublisher.prototype)
