// A ring of bytes in memory that two threads share: one writes frames of ZMTP 3 into it, the other reads bytes.
//
// Bytes count for the reader from `publish` on, which moves a mark over whole messages. Only a message that does not
// fit in the ring is seen in pieces. So whoever is killed in the middle of a write leaves nothing half-written.

import type { Frame, Message } from "../message.js"
import { LONG_HEADER, MORE, SHORT_MAX } from "./flags.js"
import { writeLongHeader } from "./long-header.js"

/** Where the marks of a ring stand among its words; each on a cache line of its own. */
const TAIL = 0
const HEAD = 16
const GRANTED = 17
/** How many words the marks take. */
export const RING_WORDS = 32
/** Up to this size a loop beats `set`, which is a call into the runtime. */
const LOOPED_UP_TO = 12

/** A reader without a mark grants more than this at a time. */
const UNLIMITED = 0x2000_0000

/** The memory of one direction. All marks count on beyond 2^31 and wrap around. */
export interface RingMemory {
  readonly words: Int32Array
  /** A power of two. */
  readonly bytes: Uint8Array
}

/** The writing end. Only what the reader has granted is written: that is how a high-water mark reaches over. */
export class RingWriter {
  /** Messages written, modulo 2^32. */
  sent = 0
  /** Bytes that the reader does not see yet. */
  unpublished = 0
  private readonly words: Int32Array
  private readonly bytes: Uint8Array
  private readonly capacity: number
  /** Where the next byte goes. */
  private at = 0
  private free: number
  private credit = 0
  private tail = 0
  /** What is left of a message that does not fit in the ring; nothing else goes before it. */
  private readonly rest: Uint8Array[] = []

  constructor({ words, bytes }: RingMemory) {
    this.words = words
    this.bytes = bytes
    this.capacity = bytes.length
    this.free = bytes.length
  }

  /** Writes a message, or the beginning of one that does not fit in the ring. False: there is no room, or no grant. */
  push(message: Message): boolean {
    const frame = message[0] as Frame
    const size = frame.length
    const at = this.at + 2
    if (
      message.length > 1 ||
      size > SHORT_MAX ||
      this.credit === 0 ||
      size + 2 > this.free ||
      at + size >= this.capacity
    ) {
      return this.pushAny(message)
    }
    const { bytes } = this
    bytes[at - 2] = 0
    bytes[at - 1] = size
    if (size > LOOPED_UP_TO) bytes.set(frame, at)
    else for (let byte = 0; byte < size; byte++) bytes[at + byte] = frame[byte] as number
    this.at = at + size
    this.free -= size + 2
    this.unpublished += size + 2
    this.credit--
    this.sent = (this.sent + 1) | 0
    return true
  }

  private pushAny(message: Message): boolean {
    if (this.rest.length > 0) return false
    const size = encodedSize(message)
    if (this.credit === 0 || size > this.free) {
      this.refresh()
      if (this.credit === 0) return false
      // To wait for an empty ring would be to stop and go.
      if (size > this.free && size <= this.capacity / 2) return false
    }
    const last = message.length - 1
    for (let index = 0; index <= last; index++) {
      this.pushFrame(message[index] as Frame, index < last ? MORE : 0)
    }
    this.credit--
    this.sent = (this.sent + 1) | 0
    return true
  }

  private pushFrame(frame: Frame, flags: number): void {
    this.put(headerOf(frame.length, flags))
    this.put(frame)
  }

  private put(bytes: Uint8Array): void {
    const count = this.rest.length > 0 ? 0 : Math.min(bytes.length, this.free)
    if (count > 0) this.copyIn(count < bytes.length ? bytes.subarray(0, count) : bytes)
    if (count < bytes.length) this.rest.push(bytes.subarray(count))
  }

