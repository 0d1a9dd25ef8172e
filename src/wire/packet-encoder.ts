// Messages into the packets of ZWS 2.0: for each frame one WebSocket message, a byte of flags and the body.

import { viewOf } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { Queue } from "../queue.js"
import { isSubscription } from "../subscription.js"
import { BATCH_BYTES, type Batch, LARGE_BATCH_BYTES, REFERENCED_OVER } from "./encoder.js"
import { encodeRequest, type RequestNames } from "./requests.js"
import { LARGEST_SLAB, type SlabPool, SMALLEST_SLAB } from "./slab-pool.js"
import { encodePacket, ZWS_COMMAND, ZWS_MORE } from "./zws.js"

/** So many packets are a write of their own, however small they are: each is two pieces of memory to the kernel. */
const BATCH_PACKETS = 512

/** What stands for the flags of a packet that has them already. */
const COMPLETE = -1

/** A batch in the making: a packet each, some of them still without their flags. */
interface Pieces {
  readonly packets: Uint8Array[]
  /** A packet's flags if it is the user's own frame, which stands for it until it is taken; else COMPLETE. */
  readonly flags: number[]
  readonly slabs: Uint8Array[]
  messages: number
  bytes: number
}

/**
 * The queue of one pipe towards its WebSocket. Small and medium frames are copied into slabs at once, behind their
 * flags; one over {@link REFERENCED_OVER} bytes is the user's until it is taken, and then copied, for a WebSocket
 * message has to be in one piece.
 */
export class PacketEncoder {
  /** Messages pushed and not yet taken. */
  length = 0
  /** Whether enough waits to be worth a write of its own. */
  hasFullBatch = false
  /**
   * The commands that single-frame messages are sent as which begin with 0 or 1: with a DISH's connection (RFC 48).
   * Subscriptions are messages here, for libzmq knows no commands for them over WebSockets.
   */
  requestNames: RequestNames | undefined = undefined

  private readonly pool: SlabPool
  private readonly closed: Queue<Pieces> = new Queue()
  private open: Pieces = newPieces()
  private slab: Uint8Array = NO_SLAB
  private slabSize = SMALLEST_SLAB
  private end = 0
  private closeAt = BATCH_BYTES

  constructor(pool: SlabPool) {
    this.pool = pool
  }

  push(message: Message): void {
    const last = message.length - 1
    if (this.requestNames !== undefined && isSubscription(message)) {
      this.pushFrame(encodeRequest(this.requestNames, message[0] as Frame), ZWS_COMMAND)
    } else {
      for (let at = 0; at < last; at++) this.pushFrame(message[at] as Frame, ZWS_MORE)
      this.pushFrame(message[last] as Frame, 0)
    }
    this.length++
    const { open } = this
    open.messages++
    if (open.bytes >= this.closeAt || open.packets.length >= BATCH_PACKETS) this.close()
  }

  /** The oldest messages, as many as one write should carry; undefined when nothing waits. Each chunk is a packet. */
  take(): Batch | undefined {
    if (this.length === 0) return undefined
    if (this.closed.length === 0) this.close()
    const { packets, flags, slabs, messages, bytes } = this.closed.shift() as Pieces
    this.hasFullBatch = this.closed.length > 0
    this.length -= messages
    for (let at = 0; at < flags.length; at++) {
      if (flags[at] !== COMPLETE) packets[at] = encodePacket(flags[at] as number, packets[at] as Uint8Array)
    }
    return { chunks: packets, slabs, messages, bytes }
  }

  /** Takes back a batch whose bytes have left the process. */
  release(batch: Batch): void {
    for (let at = 0; at < batch.slabs.length; at++) this.pool.release(batch.slabs[at] as Uint8Array)
  }

  /** Drops all that waits. */
  clear(): void {
    if (this.open.messages > 0) this.close()
    for (let pieces = this.closed.shift(); pieces !== undefined; pieces = this.closed.shift()) {
      for (let at = 0; at < pieces.slabs.length; at++) this.pool.release(pieces.slabs[at] as Uint8Array)
    }
    this.length = 0
    this.hasFullBatch = false
  }

  private pushFrame(frame: Frame, flags: number): void {
    const { open } = this
    const size = 1 + frame.length
    open.bytes += size
    if (frame.length > REFERENCED_OVER) {
      open.packets.push(frame)
      open.flags.push(flags)
      this.closeAt = LARGE_BATCH_BYTES
      return
    }
    if (this.end + size > this.slab.length) this.renewSlab(size)
    const { slab, end } = this
    slab[end] = flags
    slab.set(frame, end + 1)
    this.end = end + size
    open.packets.push(viewOf(slab.buffer, slab.byteOffset + end, size))
    open.flags.push(COMPLETE)
  }

  private renewSlab(needed: number): void {
    // A connection that fills a slab within one turn has more to say: the next one is larger.
    if (this.slab.length > 0) this.slabSize = Math.min(this.slabSize * 4, LARGEST_SLAB)
    while (this.slabSize < needed) this.slabSize = Math.min(this.slabSize * 4, LARGEST_SLAB)
    this.slab = this.pool.borrow(this.slabSize)
    this.open.slabs.push(this.slab)
    this.end = 0
  }

  private close(): void {
    const { open } = this
    this.closed.push(open)
    this.hasFullBatch = true
    if (open.bytes * 8 < this.slabSize && this.slabSize > SMALLEST_SLAB) this.slabSize /= 2
    this.open = newPieces()
    this.slab = NO_SLAB
    this.end = 0
    this.closeAt = BATCH_BYTES
  }
}

const NO_SLAB = new Uint8Array(0)

function newPieces(): Pieces {
  return { packets: [], flags: [], slabs: [], messages: 0, bytes: 0 }
}
