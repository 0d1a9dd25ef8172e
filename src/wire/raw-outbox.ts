// Messages as plain bytes, without frames: what goes to peers that do not speak ZMTP.

import { allocateShared } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { Queue } from "../queue.js"
import { BATCH_BYTES, type Batch, REFERENCED_OVER } from "./encoder.js"

/**
 * The queue of one pipe towards its connection, as {@link Encoder} is where the peer speaks ZMTP. Frames of up to
 * {@link REFERENCED_OVER} bytes are copied, so that the caller's memory is his again.
 */
export class RawOutbox {
  /** Messages pushed and not yet taken. */
  length = 0
  /** Whether enough waits to be worth a write of its own. */
  hasFullBatch = false
  private readonly closed: Queue<Batch> = new Queue()
  private chunks: Uint8Array[] = []
  private bytes = 0
  /** Messages that are not in a closed batch. */
  private open = 0

  push(message: Message): void {
    const { length } = this.chunks
    for (const frame of message) if (frame.length > 0) this.add(frame)
    // Nothing is to be written: a probe, for instance.
    if (this.chunks.length === length) return
    this.length++
    this.open++
    if (this.bytes >= BATCH_BYTES) this.close()
  }

  /** The oldest messages, as many as one write should carry; undefined when nothing waits. */
  take(): Batch | undefined {
    if (this.length === 0) return undefined
    if (this.closed.length === 0) this.close()
    const batch = this.closed.shift() as Batch
    this.hasFullBatch = this.closed.length > 0
    this.length -= batch.messages
    return batch
  }

  /** Nothing is lent. */
  release(): void {}

  /** Drops all that waits. */
  clear(): void {
    while (this.take() !== undefined);
  }

  private add(frame: Frame): void {
    if (frame.length > REFERENCED_OVER) this.chunks.push(frame)
    else {
      const copy = allocateShared(frame.length)
      copy.set(frame)
      this.chunks.push(copy)
    }
    this.bytes += frame.length
  }

  private close(): void {
    this.closed.push({ chunks: this.chunks, slabs: [], messages: this.open, bytes: this.bytes })
    this.hasFullBatch = true
    this.chunks = []
    this.bytes = 0
    this.open = 0
  }
}
