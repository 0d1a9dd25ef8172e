import type { OptionsOf } from "../core/options.js"
import { PubPattern } from "../patterns/pub.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Sends each message to the subscribers that asked for its topic, the beginning of its first frame. See
 * `patterns/pub.ts` for its rules.
 */
export class Publisher extends Socket {
  constructor(options?: SocketOptions<Publisher>) {
    super("PUB", (settings) => new PubPattern(settings), options)
  }

  /** How many different topics the connected subscribers have, nested ones counted each. (ZMQ_TOPICS_COUNT, draft) */
  get topicsCount(): number {
    return (openCore(this, "ENOTSOCK").pattern as PubPattern).topicsCount
  }
}

export interface Publisher extends Writable, OptionsOf<"PUB"> {}

installOptions(Publisher.prototype, "PUB")
installWritable(Publisher.prototype)
