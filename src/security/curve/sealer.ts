import { allocate } from "../../bytes.js"
import { ZmqError } from "../../errors.js"
import type { Frame } from "../../message.js"
import { LONG, LONG_HEADER } from "../../wire/flags.js"
import { readLength } from "../../wire/long-header.js"
import { type CryptoBackend, NONCE_BYTES } from "../crypto/backend.js"
import type { FrameSealer } from "../mechanism.js"
import {
  BENCH_AT,
  BOX_AT,
  boxedFlags,
  COUNTER_AT,
  headerSize,
  NAME,
  OVERHEAD,
  SLICE_BYTES,
  writeHeader,
} from "./message.js"
import { type NonceCounter, writePrefix } from "./nonce.js"
import { PartialFrame } from "./partial-frame.js"

/** Frames into MESSAGE frames: what one side of a CURVE connection sends. */
export class Sealer implements FrameSealer {
  private readonly backend: CryptoBackend
  private key: Uint8Array | undefined
  private readonly prefix: string
  private readonly counter: NonceCounter
  private readonly partial: PartialFrame = new PartialFrame()
  private sealed: Uint8Array[] = []
  /** The bytes that the slice under hand becomes. */
  private sliceOutput = 0

  constructor(backend: CryptoBackend, key: Uint8Array, prefix: string, counter: NonceCounter) {
    this.backend = backend
    this.key = key
    this.prefix = prefix
    this.counter = counter
  }

  /** Seals nothing from now on: the key is about to be wiped. */
  close(): void {
    this.key = undefined
  }

  seal(chunks: readonly Uint8Array[]): Uint8Array[] {
    if (this.key === undefined) return []
    for (const chunk of chunks) this.sealChunk(chunk)
    const { sealed } = this
    this.sealed = []
    return sealed
  }

  sealFrame(flags: number, body: Uint8Array): Frame {
    const message = allocate(body.length + OVERHEAD)
    this.sealBody(flags, body, message, 0)
    return message
  }

  private sealChunk(chunk: Uint8Array): void {
    let at = this.partial.length === 0 ? 0 : this.completePartial(chunk)
    while (at < chunk.length) {
      const end = this.findSlice(chunk, at)
      if (end > at) {
        this.sealSlice(chunk, at, end)
        at = end
        continue
      }
      at = this.sealLone(chunk, at)
    }
  }

  /** Gives the frame that has begun what it lacks; the position behind that. */
  private completePartial(chunk: Uint8Array): number {
    const { partial } = this
    let at = 0
    while (at < chunk.length && !partial.hasHeader) at = this.addToPartial(chunk, at)
    if (!partial.hasHeader) return at
    const missing = partial.missing
    const bodyAt = partial.bodyAt
    if (partial.length === bodyAt && chunk.length - at >= missing) {
      // A body of its own behind its header, as the encoder leaves large ones: it is read where it stands.
      this.sealAlone(partial.bytes[0] as number, chunk.subarray(at, at + missing))
      partial.clear()
      return at + missing
    }
    at = this.addToPartial(chunk, at)
    if (partial.missing === 0) {
      this.sealAlone(partial.bytes[0] as number, partial.bytes.subarray(bodyAt, partial.length))
      partial.clear()
    }
    return at
  }

