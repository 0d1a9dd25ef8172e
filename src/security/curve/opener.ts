import { allocate, copyOf } from "../../bytes.js"
import { LimitError, ProtocolError, ZmqError } from "../../errors.js"
import type { Frame } from "../../message.js"
import { COMMAND, LONG, LONG_HEADER, MORE, RESERVED } from "../../wire/flags.js"
import { readLength } from "../../wire/long-header.js"
import { type CryptoBackend, MAC_BYTES, NONCE_BYTES } from "../crypto/backend.js"
import { malformed, unexpected } from "../handshake-command.js"
import type { FrameOpener, OpenedFrame } from "../mechanism.js"
import { cannotOpen } from "./box.js"
import {
  BENCH_AT,
  BOX_AT,
  COUNTER_AT,
  frameFlags,
  headerSize,
  isMessage,
  NAME,
  OVERHEAD,
  SLICE_BYTES,
  writeHeader,
} from "./message.js"
import { type NonceGuard, writePrefix } from "./nonce.js"
import { PartialFrame } from "./partial-frame.js"

/** MESSAGE frames into the frames in them: what one side of a CURVE connection reads. */
export class Opener implements FrameOpener {
  private readonly backend: CryptoBackend
  private key: Uint8Array | undefined
  private readonly prefix: string
  private readonly guard: NonceGuard
  /** The longest body of a MESSAGE frame. */
  private readonly limit: number
  private readonly take: (frames: Uint8Array) => void
  private readonly partial: PartialFrame = new PartialFrame()
  /** The bytes that the slice under hand becomes. */
  private sliceOutput = 0

  constructor(
    backend: CryptoBackend,
    key: Uint8Array,
    prefix: string,
    guard: NonceGuard,
    frameBytes: number,
    take: (frames: Uint8Array) => void,
  ) {
    this.backend = backend
    this.key = key
    this.prefix = prefix
    this.guard = guard
    this.limit = frameBytes + OVERHEAD
    this.take = take
  }

  /** Opens nothing from now on: the key is about to be wiped. */
  close(): void {
    this.key = undefined
  }

  open(bytes: Uint8Array): void {
    if (this.key === undefined) return
    let at = this.partial.length === 0 ? 0 : this.completePartial(bytes, 0)
    while (at < bytes.length && this.key !== undefined) {
      const end = this.findSlice(bytes, at)
      if (end > at) {
        this.openSlice(bytes, at, end)
        at = end
      } else at = this.completePartial(bytes, at)
    }
  }

  openFrame(body: Uint8Array): OpenedFrame {
    const content = this.openBody(body)
    return { flags: frameFlags(content[0] as number), body: copyOf(content.subarray(1)) as Frame }
  }

  /** Gives the frame that has begun, or begins at `at`, what it lacks; the position behind that. */
  private completePartial(bytes: Uint8Array, at: number): number {
    const { partial } = this
    while (at < bytes.length && !partial.hasHeader) at = this.addToPartial(bytes, at)
    if (!partial.hasHeader) return at
    const flags = partial.bytes[0] as number
    // Told by the header, before anything is kept for it.
    checkFlags(flags)
    const size = partial.missing + partial.length - partial.bodyAt
    this.checkSize(size)
    const { missing } = partial
    if (bytes.length - at >= missing && size >= OVERHEAD && partial.length + missing <= SLICE_BYTES) {
      return this.openWithPartial(bytes, at, size)
    }
    if (partial.length === partial.bodyAt && bytes.length - at >= missing) {
      this.openAlone(bytes.subarray(at, at + missing))
      partial.clear()
      return at + missing
    }
    at = this.addToPartial(bytes, at)
    // Nobody is to fill memory with what is no MESSAGE.
    if (partial.length >= partial.bodyAt + NAME.length && !isMessage(partial.bytes, partial.bodyAt)) {
      throw notMessage(partial.bytes[partial.bodyAt], size)
    }
    if (partial.missing === 0) {
      const body = partial.bytes.subarray(partial.bodyAt, partial.length)
      partial.clear()
      this.openAlone(body)
    }
    return at
  }

  /** The frame that came in pieces, and the whole ones behind it. */
  private openWithPartial(bytes: Uint8Array, at: number, size: number): number {
    const { length, missing } = this.partial
    const end = this.findSlice(bytes, at + missing, length + missing, openedSize(size))
    this.openSlice(bytes, at, end)
    return end
  }

