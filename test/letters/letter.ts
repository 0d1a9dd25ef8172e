// Messages that can be checked by whoever gets them, wherever they come from.
import { crc32 } from "node:zlib"
import type { Chance } from "../fuzz/chance.js"
import { noise } from "../fuzz/streams.js"

/** A checked message. */
export interface Letter {
  readonly sender: number
  readonly sequence: number
  /** How many bytes its sender sent before it: so a gap can be told in bytes. */
  readonly bytesBefore: number
  readonly bytes: number
  /** What its sender had queued is lost with a connection; else only what was on its way. */
  readonly queueIsLost: boolean
  readonly parts: readonly Buffer[]
}

const HEADER_SIZE = 23
const CHECKSUM_AT = 19
const MOST_PARTS = 6
/** The largest letter, roughly. */
export const LARGEST_LETTER = 600_000

/** The parts are views on this: making fresh noise for each would be all that the machine does. */
const material = (chance: Chance): Buffer => noise(chance, LARGEST_LETTER)

/** Writes the letters of one sender. */
export class Author {
  readonly sender: number
  sequence = 0
  private readonly queueIsLost: boolean
  private bytes = 0
  private readonly chance: Chance
  private readonly material: Buffer

  constructor(sender: number, queueIsLost: boolean, desk: Desk) {
    this.sender = sender
    this.queueIsLost = queueIsLost
    this.chance = desk.chance
    this.material = desk.material
  }

  next(): Buffer[] {
    const { chance } = this
    const count = chance.below(3) === 0 ? 1 + chance.below(MOST_PARTS) : 1
    const parts = Array.from({ length: count }, () => this.part())
    const header = Buffer.alloc(HEADER_SIZE)
    header.writeUInt32BE(this.sender, 0)
    header.writeUInt32BE(++this.sequence, 4)
    header.writeDoubleBE(this.bytes, 8)
    header.writeUInt16BE(count, 16)
    header.writeUInt8(Number(this.queueIsLost), 18)
    header.writeUInt32BE(checksum(header, parts), CHECKSUM_AT)
    this.bytes += sizeOf(parts)
    return [header, ...parts]
  }

  private part(): Buffer {
    const { chance, material } = this
    const kind = chance.below(200)
    const size =
      kind < 130
        ? chance.below(300)
        : kind < 180
          ? chance.below(5000)
          : kind < 198
            ? chance.below(70_000)
            : chance.below(LARGEST_LETTER / MOST_PARTS)
    const at = chance.below(material.length - size)
    return material.subarray(at, at + size)
  }
}

/** What the authors of one process share. */
export interface Desk {
  readonly chance: Chance
  readonly material: Buffer
}

export function openDesk(chance: Chance): Desk {
  return { chance, material: material(chance) }
}

/** The letter in a message; throws when it is not exactly what its author wrote. */
export function readLetter(frames: readonly Buffer[]): Letter {
  const [header, ...parts] = frames
  if (header?.length !== HEADER_SIZE)
    throw new Error(`A message begins with ${describe(header)}, not a header`)
  const count = header.readUInt16BE(16)
  if (count !== parts.length) throw new Error(`A message of ${count} parts came with ${parts.length}`)
  if (header.readUInt32BE(CHECKSUM_AT) !== checksum(header, parts)) {
    throw new Error(`A message's checksum is wrong: ${frames.map(describe).join(", ")}`)
  }
  return {
    sender: header.readUInt32BE(0),
    sequence: header.readUInt32BE(4),
    bytesBefore: header.readDoubleBE(8),
    bytes: sizeOf(parts),
    queueIsLost: header.readUInt8(18) === 1,
    parts,
  }
}

function checksum(header: Buffer, parts: readonly Buffer[]): number {
  const lengths = Uint32Array.from(parts, (part) => part.length)
  let sum = crc32(lengths, crc32(header.subarray(0, CHECKSUM_AT)))
  // An empty frame of zeromq.js has no memory, for which zlib begins anew.
  for (const part of parts) if (part.length > 0) sum = crc32(part, sum)
  return sum
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((total, part) => total + part.length, HEADER_SIZE)
}

function describe(frame: Buffer | undefined): string {
  return frame === undefined ? "nothing" : `${frame.length} bytes ${frame.subarray(0, 24).toString("hex")}`
}
