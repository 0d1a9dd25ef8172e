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
    const more = ((this.bytes[this.at] as number) & MORE) !== 0
    const frame = this.takeFrame()
    return more ? this.takeRest(frame) : [frame]
  }

  private takeRest(first: Frame): Message {
    const message = [first]
    let more = true
    while (more) {
      more = ((this.bytes[this.at] as number) & MORE) !== 0
      message.push(this.takeFrame())
    }
    return message
  }

  private takeFrame(): Frame {
    const { bytes, at } = this
    let size = bytes[at + 1] as number
    let bodyAt = at + 2
    if (((bytes[at] as number) & LONG) !== 0) {
      bodyAt = at + LONG_HEADER
      // What stands whole in a chunk is shorter than 2^24 bytes.
      size =
        ((bytes[bodyAt - 3] as number) << 16) |
        ((bytes[bodyAt - 2] as number) << 8) |
        (bytes[bodyAt - 1] as number)
    }
    this.at = bodyAt + size
    return viewOf(this.memory, this.offset + bodyAt, size)
  }
}
