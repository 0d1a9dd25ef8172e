// A link to a socket of another thread: what one writes into shared memory the other reads there.

import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Decoder, type DecoderLimits, type DecoderSink } from "../wire/decoder.js"
import type { Run } from "../wire/run.js"
import type { InprocParty } from "./inproc.js"
import type { Link, LinkEnd, LinkOwner, MessageOutbox, MessageTaker, Scheduler, Waker } from "./link.js"
import { GRANT, NOTHING, ROOM, type ThreadEnd } from "./thread-memory.js"
import type { ThreadWatch, Watched, Watcher } from "./thread-watch.js"

/** So much is shown to the other side before the microtasks have run: it may read while we go on. */
const PUBLISHED_AT = 32_768
/** As much as a mark can be told to be. */
const MOST_ROOM = 0x4000_0000
/** There is no stranger in a process. */
const NO_LIMITS: DecoderLimits = { frameBytes: Infinity, messageFrames: Infinity, messageBytes: Infinity }

export class ThreadLink implements Link, Waker, MessageTaker, DecoderSink, Watched {
  readonly peer: Peer
  readonly local = false
  readonly raw = false
  readonly memory: ThreadEnd
  private readonly owner: LinkOwner
  private readonly scheduler: Scheduler
  private readonly watcher: Watcher
  private readonly decoder: Decoder
  /** No second message follows one that the peer has not answered. */
  private readonly lockstep: boolean
  private readonly closedTask: () => void
  private end_: LinkEnd | undefined
  private outbox: MessageOutbox | undefined
  /** What goes before all other messages, and has not gone. */
  private greeting: Message | undefined
  /** The other side has no room. */
  private blocked = false
  private scheduled = false
  private closed = false
  /** Messages that have come, modulo 2^32. */
  private received = 0
  /** How many of those that were written have been counted. */
  private counted = 0
  private readonly publishTask: () => void = () => {
    this.scheduled = false
    this.publish()
  }

  /** `closed` is told when this link is over. */
  constructor(
    { owner, hello }: InprocParty,
    peer: Peer,
    memory: ThreadEnd,
    watch: ThreadWatch,
    scheduler: Scheduler,
    closed: () => void,
  ) {
    this.owner = owner
    this.greeting = hello.firstMessage === undefined ? undefined : [hello.firstMessage]
    this.peer = peer
    this.memory = memory
    this.scheduler = scheduler
    this.lockstep = hello.socketType === "REQ" || peer.socketType === "REQ"
    this.closedTask = closed
    this.decoder = new Decoder(this, NO_LIMITS)
    this.watcher = watch.watch(this)
  }

  // ---- What the pipe asks for

  start(end: LinkEnd): void {
    this.end_ = end
    this.outbox = end.outbox as MessageOutbox
    this.outbox.passTo(this)
    this.grant()
    if (this.greeting === undefined || this.pass(this.greeting)) {
      this.greeting = undefined
      this.wake()
    }
    this.watcher.stir()
  }

  get waker(): Waker {
    return this
  }

  /** What the ring has room for has left; what is left counts, unless the other side has no mark. */
  get idle(): boolean {
    return this.memory.writer.unlimited
  }

  get busy(): boolean {
    return this.memory.writer.partial
  }

  /** Hands over one message; false when the other side has no room. */
  pass(message: Message): boolean {
    const { writer } = this.memory
    if (this.blocked || this.closed) return false
    if (!writer.push(message) && !this.passWithRoom(message)) return false
    if (writer.unpublished >= PUBLISHED_AT || this.lockstep) this.publish()
    else if (!this.scheduled) this.schedule()
    return true
  }

  /** There was no room: asks to be told of some, and looks once more. */
  private passWithRoom(message: Message): boolean {
    const { writer } = this.memory
    this.publish()
    this.block()
    if (!writer.retry() || writer.partial) return false
    if (!writer.push(message)) {
      // What it lacks now may be the other thing.
      this.block()
      return false
    }
    this.release()
    return true
  }

  private block(): void {
    this.blocked = true
    this.memory.wants = this.memory.writer.lacksGrant ? GRANT : ROOM
    // There will be room before long, if anybody reads.
    this.watcher.stir()
  }