  private copyIn(bytes: Uint8Array): void {
    const toEnd = this.capacity - this.at
    if (bytes.length <= toEnd) this.bytes.set(bytes, this.at)
    else {
      this.bytes.set(bytes.subarray(0, toEnd), this.at)
      this.bytes.set(bytes.subarray(toEnd), 0)
    }
    this.at = (this.at + bytes.length) & (this.capacity - 1)
    this.free -= bytes.length
    this.unpublished += bytes.length
  }

  /** Whether the reader takes any number of messages, as far as one can count. */
  get unlimited(): boolean {
    return this.credit > UNLIMITED
  }

  /** Whether messages have to wait to be granted, however much room there is. */
  get lacksGrant(): boolean {
    return this.credit === 0 && this.rest.length === 0
  }

  /** Whether a message has been written in part. */
  get partial(): boolean {
    return this.rest.length > 0
  }

  /** Looks for more room, and writes on a message that was begun. True: something is to be published, or can be pushed. */
  retry(): boolean {
    const { rest } = this
    const more = this.refresh()
    const begun = rest.length > 0
    while (rest.length > 0 && this.free > 0) {
      const next = rest[0] as Uint8Array
      const count = Math.min(next.length, this.free)
      this.copyIn(next.subarray(0, count))
      if (count === next.length) rest.shift()
      else rest[0] = next.subarray(count)
    }
    return begun ? this.unpublished > 0 : more
  }

  /** Lets the reader see what was written. */
  publish(): void {
    this.tail = (this.tail + this.unpublished) | 0
    this.unpublished = 0
    Atomics.store(this.words, TAIL, this.tail)
  }

  /** Whether there is more of what a writer in vain lacked: grants, or else room. */
  get hasNews(): boolean {
    const { words } = this
    if (this.lacksGrant) return ((Atomics.load(words, GRANTED) - this.sent) | 0) > 0
    return this.freeNow(Atomics.load(words, HEAD)) > this.free
  }

  private freeNow(head: number): number {
    return this.capacity - ((this.tail - head) | 0) - this.unpublished
  }

  /** Looks what the reader has freed and granted; whether there is more of what was lacking. */
  private refresh(): boolean {
    const free = this.freeNow(Atomics.load(this.words, HEAD))
    const credit = (Atomics.load(this.words, GRANTED) - this.sent) | 0
    const more = this.lacksGrant ? credit > 0 : free > this.free
    this.free = free
    this.credit = Math.max(credit, 0)
    return more
  }
}

/** The reading end. */
export class RingReader {
  private readonly words: Int32Array
  private readonly bytes: Uint8Array
  private head = 0
  private granted = 0

  constructor({ words, bytes }: RingMemory) {
    this.words = words
    this.bytes = bytes
  }

  /** Bytes that can be read. */
  get available(): number {
    return (Atomics.load(this.words, TAIL) - this.head) | 0
  }

  /** Copies `count` bytes, so many as there are at least, to the start of `target`. */
  read(target: Uint8Array, count: number): void {
    const at = this.head & (this.bytes.length - 1)
    const toEnd = Math.min(count, this.bytes.length - at)
    target.set(this.bytes.subarray(at, at + toEnd))
    if (toEnd < count) target.set(this.bytes.subarray(0, count - toEnd), toEnd)
    this.head = (this.head + count) | 0
  }

  /** Gives the writer the room of what was read. */
  free(): void {
    Atomics.store(this.words, HEAD, this.head)
  }

  /**
   * Lets the writer send messages until there have been `total`, modulo 2^32; what was granted stays so. False: that is
   * no more than before.
   */
  grant(total: number): boolean {
    if (((total - this.granted) | 0) <= 0) return false
    this.granted = total | 0
    Atomics.store(this.words, GRANTED, this.granted)
    return true
  }
}

function headerOf(size: number, flags: number): Uint8Array {
  if (size <= SHORT_MAX) return Uint8Array.of(flags, size)
  const header = new Uint8Array(LONG_HEADER)
  writeLongHeader(header, 0, flags, size)
  return header
}

function encodedSize(message: Message): number {
  let size = 0
  for (const { length } of message) size += length + (length > SHORT_MAX ? LONG_HEADER : 2)
  return size
}
