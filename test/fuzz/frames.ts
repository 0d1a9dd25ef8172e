import assert from "node:assert/strict"
import { LONG } from "../wire/zmtp-bytes.js"

/** One frame of ZMTP, taken apart. */
export interface FrameParts {
  readonly flags: number
  readonly body: Buffer
}

/** What frames have in them; they are whole. */
export function framesOf(bytes: Buffer): FrameParts[] {
  const frames: FrameParts[] = []
  let at = 0
  while (at < bytes.length) {
    const flags = bytes.readUInt8(at)
    const isLong = (flags & LONG) !== 0
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 1)) : bytes.readUInt8(at + 1)
    const bodyAt = at + (isLong ? 9 : 2)
    at = bodyAt + size
    frames.push({ flags, body: bytes.subarray(bodyAt, at) })
  }
  assert.equal(at, bytes.length, "a frame was cut")
  return frames
}
