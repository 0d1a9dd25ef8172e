import { allocate } from "../bytes.js"
import type { Frame } from "../message.js"

/** A body is never given more than this much memory before it has filled it. */
export const FIRST_BODY_BYTES = 1_048_576
/** Nor more than this by a peer that has not sent one of that size before. */
export const STRANGERS_BODY_BYTES = 65_536

/** The body of a frame that did not fit in its chunk: it is read into memory of its own. */
export class LargeBody {
  readonly size: number
  readonly flags: number
  private memory: Frame
  private filled: number

  /** Of `size` bytes `start` is there. The peer has sent as many as `largest` in one body before. */
  constructor(size: number, flags: number, start: Uint8Array, largest: number) {
    this.size = size
    this.flags = flags
    const trusted = Math.min(largest, FIRST_BODY_BYTES)
    this.memory = allocate(Math.min(size, Math.max(trusted, start.length)))
    this.memory.set(start)
    this.filled = start.length
  }

  /** Where its next bytes go. Grows by doubling: memory follows the bytes that came, never the length that was announced. */
  space(): Uint8Array {
    const { filled, memory } = this
    if (filled < memory.length) return memory.subarray(filled)
    const larger = allocate(Math.min(this.size, memory.length * 2))
    larger.set(memory)
    this.memory = larger
    return larger.subarray(filled)
  }

  /** Takes the `count` bytes that were put at the start of {@link space}; the body once it is there whole. */
  advance(count: number): Frame | undefined {
    this.filled += count
    return this.filled < this.size ? undefined : this.memory
  }
}
