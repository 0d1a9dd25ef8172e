import type { Frame } from "../../index.js"
import { encodeFrame } from "../../wire/encoder.js"
import { LONG, LONG_HEADER, MORE } from "../../wire/flags.js"
import { Failure } from "../exit.js"
import type { Format, Splitter } from "./format.js"
import { parseOne } from "./lines.js"

const SHORT_HEADER = 2

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

/** The sizes of the frame that begins there; of a head that is not all there, what it has at least. */
function sizeOfFrame(bytes: Buffer, at: number): { header: number; body: number } {
  const left = bytes.length - at
  if (left === 0) return { header: SHORT_HEADER, body: 0 }
  const flags = bytes[at] as number
  if ((flags & ~(MORE | LONG)) !== 0) {
    throw new Failure(`The input is not made of frames: one has the flags ${flags}.`)
  }
  if ((flags & LONG) === 0)
    return { header: SHORT_HEADER, body: left < SHORT_HEADER ? 0 : (bytes[at + 1] as number) }
  if (left < LONG_HEADER) return { header: LONG_HEADER, body: 0 }
  const body = bytes.readBigUInt64BE(at + 1)
  if (body > BigInt(Number.MAX_SAFE_INTEGER)) throw new Failure(`The input has a frame of ${body} bytes.`)
  return { header: LONG_HEADER, body: Number(body) }
}
