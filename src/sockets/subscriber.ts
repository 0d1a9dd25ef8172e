import { toFrame } from "../message.js"
import { SubPattern } from "../patterns/sub.js"
import { installReadable, type Readable } from "./readable.js"
import { installOptions, type OptionsOf, openCore, Socket, type SocketOptions } from "./socket.js"

/** Receives the messages whose first frame begins with a topic that it asked for. See `patterns/sub.ts` for its rules. */
export class Subscriber extends Socket {
  constructor(options?: SocketOptions<Subscriber>) {
    super("SUB", () => new SubPattern(), options)
  }

  /**
   * Asks for the messages that begin with any of `prefixes`; without one, for all messages. Asking twice needs
   * giving up twice. (ZMQ_SUBSCRIBE)
   */
  subscribe(...prefixes: (string | Buffer)[]): void {
    const pattern = openCore(this).pattern as SubPattern
    for (const prefix of prefixes.length === 0 ? [""] : prefixes)
      pattern.subscribe(toFrame(checkPrefix(prefix)))
  }

  /** Gives up `prefixes`; without one, the empty one. What nobody asked for is ignored. (ZMQ_UNSUBSCRIBE) */
  unsubscribe(...prefixes: (string | Buffer)[]): void {
    const pattern = openCore(this).pattern as SubPattern
    for (const prefix of prefixes.length === 0 ? [""] : prefixes)
      pattern.unsubscribe(toFrame(checkPrefix(prefix)))
  }
}

export interface Subscriber extends Readable, OptionsOf<"SUB"> {}

installOptions(Subscriber.prototype, "SUB")
installReadable(Subscriber.prototype)

function checkPrefix(prefix: unknown): string | Buffer {
  if (typeof prefix === "string" || ArrayBuffer.isView(prefix)) return prefix as string | Buffer
  throw new TypeError("Topic must be a string or buffer")
}
