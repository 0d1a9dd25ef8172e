// The ways in which a relay lets bytes through.
import type { Chance } from "../fuzz/chance.js"

/** How a connection is cut: both sides see it end, or that it is not known any more, or it is simply closed. */
export type Ending = "FIN" | "RST" | "close"

export interface Piece {
  readonly bytes: Buffer
  /** Milliseconds from when it came until it goes on, though none overtakes another. */
  readonly latency?: number
  /** Milliseconds until the next piece goes on. */
  readonly pause?: number
}

export interface Manner {
  /** What becomes of a new connection: it is cut after so many bytes, or milliseconds. */
  readonly lot?: () => { readonly bytes: number; readonly life: number; readonly ending: Ending }
  /** How bytes that came in one read go on; undefined: as they came. */
  readonly pieces?: (chunk: Buffer) => readonly Piece[] | undefined
  /** Nothing goes on: what is not read here waits at its sender. */
  readonly holds?: boolean
}

export const clear: Manner = {}

export const standing: Manner = { holds: true }

/** Keeps bytes for up to `most` milliseconds, each read for a time of its own. */
export function delaying(chance: Chance, most: number): Manner {
  return { pieces: (bytes) => [{ bytes, latency: chance.below(most) }] }
}

/** Lets so many bytes through in a second, each way. */
export function narrow(bytesPerSecond: number): Manner {
  return { pieces: (bytes) => [{ bytes, pause: (bytes.length / bytesPerSecond) * 1000 }] }
}

const SPLIT_SIZE = 7
/** Only so much of a read is split finely, else nothing else would be done. */
const SPLIT_BYTES = 2000

/** Lets bytes go on in pieces that end anywhere. */
export function splitting(chance: Chance): Manner {
  return {
    pieces: (chunk) => {
      const pieces: Piece[] = []
      for (let at = 0; at < chunk.length; ) {
        const end = at < SPLIT_BYTES ? at + 1 + chance.below(SPLIT_SIZE) : chunk.length
        pieces.push({ bytes: chunk.subarray(at, end) })
        at = end
      }
      return pieces
    },
  }
}

/** How long a connection may live, and how long a stall may last, in milliseconds. */
const LONGEST_LIFE = 6000
const LONGEST_STALL = 400
const ENDINGS = ["FIN", "RST", "close"] as const
/** Within a handshake, soon, or late. */
const ALLOWANCES = [400, 20_000, 4_000_000, 100_000_000] as const

/** Cuts every connection some time, anywhere, also within a frame; stalls now and then, and splits here and there. */
export function moody(chance: Chance): Manner {
  return {
    // Not after no byte at all, since only a byte that passes leads to a cut.
    lot: () => ({
      bytes: 1 + chance.below(chance.of(ALLOWANCES)),
      life: chance.below(LONGEST_LIFE),
      ending: chance.of(ENDINGS),
    }),
    pieces: (bytes) => {
      const kind = chance.below(100)
      if (kind === 1) return [{ bytes, pause: chance.below(chance.below(8) === 0 ? LONGEST_STALL : 20) }]
      if (kind === 0 || kind > 9) return undefined
      // A piece that is pushed out alone makes the reader see the break.
      const at = chance.below(bytes.length + 1)
      return [{ bytes: bytes.subarray(0, at) }, { bytes: bytes.subarray(at) }]
    },
  }
}
