// Byte streams that a hostile or broken peer might send, the same ones for the same seed.
import type { Chance } from "./chance.js"

const COMMAND_BODIES = [
  Buffer.from("\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB\x08Identity\x00\x00\x00\x00", "latin1"),
  Buffer.from("\x04PING\x01\x2cctx", "latin1"),
  Buffer.from("\x04PONGctx", "latin1"),
  Buffer.from("\x05ERROR\x03400", "latin1"),
  Buffer.from("\x09SUBSCRIBEtopic", "latin1"),
  Buffer.from("\x06CANCELtopic", "latin1"),
]

/** Well-formed frames, nonsense, or well-formed frames with a few injuries. */
export function nextStream(chance: Chance): Buffer {
  const kind = chance.below(8)
  if (kind === 0) return noise(chance, chance.below(200))
  const stream = wellFormed(chance)
  return kind === 1 ? stream : injure(chance, stream)
}

export function noise(chance: Chance, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  for (let at = 0; at < size; at++) bytes[at] = chance.below(256)
  return bytes
}

/** Messages and commands, some of them of kilobytes. */
export function wellFormed(chance: Chance): Buffer {
  const parts: Buffer[] = []
  for (let count = 1 + chance.below(6); count > 0; count--) {
    const isCommand = chance.below(4) === 0
    const size = chance.below(16) === 0 ? chance.below(6000) : chance.below(40)
    const body = isCommand
      ? (COMMAND_BODIES[chance.below(COMMAND_BODIES.length)] as Buffer)
      : Buffer.alloc(size, chance.below(256))
    const isLong = body.length > 255 || chance.below(8) === 0
    const header = Buffer.alloc(isLong ? 9 : 2)
    header[0] = (isCommand ? 4 : chance.below(2)) | (isLong ? 2 : 0)
    if (isLong) header.writeUInt32BE(body.length, 5)
    else header[1] = body.length
    parts.push(header, body)
  }
  return Buffer.concat(parts)
}

/** The stream with up to four bytes or runs changed, cut out or put in. */
export function injure(chance: Chance, stream: Buffer): Buffer {
  let injured = stream
  for (let count = 1 + chance.below(4); count > 0 && injured.length > 0; count--) {
    const at = chance.below(injured.length)
    const before = injured.subarray(0, at)
    switch (chance.below(5)) {
      case 0:
        injured[at] = (injured[at] as number) ^ (1 << chance.below(8))
        break
      case 1:
        injured[at] = chance.below(256)
        break
      case 2:
        injured = Buffer.from(before)
        break
      case 3:
        injured = Buffer.concat([before, injured.subarray(at + 1 + chance.below(12))])
        break
      default:
        injured = Buffer.concat([before, noise(chance, 1 + chance.below(12)), injured.subarray(at)])
    }
  }
  return injured
}
