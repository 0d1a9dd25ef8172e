// The frames of ZMTP 1.0 (RFC 13) into those of 2.0 and later (RFC 37), and back.
//
//   1.0   length (1), or FF length (8) | flags: 1 MORE | body     the length counts the flags too
//   2.0   flags: 1 MORE, 2 LONG | length (1), or (8) | body
//
// Both go from stream to stream, whatever the splits: no frame is ever held, so nobody can make them grow.

import { viewOf } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import { LONG, LONG_HEADER, MORE, SHORT_MAX } from "./flags.js"

/** `FF`, a length of eight bytes, flags. */
const LONGEST_HEADER = 10
/** From this length on it takes nine bytes. */
const FIRST_LONG = 255
const ESCAPE = 0xff
/** A larger body is passed on as it stands; up to here a copy is cheaper than another chunk to write. */
const PASSED_OVER = 16_384
/** How much is allocated at once for what is copied. */
const LARGEST_PIECE = 65_536

/**
 * Frames of ZMTP 1.0 in, frames of 2.0 out. Garbage makes the call after the one that took it throw a ProtocolError:
 * what stood before it is good. Then it is of no further use.
 */
export class FromVersion1 {
  private readonly header: Uint8Array = new Uint8Array(LONGEST_HEADER)
  private headerFilled = 0
  private readonly out: Uint8Array = new Uint8Array(LONG_HEADER)
  private outAt = 0
  private outSize = 0
  /** What is left of the frame's body. */
  private body = 0
  private failure: ProtocolError | undefined

  /** A header waits for room, or an error for its turn: the next call needs no input. */
  get owes(): boolean {
    return this.outAt < this.outSize || this.failure !== undefined
  }

  /** Takes as much of `input` as `output` has room for, and tells in `taken` and `made` how much that was. */
  transcode(input: Uint8Array, output: Uint8Array): { taken: number; made: number } {
    if (this.failure !== undefined) throw this.failure
    let taken = 0
    let made = 0
    for (;;) {
      while (this.outAt < this.outSize && made < output.length)
        output[made++] = this.out[this.outAt++] as number
      if (this.owes) break
      const count = Math.min(this.body, input.length - taken, output.length - made)
      if (count > 0) {
        output.set(input.subarray(taken, taken + count), made)
        this.body -= count
        taken += count
        made += count
      }
      if (this.body > 0 || taken === input.length) break
      this.takeHeader(input[taken++] as number)
    }
    return { taken, made }
  }

  private takeHeader(byte: number): void {
    const { header } = this
    header[this.headerFilled++] = byte
    if (header[0] === 0) this.failure = malformed("A frame has no length.")
    if (this.headerFilled < (header[0] === ESCAPE ? LONGEST_HEADER : 2)) return
    this.headerFilled = 0
    if (header[0] === ESCAPE) this.startLong()
    else this.start(header[0] as number, byte)
  }

  private startLong(): void {
    const view = new DataView(this.header.buffer)
    const length = view.getUint32(1) * 0x1_0000_0000 + view.getUint32(5)
    // Beyond that numbers are no longer exact.
    if (length === 0 || length > Number.MAX_SAFE_INTEGER) {
      this.failure = malformed(`A frame has the length ${length}.`)
    } else this.start(length, this.header[9] as number)
  }

  private start(length: number, flags: number): void {
    const { out } = this
    const size = length - 1
    this.body = size
    this.outAt = 0
    // libzmq 2 leaves marks in the other bits.
    out[0] = flags & MORE
    if (size <= SHORT_MAX) {
      out[1] = size
      this.outSize = 2
    } else {
      out[0] |= LONG
      const view = new DataView(out.buffer)
      view.setUint32(1, Math.floor(size / 0x1_0000_0000))
      view.setUint32(5, size >>> 0)
      this.outSize = LONG_HEADER
    }
  }
}

/** Frames of ZMTP 2.0 in, which are our own, and frames of 1.0 out. */
export class ToVersion1 {
  /** Bytes that are no frames and stay as they are. */
  private verbatim: number
  private readonly header: Uint8Array = new Uint8Array(LONG_HEADER)
  private headerFilled = 0
  private body = 0
  private chunks: Uint8Array[] = []
  /** Bytes of the input that have not been looked at. */
  private left = 0
  private piece: Uint8Array = NO_BYTES
  private pieceStart = 0
  private pieceEnd = 0

  /** The first `verbatim` bytes are passed on as they are. */
  constructor(verbatim: number) {
    this.verbatim = verbatim
  }

  /** Takes all of `chunks`; what comes out shares memory with their large bodies. */
  transcode(chunks: readonly Uint8Array[]): Uint8Array[] {
    for (const chunk of chunks) this.left += chunk.length
    for (const chunk of chunks) this.take(chunk)
    this.seal()
    const made = this.chunks
    this.chunks = []
    this.piece = NO_BYTES
    this.pieceStart = 0
    this.pieceEnd = 0
    return made
  }

  private take(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const asItIs = Math.min(chunk.length - at, this.verbatim > 0 ? this.verbatim : this.body)
      if (asItIs > 0) {
        if (this.verbatim > 0) this.verbatim -= asItIs
        else this.body -= asItIs
        this.pass(chunk.subarray(at, at + asItIs))
        at += asItIs
        this.left -= asItIs
      } else {
        this.takeHeader(chunk[at++] as number)
        this.left--
      }
    }
  }

  private takeHeader(byte: number): void {
    const { header } = this
    header[this.headerFilled++] = byte
    const isLong = ((header[0] as number) & LONG) !== 0
    if (this.headerFilled < (isLong ? LONG_HEADER : 2)) return
    this.headerFilled = 0
    const view = new DataView(header.buffer)
    this.body = isLong ? view.getUint32(1) * 0x1_0000_0000 + view.getUint32(5) : byte
    this.reserve(LONGEST_HEADER)
    this.putHeader(this.body + 1, (header[0] as number) & MORE)
  }

  private putHeader(length: number, flags: number): void {
    const { piece } = this
    if (length < FIRST_LONG) piece[this.pieceEnd++] = length
    else {
      piece[this.pieceEnd++] = ESCAPE
      const view = new DataView(piece.buffer, piece.byteOffset)
      view.setUint32(this.pieceEnd, Math.floor(length / 0x1_0000_0000))
      view.setUint32(this.pieceEnd + 4, length >>> 0)
      this.pieceEnd += 8
    }
    piece[this.pieceEnd++] = flags
  }

  private pass(bytes: Uint8Array): void {
    if (bytes.length > PASSED_OVER) {
      this.seal()
      this.chunks.push(bytes)
      return
    }
    this.reserve(bytes.length)
    this.piece.set(bytes, this.pieceEnd)
    this.pieceEnd += bytes.length
  }

  /** Makes room for so many bytes, and for what follows them. */
  private reserve(count: number): void {
    if (this.pieceEnd + count <= this.piece.length) return
    this.seal()
    this.piece = new Uint8Array(Math.max(count, Math.min(this.left + LONGEST_HEADER, LARGEST_PIECE)))
    this.pieceStart = 0
    this.pieceEnd = 0
  }

  private seal(): void {
    const { piece, pieceStart: start, pieceEnd: end } = this
    if (end === start) return
    this.chunks.push(viewOf(piece.buffer, piece.byteOffset + start, end - start))
    this.pieceStart = end
  }
}

const NO_BYTES = new Uint8Array(0)

function malformed(message: string): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", message)
}
