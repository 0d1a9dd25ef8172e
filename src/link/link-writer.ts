import type { FrameSealer } from "../security/mechanism.js"
import type { Batch } from "../wire/encoder.js"
import type { Conn } from "./conn.js"
import type { Counters, EncodedOutbox, LinkEnd, Scheduler, Waker } from "./link.js"

/** What hides the chunks of an outbox. */
type ChunkSealer = Pick<FrameSealer, "seal">

/**
 * A connection's way out: gathers what an outbox holds into batches, one write at a time, with room before them for
 * what must not wait behind messages.
 */
export class LinkWriter implements Waker {
  /** A write has not left the process. */
  writing = false
  private conn: Pick<Conn, "write" | "end">
  private readonly scheduler: Scheduler
  private readonly counters: Counters
  private readonly flushTask: () => void
  private end: LinkEnd | undefined
  private outbox: EncodedOutbox | undefined
  private sealer: ChunkSealer | undefined
  /** No second message follows one that the peer has not answered. */
  private lockstep = false
  private urgent: Uint8Array[] = []
  private inFlight: Batch | undefined
  private scheduled = false
  private stopped = false
  private wanted: (() => void) | undefined

  constructor(conn: Pick<Conn, "write" | "end">, scheduler: Scheduler, counters: Counters) {
    this.conn = conn
    this.scheduler = scheduler
    this.counters = counters
    this.flushTask = () => {
      this.scheduled = false
      this.flush()
    }
  }

  /** Sends from the outbox of `end` from now on. */
  start(end: LinkEnd, lockstep: boolean): void {
    this.end = end
    this.outbox = end.outbox as EncodedOutbox
    this.lockstep = lockstep
    this.wake()
  }

  /** Sends nothing more: the connection has ended, or is about to. */
  stop(): void {
    this.stopped = true
  }

  /** The same, and `wanted` is told when there would be something to send. */
  stopUntilWanted(wanted: () => void): void {
    this.stop()
    this.wanted = wanted
  }

  /** Something is on its way, or about to be, that is no message of the outbox. */
  get busy(): boolean {
    return this.writing || this.urgent.length > 0
  }

  /** Nothing is on its way, and nothing holds the next message up. */
  get idle(): boolean {
    return !this.writing && !this.stopped
  }

  /** How much waits that must not wait behind messages. */
  get urgentCount(): number {
    return this.urgent.length
  }

  /** From now on frames go out in the form that `sealer` gives them. */
  protect(sealer: ChunkSealer): void {
    this.sealer = sealer
  }

  reroute(conn: Conn): void {
    this.conn = conn
  }

  /** How many bytes wait that must not wait behind messages. */
  get urgentBytes(): number {
    return this.urgent.reduce((sum, bytes) => sum + bytes.length, 0)
  }

  /** Sends `bytes` before all messages that are not on their way. */
  sendUrgent(bytes: Uint8Array): void {
    // Sealed in the order in which they leave: nothing overtakes what is urgent, and batches are sealed when they leave.
    if (this.sealer === undefined) this.addUrgent(bytes)
    else for (const sealed of this.sealer.seal([bytes])) this.addUrgent(sealed)
    if (!this.writing && !this.scheduled) this.schedule()
  }

  /** The same at once, and then the end of the connection. */
  endUrgently(): void {
    this.flush()
    this.stopped = true
    this.conn.end()
  }

  private addUrgent(bytes: Uint8Array): void {
    this.urgent.push(bytes)
    this.counters.bytesOut += bytes.length
  }

  /** The outbox has something. */
  wake(): void {
    const outbox = this.outbox as EncodedOutbox
    if (this.writing || (this.scheduled && !outbox.hasFullBatch)) return
    // Written at the end of the microtasks, so that `await send()` in a loop fills a batch; or at once when
    // a batch is full, since that end may be far away, and where no second message can follow.
    if (outbox.hasFullBatch || this.lockstep) this.flush()
    else this.schedule()
  }

  /** The same in the next turn of the event loop, with what is said in answer to what is read by then. */
  sendUrgentLater(bytes: Uint8Array): void {
    this.addUrgent(bytes)
    this.scheduler.afterReading(this.flushTask)
  }

  /** The connection has sent what it was given. */
  written(): void {
    const batch = this.inFlight
    this.inFlight = undefined
    if (batch !== undefined) (this.outbox as EncodedOutbox).release(batch)
    this.writing = false
    if (!this.mayFillBatch()) {
      this.flush()
      return
    }
    if (!this.scheduled) this.schedule()
    this.end?.drained()
  }

  /**
   * Whether what waits is less than a batch, of messages alone: then it goes at the end of the microtasks, with what
   * those add who waited for room.
   */
  private mayFillBatch(): boolean {
    const { outbox } = this
    if (outbox === undefined || outbox.length === 0 || outbox.hasFullBatch) return false
    return this.urgent.length === 0 && !this.stopped
  }

  private schedule(): void {
    this.scheduled = true
    this.scheduler.flushLater(this.flushTask)
  }

  flush(): void {
    const { outbox } = this
    if (this.writing || this.stopped) {
      if (this.wanted !== undefined && (outbox as EncodedOutbox).length > 0) this.wanted()
      return
    }
    let taken = false
    if (this.urgent.length > 0) {
      const batch = outbox?.take()
      taken = batch !== undefined
      this.write(batch === undefined ? this.urgent : this.urgent.concat(this.chunksOf(batch)), batch)
      this.urgent = []
    }
    if (outbox === undefined) return
    while (!this.writing) {
      const batch = outbox.take()
      if (batch === undefined) break
      taken = true
      this.write(this.chunksOf(batch), batch)
    }
    const end = this.end as LinkEnd
    if (taken) end.drained()
    if (!this.writing && outbox.length === 0) end.flushed()
  }

  private chunksOf(batch: Batch): readonly Uint8Array[] {
    return this.sealer === undefined ? batch.chunks : this.seal(this.sealer, batch)
  }

  private seal(sealer: ChunkSealer, { chunks, bytes }: Batch): readonly Uint8Array[] {
    const sealed = sealer.seal(chunks)
    for (const chunk of sealed) this.counters.bytesOut += chunk.length
    this.counters.bytesOut -= bytes
    return sealed
  }

  private write(chunks: readonly Uint8Array[], batch: Batch | undefined): void {
    if (batch !== undefined) {
      this.counters.messagesOut += batch.messages
      this.counters.bytesOut += batch.bytes
    }
    if (!this.conn.write(chunks)) {
      this.inFlight = batch
      this.writing = true
    } else if (batch !== undefined) (this.outbox as EncodedOutbox).release(batch)
  }
}
