// A connection that speaks no ZMTP: what is read is a message, and what is sent goes out as it is.

import { AnnouncedPeer } from "../announced-peer.js"
import { allocateChunk, EMPTY } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Peer } from "../peer.js"
import { ChunkPlan } from "../wire/chunk-plan.js"
import type { Conn, ConnHandler } from "./conn.js"
import { putOffEnd } from "./late-end.js"
import type { Counters, Hello, Link, LinkEnd, LinkOwner, Scheduler, Waker } from "./link.js"
import { LinkWriter } from "./link-writer.js"
import { ReadingPace } from "./reading-pace.js"

/** With less room than this in the chunk, a read would be mostly overhead. */
const SHORTEST_READ = 1024

/** Plain bytes over `conn`: each read is one message of one frame. */
export class RawLink implements Link, ConnHandler {
  readonly peer: Peer
  readonly local = false
  readonly raw = true
  private readonly conn: Conn
  private readonly firstMessage: Frame | undefined
  private readonly owner: LinkOwner
  private readonly counters: Counters
  private readonly scheduler: Scheduler
  private readonly writer: LinkWriter
  private readonly pace: ReadingPace
  private readonly plan: ChunkPlan = new ChunkPlan()
  private chunk: Frame = EMPTY
  private used = 0
  private end_: LinkEnd | undefined
  /** Reading waits for the reader. */
  private paused = false
  /** The user is behind with what earlier connections brought. */
  private holds = false
  /** What was read since: one read. */
  private kept: Frame[] = []
  /** The connection is over, which is told when the reader has what came. */
  private tellEnd: (() => void) | undefined
  private ending = false
  private ended = false
  private destroyed = false
  private failure: Error | undefined

  constructor(conn: Conn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.firstMessage = hello.firstMessage
    this.owner = owner
    this.scheduler = scheduler
    this.counters = owner.counters
    this.peer = new AnnouncedPeer("", EMPTY, conn.remote)
    this.writer = new LinkWriter(conn, scheduler, owner.counters)
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.paused && !this.ended) conn.resume()
    })
  }

  /** Begins to read; there is nothing to agree upon. */
  open(): void {
    this.conn.start(this)
    this.owner.linked(this)
  }

  openLater(): void {
    // Whoever was told of the connection may have turned it away at once.
    if (!this.ended) this.open()
  }

  // ---- What the pipe asks for

  get busy(): boolean {
    return this.writer.busy
  }

  get idle(): boolean {
    return this.writer.idle
  }

  start(end: LinkEnd): void {
    this.end_ = end
    // Were each new connection to bring a read beyond the mark, and that it came and went, a peer that does would fill the memory.
    this.holds = end.halted
    if (this.firstMessage !== undefined) {
      this.counters.messagesOut++
      this.writer.sendUrgent(this.firstMessage)
    }
    this.writer.start(end, false)
  }

  get waker(): Waker {
    return this.writer
  }

  resume(): void {
    if (!this.paused && !this.holds) return
    this.holds = false
    this.paused = !this.deliverKept()
    if (this.tellEnd !== undefined) this.tellEnd()
    else if (!this.paused && !this.pace.resting) this.conn.resume()
  }

  end(): void {
    if (this.ending || this.ended) return
    this.ending = true
    this.conn.end()
    this.tellEnd?.()
  }

  destroy(reason?: Error): void {
    if (this.ended || this.destroyed) return
    this.failure = reason
    this.destroyed = true
    this.writer.stop()
    this.conn.destroy()
    this.tellEnd?.()
  }

  /** Ends the connection at once and without a word to the owner. */
  abandon(): void {
    this.ended = true
    this.writer.stop()
    this.conn.destroy()
  }

  // ---- What the connection tells

  space(): Uint8Array {
    if (this.chunk.length - this.used < SHORTEST_READ) {
      this.chunk = allocateChunk(this.plan.size)
      this.used = 0
    }
    return this.chunk.subarray(this.used)
  }

  received(count: number): boolean {
    // After end() what the peer says has nowhere to go.
    if (this.ending || this.ended || this.destroyed) return true
    this.counters.bytesIn += count
    const start = this.used
    this.used += count
    if (this.used === this.chunk.length) this.plan.grow()
    const bytes = this.chunk.subarray(start, this.used)
    if (this.holds) this.kept.push(bytes)
    this.paused = this.holds || !this.deliver(bytes)
    this.scheduler.arrived()
    return !this.paused && this.pace.allows(count)
  }

  private deliver(bytes: Frame): boolean {
    this.counters.messagesIn++
    return (this.end_ as LinkEnd).deliver([bytes])
  }

  /** False: the reader has no more room. */
  private deliverKept(): boolean {
    const { kept } = this
    this.kept = []
    let more = true
    for (const bytes of kept) more = this.deliver(bytes)
    return more
  }

  written(): void {
    this.writer.written()
  }

  closed(error: Error | undefined): void {
    if (this.ended || this.putsOffEnd(error)) return
    this.ended = true
    this.writer.stop()
    this.owner.ended({ error: this.failure ?? error, linked: true, retry: !this.destroyed })
  }

  /** Also where nothing came: that it is over will be told by a message. */
  private putsOffEnd(error: Error | undefined): boolean {
    if (!this.holds || this.ending || this.destroyed || this.tellEnd !== undefined) return false
    this.tellEnd = putOffEnd(this.end_ as LinkEnd, this.writer, this.scheduler, () => this.closed(error))
    return this.tellEnd !== undefined
  }
}
