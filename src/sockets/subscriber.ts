import type { OptionsOf } from "../core/options.js"
import type { Frame } from "../message.js"
import { SubPattern } from "../patterns/sub.js"
import { checkText } from "./numbered-options.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import { toTopics } from "./topics.js"

const SUBSCRIBE = 6
const UNSUBSCRIBE = 7

/**
 * Receives the messages whose first frame begins with a topic that it asked for. See `patterns/sub.ts` for its rules.
 */
export class Subscriber extends Socket {
  constructor(options?: SocketOptions<Subscriber>) {
    super("SUB", (settings) => new SubPattern(settings), options)
  }

  /**
   * Asks for the messages that begin with any of `prefixes`; without one, for all messages. Asking twice needs
   * giving up twice. (ZMQ_SUBSCRIBE)
   */
  subscribe(...prefixes: (string | Frame)[]): void {
    const pattern = openCore(this, "ENOTSOCK").pattern as SubPattern
    for (const topic of toTopics(prefixes)) pattern.subscribe(topic)
  }

  /** Gives up `prefixes`; without one, the empty one. What nobody asked for is ignored. (ZMQ_UNSUBSCRIBE) */
  unsubscribe(...prefixes: (string | Frame)[]): void {
    const pattern = openCore(this, "ENOTSOCK").pattern as SubPattern
    for (const topic of toTopics(prefixes)) pattern.unsubscribe(topic)
  }

  /** How many different topics it has asked for. (ZMQ_TOPICS_COUNT, draft) */
  get topicsCount(): number {
    return (openCore(this, "ENOTSOCK").pattern as SubPattern).topicsCount
  }

  /** As with the other sockets; ZMQ_SUBSCRIBE asks for a prefix and ZMQ_UNSUBSCRIBE gives it up. Throws EINVAL. */
  protected override setStringOption(option: number, value: string | Frame | null): void {
    if (option === SUBSCRIBE) this.subscribe(checkText(value) ?? "")
    else if (option === UNSUBSCRIBE) this.unsubscribe(checkText(value) ?? "")
    else super.setStringOption(option, value)
  }
}

export interface Subscriber extends Readable, OptionsOf<"SUB"> {}

installOptions(Subscriber.prototype, "SUB")
installReadable(Subscriber.prototype)
