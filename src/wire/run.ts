import { viewOf } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { LONG, LONG_HEADER, MORE } from "./flags.js"

/**
 * Whole messages in a row, still as they came. Each becomes an object when it is taken and not before: objects
 * that are made by the thousand when their bytes come in have to be queued, and outlive a collection or two.
 */
export class Run {
  /** The messages that have not been taken. */
  length: number
  private readonly bytes: Uint8Array
  // Asking the view for it is a call into the runtime.
  private readonly memory: ArrayBufferLike
  private readonly offset: number
  private at: number

  /** The caller has seen that `count` messages of legal frames begin at `at`. */
  constructor(bytes: Uint8Array, at: number, count: number) {
    this.bytes = bytes
    this.memory = bytes.buffer
    this.offset = bytes.byteOffset
    this.at = at
    this.length = count
  }

  /** The next message. Not to be called when {@link length} is 0. */
  take(): Message {
    this.length--
    const { bytes, at } = this
    if (bytes[at] !== 0) return this.takeAny()
    // One short frame: nearly every message.
    const size = bytes[at + 1] as number
    this.at = at + 2 + size
    return [viewOf(this.memory, this.offset + at + 2, size)]
  }

  private takeAny(): Message {
    const { bytes } = this
    const message: Message = []
    for (let more = true; more; ) {
      const flags = bytes[this.at] as number
      more = (flags & MORE) !== 0
      message.push((flags & LONG) === 0 ? this.takeShort() : this.takeLong())
    }
    return message
  }

  private takeShort(): Frame {
    return this.takeBody(this.at + 2, this.bytes[this.at + 1] as number)
  }

  private takeLong(): Frame {
    const { bytes } = this
    const bodyAt = this.at + LONG_HEADER
    // What stands whole in a chunk is shorter than 2^24 bytes.
    const size =
      ((bytes[bodyAt - 3] as number) << 16) |
      ((bytes[bodyAt - 2] as number) << 8) |
      (bytes[bodyAt - 1] as number)
    return this.takeBody(bodyAt, size)
  }

  private takeBody(bodyAt: number, size: number): Frame {
    this.at = bodyAt + size
    return viewOf(this.memory, this.offset + bodyAt, size)
  }
}
