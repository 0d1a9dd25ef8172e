// The header of a frame that is longer than 255 bytes: flags, and a length of eight bytes.

import { LONG } from "./flags.js"

/** Flags and LONG, and the length in eight bytes. */
export function writeLongHeader(target: Uint8Array, at: number, flags: number, size: number): void {
  target[at] = flags | LONG
  const high = Math.floor(size / 0x1_0000_0000)
  target[at + 1] = 0
  target[at + 2] = (high >>> 16) & 0xff
  target[at + 3] = (high >>> 8) & 0xff
  target[at + 4] = high & 0xff
  target[at + 5] = (size >>> 24) & 0xff
  target[at + 6] = (size >>> 16) & 0xff
  target[at + 7] = (size >>> 8) & 0xff
  target[at + 8] = size & 0xff
}

/** Reads a length of eight bytes; beyond 2^53 it is not exact. */
export function readLength(bytes: Uint8Array, at: number): number {
  const high =
    (bytes[at] as number) * 0x100_0000 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
  const low =
    (bytes[at + 4] as number) * 0x100_0000 +
    (((bytes[at + 5] as number) << 16) | ((bytes[at + 6] as number) << 8) | (bytes[at + 7] as number))
  return high * 0x1_0000_0000 + low
}
