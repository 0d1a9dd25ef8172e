import type { Frame } from "../../index.js"
import { encodeFrame } from "../../wire/encoder.js"
import { LONG, MORE } from "../../wire/flags.js"
import { Failure } from "../exit.js"
import type { Format, Splitter } from "./format.js"
import { SHORT_HEADER, sizeOfFrame } from "./frame-size.js"
import { parseOne } from "./lines.js"

/**
 * Frames as ZMTP has them on the wire (RFC 37, section 3.3): a byte of flags (1: more frames follow, 2: the length is
 * long), the length in 1 byte or 8 big-endian ones, then the bytes.
 */
export const rawFormat: Format = {
  encode: (message) =>
    Buffer.concat(message.map((frame, index) => encodeFrame(frame, index < message.length - 1 ? MORE : 0))),
  parse: (bytes) => parseOne(new RawSplitter(), bytes),
  createSplitter: () => new RawSplitter(),
}

class RawSplitter implements Splitter {
  private pieces: Buffer[] = []
  private held = 0
  /** How many bytes the next step takes: pieces are joined no sooner. */
  private needed = SHORT_HEADER
  private frames: Frame[] = []

  push(bytes: Buffer): Frame[][] {
    this.pieces.push(bytes)
    this.held += bytes.length
    if (this.held < this.needed) return []
    const all = this.pieces.length === 1 ? bytes : Buffer.concat(this.pieces)
    const messages: Frame[][] = []
    let at = 0
    for (;;) {
      const size = sizeOfFrame(all, at)
      checkFlags(size.flags)
      this.needed = size.header + size.body
      const end = at + this.needed
      if (end > all.length) break
      this.frames.push(all.subarray(at + size.header, end))
      if (((all[at] as number) & MORE) === 0) {
        messages.push(this.frames)
        this.frames = []
      }
      at = end
    }
    this.pieces = at === all.length ? [] : [all.subarray(at)]
    this.held = all.length - at
    return messages
  }

  end(): Frame[][] {
    if (this.held > 0 || this.frames.length > 0) throw new Failure("The input ends within a message.")
    return []
  }
}

function checkFlags(flags: number): void {
  if ((flags & ~(MORE | LONG)) === 0) return
  throw new Failure(`The input is not made of frames: one has the flags ${flags}.`)
}
