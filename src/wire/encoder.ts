// Messages into the frames of ZMTP 2.0 to 3.1 (RFC 37, section 3.3): flags, a length of one or eight bytes, body.

import { allocateShared } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { Queue } from "../queue.js"
import { isSubscription } from "../subscription.js"
import { COMMAND, LONG_HEADER, MORE, SHORT_MAX } from "./flags.js"
import { writeLongHeader } from "./long-header.js"
import { encodeRequest, type RequestNames } from "./requests.js"
import { LARGEST_SLAB, type SlabPool, SMALLEST_SLAB } from "./slab-pool.js"

/** A larger body goes out as it is, beside the slab; up to here a copy is cheaper than another iovec. */
export const REFERENCED_OVER = 16_384
/** A batch is closed at this size, so that messages of up to 4 KiB never straddle two slabs. */
export const BATCH_BYTES: number = LARGEST_SLAB - 4096
/** With bodies that are referenced it takes more bytes until the cost of a write is lost among them. */
export const LARGE_BATCH_BYTES = 262_144
/** Up to this size a loop beats `set`, which is a call into the runtime. */
const LOOPED_UP_TO = 12

/** Whole messages in their wire form, handed to a connection in one write. */
export interface Batch {
  readonly chunks: Uint8Array[]
  /** The slabs under the chunks, to be given back once the bytes have left the process. */
  readonly slabs: Uint8Array[]
  readonly messages: number
  readonly bytes: number
}

/**
 * The queue of one pipe towards its connection. It holds bytes, not objects: what was pushed is encoded at once
 * and the caller's small and medium frames are his again; frames over {@link REFERENCED_OVER} bytes are
 * referenced until they are written.
 */
export class Encoder {
  /** Messages pushed and not yet taken. */
  length = 0
  /** Whether enough waits to be worth a write of its own. */
  hasFullBatch = false
  /**
   * The commands that single-frame messages are sent as which begin with 0 or 1; undefined: they are messages. With a
   * subscriber's connection to a peer of ZMTP 3.1 (RFC 37, section 3.3), and with a DISH's (RFC 48).
   */
  requestNames: RequestNames | undefined = undefined

  private readonly pool: SlabPool
  private readonly closed: Queue<Batch> = new Queue()
  private slab: Uint8Array = NO_SLAB
  private slabSize = SMALLEST_SLAB
  private start = 0
  private end = 0
  private chunks: Uint8Array[] = []
  private slabs: Uint8Array[] = []
  private chunkBytes = 0
  /** Messages in closed batches. */
  private closedMessages = 0
  /** How many bytes close the batch. */
  private closeAt = BATCH_BYTES
  /** Where in the slab it has them. */
  private full = Infinity

  constructor(pool: SlabPool) {
    this.pool = pool
  }

  // This and what it calls is short, with the seldom cases apart, so that the compiler makes one piece of it
  // and of its callers.
  push(message: Message): void {
    if (message.length === 1 && this.requestNames === undefined) this.pushFrame(message[0] as Frame, 0)
    else this.pushOther(message)
    this.length++
    if (this.end >= this.full) this.close()
  }

  /** The oldest messages, as many as one write should carry; undefined when nothing waits. */
  take(): Batch | undefined {
    if (this.length === 0) return undefined
    if (this.closed.length === 0) this.close()
    const batch = this.closed.shift() as Batch
    this.hasFullBatch = this.closed.length > 0
    this.closedMessages -= batch.messages
    this.length -= batch.messages
    return batch
  }

  /** Takes back a batch whose bytes have left the process. */
  release(batch: Batch): void {
    for (let at = 0; at < batch.slabs.length; at++) this.pool.release(batch.slabs[at] as Uint8Array)
  }

  /** Drops all that waits. */
  clear(): void {
    for (let batch = this.take(); batch !== undefined; batch = this.take()) this.release(batch)
  }

  private pushFrame(frame: Frame, flags: number): void {
    const size = frame.length
    const at = this.end + 2
    const { slab } = this
    if (size > SHORT_MAX || at + size > slab.length) {
      this.pushLargeFrame(frame, flags)
      return
    }
    slab[at - 2] = flags
    slab[at - 1] = size
    if (size > LOOPED_UP_TO) slab.set(frame, at)
    else for (let byte = 0; byte < size; byte++) slab[at + byte] = frame[byte] as number
    this.end = at + size
  }

  /** A frame that is long, or does not fit in the slab. */
  private pushLargeFrame(frame: Frame, flags: number): void {
    const size = frame.length
    if (size <= SHORT_MAX) {
      this.renewSlab(2 + size)
      this.pushFrame(frame, flags)
      return
    }
    const referenced = size > REFERENCED_OVER
    const needed = referenced ? LONG_HEADER : LONG_HEADER + size
    if (this.end + needed > this.slab.length) this.renewSlab(needed)
    writeLongHeader(this.slab, this.end, flags, size)
    if (referenced) {
      this.end += LONG_HEADER
      this.seal()
      this.chunks.push(frame)
      this.chunkBytes += size
      this.closeAt = LARGE_BATCH_BYTES
      this.full = this.closeAt - this.chunkBytes + this.start
    } else {
      this.slab.set(frame, this.end + LONG_HEADER)
      this.end += needed
    }
  }

  private pushOther(message: Message): void {
    if (this.requestNames !== undefined && isSubscription(message)) {
      this.pushFrame(encodeRequest(this.requestNames, message[0] as Frame), COMMAND)
      return
    }
    const last = message.length - 1
    for (let at = 0; at < last; at++) this.pushFrame(message[at] as Frame, MORE)
    this.pushFrame(message[last] as Frame, 0)
  }

  /** Ends the current run of slab bytes: what follows stands elsewhere. */
  private seal(): void {
    if (this.end === this.start) return
    this.chunks.push(this.slab.subarray(this.start, this.end))
    this.chunkBytes += this.end - this.start
    this.start = this.end
  }

  private renewSlab(needed: number): void {
    this.seal()
    // A connection that fills a slab within one turn has more to say: the next one is larger.
    if (this.slab.length > 0) this.slabSize = Math.min(this.slabSize * 4, LARGEST_SLAB)
    while (this.slabSize < needed) this.slabSize = Math.min(this.slabSize * 4, LARGEST_SLAB)
    this.slab = this.pool.borrow(this.slabSize)
    this.slabs.push(this.slab)
    this.start = 0
    this.end = 0
    this.full = this.closeAt - this.chunkBytes
  }

  private close(): void {
    this.seal()
    const bytes = this.chunkBytes
    const messages = this.length - this.closedMessages
    this.closed.push({ chunks: this.chunks, slabs: this.slabs, messages, bytes })
    this.closedMessages += messages
    this.hasFullBatch = true
    if (bytes * 8 < this.slabSize && this.slabSize > SMALLEST_SLAB) this.slabSize /= 2
    this.slab = NO_SLAB
    this.start = 0
    this.end = 0
    this.closeAt = BATCH_BYTES
    this.full = Infinity
    this.chunks = []
    this.slabs = []
    this.chunkBytes = 0
  }
}

const NO_SLAB = new Uint8Array(0)

/** One frame in memory of its own: for handshakes and heartbeats, which do not queue behind messages. */
export function encodeFrame(body: Uint8Array, flags: number): Frame {
  const long = body.length > SHORT_MAX
  const header = long ? LONG_HEADER : 2
  const bytes = allocateShared(header + body.length)
  if (long) writeLongHeader(bytes, 0, flags, body.length)
  else {
    bytes[0] = flags
    bytes[1] = body.length
  }
  bytes.set(body, header)
  return bytes
}
