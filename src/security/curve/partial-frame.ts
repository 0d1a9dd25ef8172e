import { allocate } from "../../bytes.js"
import { LONG, LONG_HEADER } from "../../wire/flags.js"
import { readLength } from "../../wire/long-header.js"

/** Less than that is not asked for. */
const SMALLEST = 256

/** The first bytes of a frame whose last ones have not come. Their memory grows with them, by doubling. */
export class PartialFrame {
  /** How many bytes there are. */
  length = 0
  /** The memory that they stand in. */
  bytes: Uint8Array = NOTHING

  /** How many bytes are still to come, of the header if that is not whole, else of the frame. */
  get missing(): number {
    const { bytes, length } = this
    if (length < 2) return 2 - length
    if (((bytes[0] as number) & LONG) === 0) return 2 + (bytes[1] as number) - length
    if (length < LONG_HEADER) return LONG_HEADER - length
    return LONG_HEADER + readLength(bytes, 1) - length
  }

  /** Where the body begins, or will begin; only once there are two bytes. */
  get bodyAt(): number {
    return ((this.bytes[0] as number) & LONG) === 0 ? 2 : LONG_HEADER
  }

  /** Whether flags and length are there. */
  get hasHeader(): boolean {
    return this.length >= 2 && this.length >= this.bodyAt
  }

  add(source: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from
    if (length > this.bytes.length) {
      let size = Math.max(SMALLEST, this.bytes.length)
      while (size < length) size *= 2
      // The last step ends with the frame.
      if (this.hasHeader) size = Math.min(size, this.length + this.missing)
      const larger = allocate(size)
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
    }
    this.bytes.set(source.subarray(from, to), this.length)
    this.length = length
  }

  /** Forgets the frame, and large memory with it. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > SMALLEST) this.bytes = NOTHING
  }
}

const NOTHING = new Uint8Array(0)