  private addToPartial(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.partial.missing)
    this.partial.add(bytes, at, end)
    return end
  }

  /** Where the whole frames from `at` end, as many as are opened at a time; `at` when the first is to be looked at alone. */
  private findSlice(bytes: Uint8Array, at: number, before = 0, outputBefore = 0): number {
    let end = at
    let output = outputBefore
    while (bytes.length - end >= 2) {
      const flags = bytes[end] as number
      if ((flags & ~(LONG | COMMAND)) !== 0) break
      let size = bytes[end + 1] as number
      let header = 2
      if ((flags & LONG) !== 0) {
        if (bytes.length - end < LONG_HEADER) break
        size = readLength(bytes, end + 1)
        header = LONG_HEADER
      }
      const next = end + header + size
      if (next > bytes.length || size < OVERHEAD || size > this.limit) break
      if (before + next - at > SLICE_BYTES) break
      output += openedSize(size)
      end = next
    }
    this.sliceOutput = output
    return end
  }

  /** Opens the frames of a slice, the first bytes of which may have come before. */
  private openSlice(bytes: Uint8Array, from: number, until: number): void {
    const { backend, guard, partial } = this
    const { bench } = backend
    const bytesAt = BENCH_AT + partial.length
    const start = bytesAt + until - from
    const memory = bench.begin(this.key as Uint8Array, start + this.sliceOutput)
    let to = start
    let failure: unknown
    try {
      writePrefix(memory, this.prefix)
      if (partial.length > 0) {
        memory.set(partial.bytes.subarray(0, partial.length), BENCH_AT)
        partial.clear()
      }
      memory.set(from === 0 && until === bytes.length ? bytes : bytes.subarray(from, until), bytesAt)
      for (let at = BENCH_AT; at < start; ) {
        let size = memory[at + 1] as number
        let bodyAt = at + 2
        if (((memory[at] as number) & LONG) !== 0) {
          size = readLength(memory, at + 1)
          bodyAt = at + LONG_HEADER
        }
        if (!isMessage(memory, bodyAt)) throw notMessage(memory[bodyAt], size)
        guard.check(memory, bodyAt + NAME.length)
        for (let index = 0; index < 8; index++) {
          memory[COUNTER_AT + index] = memory[bodyAt + NAME.length + index] as number
        }
        const contentAt = to + headerSize(size - OVERHEAD) - 1
        if (!bench.open(bodyAt + BOX_AT, size - BOX_AT, contentAt)) throw cannotOpen()
        // Where the flags were the header ends.
        to =
          writeHeader(memory, to, frameFlags(memory[contentAt] as number), size - OVERHEAD) + size - OVERHEAD
        at = bodyAt + size
      }
    } catch (error) {
      failure = error
    }
    const output = allocate(to - start)
    output.set(memory.subarray(start, to))
    bench.end()
    // Only now, for whoever takes frames may have others sealed or opened.
    if (output.length > 0) this.take(output)
    if (failure !== undefined) throw failure
  }

  /** A frame that is larger than a slice, or came in pieces. */
  private openAlone(body: Uint8Array): void {
    const content = this.openBody(body)
    const size = content.length - 1
    const header = allocate(headerSize(size))
    writeHeader(header, 0, frameFlags(content[0] as number), size)
    this.take(header)
    // As it is: a large one is copied once more by who takes it.
    if (size > 0) this.take(content.subarray(1))
  }

  /** What is in the box of a MESSAGE: flags and body. */
  private openBody(body: Uint8Array): Uint8Array {
    if (this.key === undefined) throw new ZmqError("EPIPE")
    this.checkSize(body.length)
    if (!isMessage(body, 0)) throw notMessage(body[0], body.length)
    if (body.length < OVERHEAD) throw malformed("MESSAGE", "A MESSAGE is longer.")
    this.guard.check(body, NAME.length)
    const nonce = new Uint8Array(NONCE_BYTES)
    writePrefix(nonce, this.prefix)
    nonce.set(body.subarray(NAME.length, BOX_AT), COUNTER_AT)
    const content = this.backend.open(body.subarray(BOX_AT), nonce, this.key)
    if (content === undefined || content.length + MAC_BYTES + BOX_AT !== body.length) throw cannotOpen()
    return content
  }

  private checkSize(size: number): void {
    if (size <= this.limit) return
    throw new LimitError("EMSGSIZE", { message: `A MESSAGE of ${size} bytes is longer than allowed.` })
  }
}

/** The bytes that a MESSAGE frame becomes whose body has so many. */
function openedSize(size: number): number {
  return headerSize(size - OVERHEAD) + size - OVERHEAD
}

function checkFlags(flags: number): void {
  if ((flags & (RESERVED | MORE)) === 0) return
  throw new ProtocolError("ERR_ZMTP_UNSPECIFIED", "A MESSAGE has flags that it must not have.")
}

function notMessage(nameLength: number | undefined, size: number): ProtocolError {
  if (size <= 1 || size <= (nameLength as number)) {
    return malformed("UNSPECIFIED", "A command's name does not fit its frame.")
  }
  return unexpected("Behind a CURVE handshake there are MESSAGE commands only.")
}