  private release(): void {
    this.blocked = false
    this.memory.wants = NOTHING
  }

  private schedule(): void {
    this.scheduled = true
    this.scheduler.flushLater(this.publishTask)
  }

  private publish(): void {
    const { memory } = this
    if (memory.writer.unpublished === 0 || this.closed) return
    memory.writer.publish()
    memory.ring()
    if (memory.writer.partial) this.block()
    else if (this.lockstep) this.watcher.stir()
  }

  /** Hands over what waited until the other side had room. */
  wake(): void {
    const { outbox } = this
    if (outbox === undefined || outbox.length === 0 || this.blocked || this.closed) return
    this.handOver(outbox)
  }

  private handOver(outbox: MessageOutbox): void {
    const end = this.end_ as LinkEnd
    const before = outbox.length
    outbox.passOn(this)
    if (outbox.length < before) end.drained()
    this.tellFlushed()
  }

  private tellFlushed(): void {
    if (this.outbox?.length === 0 && !this.busy) this.end_?.flushed()
  }

  resume(): void {
    if (!this.closed) this.grant()
  }

  end(): void {
    this.destroy()
  }

  destroy(): void {
    if (this.shut()) this.owner.ended({ error: undefined, linked: true, retry: false })
  }

  settle(): void {
    const { sent } = this.memory.writer
    this.owner.counters.messagesOut += (sent - this.counted) | 0
    this.counted = sent
  }

  // ---- What the other side did

  get stirred(): boolean {
    const { reader, writer, otherEnded } = this.memory
    return reader.available > 0 || otherEnded || (this.blocked && writer.hasNews)
  }

  look(): boolean {
    if (this.closed) return false
    // What came before the end has come by now.
    const over = this.memory.otherEnded
    const taken = this.take()
    const freed = this.blocked && this.memory.writer.retry()
    if (freed) this.goOn()
    if (over) this.hangUp()
    return taken || freed
  }

  /** The other side's thread is no more. */
  lost(): void {
    if (this.closed) return
    this.take()
    this.hangUp()
  }

  private take(): boolean {
    const { memory, decoder } = this
    let left = memory.reader.available
    if (left === 0 || this.end_ === undefined) return false
    while (left > 0 && !this.closed) {
      const space = decoder.space()
      const count = Math.min(space.length, left)
      memory.reader.read(space, count)
      memory.reader.free()
      left -= count
      decoder.advance(count)
    }
    this.scheduler.arrived()
    this.grant()
    if (memory.otherWants === ROOM) memory.ring()
    return true
  }

  /** Lets the other side send as many messages as the pipe has room for. */
  private grant(): void {
    const { memory } = this
    const room = Math.min((this.end_ as LinkEnd).room, MOST_ROOM)
    if (memory.reader.grant((this.received + room) | 0) && memory.otherWants === GRANT) memory.ring()
  }

  private goOn(): void {
    this.publish()
    if (this.busy) return
    this.release()
    if (this.greeting !== undefined) {
      if (!this.pass(this.greeting)) return
      this.greeting = undefined
    }
    if (this.outbox?.length === 0) this.tellFlushed()
    else this.wake()
  }

  private hangUp(): void {
    if (this.shut()) this.owner.ended({ error: undefined, linked: true, retry: true })
  }

  private shut(): boolean {
    if (this.closed) return false
    this.publish()
    this.closed = true
    this.outbox?.passTo(undefined)
    this.settle()
    this.memory.end()
    this.watcher.stop()
    this.closedTask()
    return true
  }

  // ---- What the decoder found; all of it was granted

  get takesRuns(): boolean {
    return (this.end_ as LinkEnd).takesRuns
  }

  run(run: Run): boolean {
    this.received = (this.received + run.length) | 0
    this.owner.counters.messagesIn += run.length
    ;(this.end_ as LinkEnd).deliverRun(run)
    return true
  }

  message(message: Message): boolean {
    this.received = (this.received + 1) | 0
    this.owner.counters.messagesIn++
    ;(this.end_ as LinkEnd).deliver(message)
    return true
  }

  command(): boolean {
    return true
  }
}