  private addToPartial(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.partial.missing)
    this.partial.add(chunk, at, end)
    return end
  }

  /** Where the whole frames from `at` end, as many as are sealed at a time; `at` when not even one is whole, or small. */
  private findSlice(chunk: Uint8Array, at: number): number {
    let end = at
    let output = 0
    while (chunk.length - end >= 2) {
      let size = chunk[end + 1] as number
      let header = 2
      if (((chunk[end] as number) & LONG) !== 0) {
        if (chunk.length - end < LONG_HEADER) break
        size = readLength(chunk, end + 1)
        header = LONG_HEADER
      }
      const next = end + header + size
      if (next > chunk.length) break
      const sealed = size + OVERHEAD
      const grown = output + headerSize(sealed) + sealed
      if (grown > SLICE_BYTES) break
      output = grown
      end = next
    }
    this.sliceOutput = output
    return end
  }

  /** A frame that is larger than a slice, or not whole; the position behind what there is of it. */
  private sealLone(chunk: Uint8Array, at: number): number {
    const { partial } = this
    while (at < chunk.length && !partial.hasHeader) at = this.addToPartial(chunk, at)
    if (!partial.hasHeader) return at
    const { missing } = partial
    if (chunk.length - at < missing) return this.addToPartial(chunk, at)
    this.sealAlone(partial.bytes[0] as number, chunk.subarray(at, at + missing))
    partial.clear()
    return at + missing
  }

  private sealSlice(chunk: Uint8Array, from: number, until: number): void {
    const { backend, counter, sliceOutput } = this
    const { bench } = backend
    const start = BENCH_AT + until - from
    const memory = bench.begin(this.key as Uint8Array, start + sliceOutput)
    writePrefix(memory, this.prefix)
    memory.set(from === 0 && until === chunk.length ? chunk : chunk.subarray(from, until), BENCH_AT)
    let to = start
    for (let at = BENCH_AT; at < start; ) {
      const flags = memory[at] as number
      let size = memory[at + 1] as number
      at += 2
      if ((flags & LONG) !== 0) {
        size = readLength(memory, at - 1)
        at += LONG_HEADER - 2
      }
      // What stands in the box before the body has room where the header ended.
      memory[at - 1] = boxedFlags(flags)
      counter.writeNext(memory, COUNTER_AT)
      to = writeHeader(memory, to, 0, size + OVERHEAD)
      bench.seal(at - 1, size + 1, to + BOX_AT)
      writeName(memory, to)
      to += size + OVERHEAD
      at += size
    }
    const output = allocate(sliceOutput)
    output.set(memory.subarray(start, to))
    bench.end()
    this.sealed.push(output)
  }

  /** A frame whose body stands in memory of its own. */
  private sealAlone(flags: number, body: Uint8Array): void {
    const size = body.length + OVERHEAD
    const output = allocate(headerSize(size) + size)
    if (body.length <= SLICE_BYTES) this.sealOnBench(flags, body, output)
    else this.sealBody(flags, body, output, writeHeader(output, 0, 0, size))
    this.sealed.push(output)
  }

  private sealOnBench(flags: number, body: Uint8Array, output: Uint8Array): void {
    const { bench } = this.backend
    const start = BENCH_AT + 1 + body.length
    const memory = bench.begin(this.key as Uint8Array, start + output.length)
    writePrefix(memory, this.prefix)
    this.counter.writeNext(memory, COUNTER_AT)
    memory[BENCH_AT] = boxedFlags(flags)
    memory.set(body, BENCH_AT + 1)
    const to = writeHeader(memory, start, 0, body.length + OVERHEAD)
    bench.seal(BENCH_AT, 1 + body.length, to + BOX_AT)
    writeName(memory, to)
    output.set(memory.subarray(start, start + output.length))
    bench.end()
  }

  private sealBody(flags: number, body: Uint8Array, target: Uint8Array, at: number): void {
    if (this.key === undefined) throw new ZmqError("EPIPE")
    const content = allocate(1 + body.length)
    content[0] = boxedFlags(flags)
    content.set(body, 1)
    const nonce = new Uint8Array(NONCE_BYTES)
    writePrefix(nonce, this.prefix)
    this.counter.writeNext(nonce, COUNTER_AT)
    writePrefix(target.subarray(at), NAME)
    target.set(nonce.subarray(COUNTER_AT), at + NAME.length)
    target.set(this.backend.seal(content, nonce, this.key), at + BOX_AT)
  }
}

/** The name, and the number of the nonce that stands at the start of `memory`. */
function writeName(memory: Uint8Array, to: number): void {
  for (let index = 0; index < NAME.length; index++) {
    memory[to + index] = NAME.charCodeAt(index)
    memory[to + NAME.length + index] = memory[COUNTER_AT + index] as number
  }
}
