// The frames of ZMTP 2.0 to 3.1 (RFC 37, section 3.3) into messages and commands.
//
// Bytes are read in place: the connection reads into `space()` and reports with `advance()`, and the frames that
// come out are views on that memory. So nothing is concatenated and, but for a frame's first bytes that were left
// at the end of a chunk, nothing is copied.

import { allocateChunk, copyOf, EMPTY, viewOf } from "../bytes.js"
import { LimitError, ProtocolError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import { ChunkPlan, LARGE_FRAME, LARGEST_CHUNK } from "./chunk-plan.js"
import { COMMAND, LONG, LONG_HEADER, MORE, RESERVED } from "./flags.js"
import { LargeBody, STRANGERS_BODY_BYTES } from "./large-body.js"
import { readLength } from "./long-header.js"
import { Run } from "./run.js"

/** With less room than this in the chunk, a read would be mostly overhead. */
const SHORTEST_READ = 1024

/** Where decoded messages and commands go. */
export interface DecoderSink {
  /** Whether {@link run} may be called; else messages come one by one. */
  readonly takesRuns: boolean
  /** Several whole messages, all that one read completed. False: as for a message. */
  run(run: Run): boolean
  /** One whole message. False: no more for now, until {@link Decoder.resume} is called. */
  message(message: Message): boolean
  /** The body of a command. False: as for a message. */
  command(body: Frame): boolean
}

/** What a peer may send at most; beyond it the connection ends. */
export interface DecoderLimits {
  /** Bytes in one frame; Infinity for no limit. */
  readonly frameBytes: number
  /** Frames in one message. */
  readonly messageFrames: number
  /** Bytes in one message. */
  readonly messageBytes: number
}

/** Reads any split of the bytes. Throws a ProtocolError on garbage, a LimitError; it is of no further use then. */
export class Decoder {
  /** Whether the sink has said "no more" and bytes may be left undecoded. */
  halted = false
  /** No message of several frames may come yet: its first ones would wait here and be part of what is said later. */
  refusesParts = false

  private readonly sink: DecoderSink
  private limits: DecoderLimits
  private frameLimit: number
  /** Bytes that the next frame may have: less, where it belongs to a message that is not complete. */
  private room: number
  private chunk: Uint8Array = EMPTY
  // Asking the view for them is a call into the runtime.
  private memory: ArrayBufferLike = EMPTY.buffer
  private memoryOffset = 0
  private readonly plan: ChunkPlan = new ChunkPlan()
  private readAt = 0
  private filledTo = 0
  /** The chunk was made for large frames: small ones that are in it are copied. */
  private spacious = false
  private parts: Message = []
  private partBytes = 0
  /** Of the parts so many have no chunk to keep alive. */
  private ownParts = 0

  /** The next frame ends beyond the chunk; what of its body is there begins at `bodyAt`. */
  private outgrown = false
  private bodyAt = 0
  private bodyFlags = 0
  private bodySize = 0
  /** The body that is being read into memory of its own. */
  private body: LargeBody | undefined
  /** How large a body this peer has sent already. */
  private largestBody = STRANGERS_BODY_BYTES

  constructor(sink: DecoderSink, limits: DecoderLimits) {
    this.sink = sink
    this.limits = limits
    this.frameLimit = Math.min(limits.frameBytes, limits.messageBytes)
    this.room = this.frameLimit
  }

  /** Other limits from the next frame on, which is of another kind than those before. */
  setLimits(limits: DecoderLimits): void {
    this.plan.forget()
    this.limits = limits
    this.frameLimit = Math.min(limits.frameBytes, limits.messageBytes)
    this.room = this.frameLimit
  }

  /**
   * Where the connection may put the next bytes; valid until the next {@link advance}, whatever is called between.
   * Never empty.
   */
  space(): Uint8Array {
    // Only here may reading move on to other memory: elsewhere a connection may hold what it was given before.
    if (this.outgrown) this.startBody()
    if (this.body !== undefined) return this.body.space()
    // A chunk that is cut to size is filled to the last byte.
    if (this.chunk.length - this.filledTo < (this.spacious ? 1 : SHORTEST_READ)) this.renewChunk()
    return this.filledTo === 0 ? this.chunk : this.chunk.subarray(this.filledTo)
  }

  /** Decodes the `count` bytes that were put at the start of {@link space}. */
  advance(count: number): void {
    if (this.body !== undefined) {
      this.advanceBody(this.body, count)
      return
    }
    this.filledTo += count
    // A read that filled what it was given had more to bring: the next chunk is larger.
    if (this.filledTo === this.chunk.length) this.plan.grow()
    if (!this.halted) this.decode()
  }

  /** Copies in bytes that stand elsewhere: for connections that bring memory of their own. */
  feed(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      const space = this.space()
      const count = Math.min(space.length, bytes.length - at)
      space.set(bytes.subarray(at, at + count))
      this.advance(count)
      at += count
    }
  }

  /** Goes on after the sink said "no more". Not to be called from within the sink. */
  resume(): void {
    this.halted = false
    this.decode()
  }

  /** Takes `count` bytes out before any frame: the greeting. Undefined until they are all there. */
  takeRaw(count: number): Uint8Array | undefined {
    if (this.filledTo - this.readAt < count) return undefined
    this.readAt += count
    return this.chunk.subarray(this.readAt - count, this.readAt)
  }

  /** The bytes that are there and not decoded. */
  peekRaw(): Uint8Array {
    return this.chunk.subarray(this.readAt, this.filledTo)
  }

  /** Whether what was read ends within a frame that {@link takeRaw} would not have whole. */
  get insideLargeFrame(): boolean {
    return this.outgrown || this.body !== undefined
  }

  private decode(): void {
    this.outgrown = false
    while (!this.halted && this.filledTo - this.readAt >= 2) {
      if (this.sink.takesRuns && !this.spacious && this.parts.length === 0 && this.emitRun()) continue
      if (!this.decodeFrame()) return
    }
  }

  /** Passes on the whole messages that stand next, if there are two or more. */
  private emitRun(): boolean {
    const { chunk, filledTo, frameLimit, readAt } = this
    let count = 0
    let end = readAt
    let at = readAt
    let frames = 0
    while (filledTo - at >= 2) {
      const flags = chunk[at] as number
      // Whatever is no plain frame of a legal length is left to decodeFrame, which knows what is wrong with it.
      if (flags > (LONG | MORE)) break
      let size = chunk[at + 1] as number
      let bodyAt = at + 2
      if ((flags & LONG) !== 0) {
        if (filledTo - at < LONG_HEADER) break
        size = readLength(chunk, at + 1)
        bodyAt = at + LONG_HEADER
      }
      const bodyEnd = bodyAt + size
      if (bodyEnd > filledTo || size > frameLimit) break
      at = bodyEnd
      if ((flags & MORE) !== 0) {
        frames++
        continue
      }
      if (frames > 0 && !this.allows(frames + 1, at - end)) break
      frames = 0
      count++
      end = at
    }
    if (count < 2) return false
    this.readAt = end
    this.halted = !this.sink.run(new Run(chunk, readAt, count))
    return true
  }

  /** Whether a message of so many frames, and of no more bytes than that, is within the limits. */
  private allows(frames: number, bytes: number): boolean {
    return frames <= this.limits.messageFrames && bytes <= this.limits.messageBytes
  }

  /** Passes on the frame that stands next; false when it is not there yet. */
  private decodeFrame(): boolean {
    const { chunk, filledTo, readAt: at } = this
    const flags = chunk[at] as number
    if ((flags & RESERVED) !== 0) throw malformed("A frame has flags that ZMTP 3.1 does not define.")
    let size = chunk[at + 1] as number
    let bodyAt = at + 2
    if ((flags & LONG) !== 0) {
      if (filledTo - at < LONG_HEADER) return false
      size = readLength(chunk, at + 1)
      bodyAt = at + LONG_HEADER
    }
    if (size > this.room) throw tooMuch(`A frame of ${size} bytes is longer than allowed.`)
    const bodyEnd = bodyAt + size
    if (bodyEnd > filledTo) {
      this.outgrown = bodyEnd > chunk.length
      this.bodyAt = bodyAt
      this.bodyFlags = flags
      this.bodySize = size
      return false
    }
    this.readAt = bodyEnd
    this.plan.saw(size)
    const frame = viewOf(this.memory, this.memoryOffset + bodyAt, size)
    const kept = this.spacious && size < LARGE_FRAME ? copyOf(frame) : frame
    this.halted = !this.emit(kept, flags)
    return true
  }

  private emit(frame: Frame, flags: number): boolean {
    // Nearly every message is one frame that is no command.
    if ((flags & (COMMAND | MORE)) === 0 && this.parts.length === 0) return this.sink.message([frame])
    if ((flags & COMMAND) !== 0) {
      if ((flags & MORE) !== 0) throw malformed("A command has the MORE flag.")
      if (this.parts.length > this.ownParts) this.copyParts()
      return this.sink.command(frame)
    }
    const { parts, limits } = this
    if (parts.length >= limits.messageFrames) throw tooMuch("A message has more frames than allowed.")
    if (this.refusesParts) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message of several frames came too early.")
    }
    parts.push(frame)
    if ((flags & MORE) !== 0) {
      this.partBytes += frame.length
      this.room = Math.min(limits.frameBytes, limits.messageBytes - this.partBytes)
      return true
    }
    this.parts = []
    this.partBytes = 0
    this.ownParts = 0
    this.room = this.frameLimit
    return this.sink.message(parts)
  }

  /**
   * Heartbeats may come between the frames of a message. Were there enough of them, each small frame would keep a chunk
   * of what was thrown away, and a message many times its size.
   */
  private copyParts(): void {
    const { parts } = this
    for (let at = this.ownParts; at < parts.length; at++) {
      const part = parts[at] as Frame
      if (part.length < LARGE_FRAME) parts[at] = copyOf(part)
    }
    this.ownParts = parts.length
  }

  /** A body that ends beyond the chunk: small ones move to the next chunk, others get memory of their own. */
  private startBody(): void {
    this.outgrown = false
    const { bodyAt, bodySize: size } = this
    if (size + LONG_HEADER <= this.plan.size / 4) {
      this.renewChunk()
      return
    }
    const start = this.chunk.subarray(bodyAt, this.filledTo)
    this.body = new LargeBody(size, this.bodyFlags, start, this.largestBody)
    this.readAt = this.filledTo
  }

  private advanceBody(body: LargeBody, count: number): void {
    const frame = body.advance(count)
    if (frame === undefined) return
    const { flags, size } = body
    this.plan.saw(size)
    if (size > this.largestBody) this.largestBody = size
    this.body = undefined
    this.chunk = EMPTY
    this.readAt = 0
    this.filledTo = 0
    this.halted = !this.emit(frame, flags)
  }

  /** Moves to a fresh chunk with the bytes that are not decoded yet. */
  private renewChunk(): void {
    const left = this.filledTo - this.readAt
    let size = this.plan.next()
    while (size < left + SHORTEST_READ) size *= 2
    const chunk = allocateChunk(size)
    this.spacious = size > LARGEST_CHUNK
    chunk.set(this.chunk.subarray(this.readAt, this.filledTo))
    this.chunk = chunk
    this.memory = chunk.buffer
    this.memoryOffset = chunk.byteOffset
    this.readAt = 0
    this.filledTo = left
  }
}

function tooMuch(message: string): LimitError {
  return new LimitError("EMSGSIZE", { message })
}

function malformed(message: string): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", message)
}
