// Where frames of ZMTP end (RFC 37, section 3.3), for who has their bytes in one piece.

import { LONG, LONG_HEADER } from "../../wire/flags.js"
import { Failure } from "../exit.js"

/** Flags, and a length of one byte. */
export const SHORT_HEADER = 2

/** What the head of a frame says. */
export interface FrameSize {
  /** 0 while they are not there. */
  readonly flags: number
  readonly header: number
  readonly body: number
}

/** The sizes of the frame that begins there; of a head that is not all there, what it has at least. Throws a Failure. */
export function sizeOfFrame(bytes: Buffer, at: number): FrameSize {
  const left = bytes.length - at
  if (left === 0) return { flags: 0, header: SHORT_HEADER, body: 0 }
  const flags = bytes[at] as number
  if ((flags & LONG) === 0) {
    return { flags, header: SHORT_HEADER, body: left < SHORT_HEADER ? 0 : (bytes[at + 1] as number) }
  }
  if (left < LONG_HEADER) return { flags, header: LONG_HEADER, body: 0 }
  const body = bytes.readBigUInt64BE(at + 1)
  if (body > BigInt(Number.MAX_SAFE_INTEGER)) throw new Failure(`There is a frame of ${body} bytes.`)
  return { flags, header: LONG_HEADER, body: Number(body) }
}
