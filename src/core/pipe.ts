import type { Link, LinkEnd, Outbox, Waker } from "../link/link.js"
import type { Frame, Message, MessageRun } from "../message.js"
import type { Peer } from "../peer.js"
import type { Pipe } from "../routing/pattern.js"
import { Inbox } from "./inbox.js"

/** How many messages may wait each way; Infinity for no limit. */
export interface Marks {
  readonly send: number
  readonly receive: number
}

/** Who is told what happens in a pipe. */
export interface PipeOwner {
  readable(pipe: SocketPipe): void
  writable(pipe: SocketPipe): void
  /** All that was accepted has left this process. */
  flushed(pipe: SocketPipe): void
  /** The pattern wants the connection ended. */
  refused(pipe: SocketPipe, reason: Error | undefined): void
  /** The pattern has said all that it has to say. */
  concluded(pipe: SocketPipe): void
}

/**
 * Bounded traffic with one peer: an outbox that its links send from, an inbox that they deliver to. A link that
 * breaks leaves the pipe as it is, so what was queued goes out over the next one.
 */
export class SocketPipe implements Pipe, LinkEnd {
  readonly outbox: Outbox
  peer: Peer | undefined
  ended = false
  foreign = false
  connectionless = false
  link: Link | undefined
  /** What of the link is told of each message. */
  private waker: Waker | undefined

  sendSlot = -1
  queued = false
  round = 0
  routingId: Frame | undefined
  shownId: Frame | undefined

  private readonly owner: PipeOwner
  private readonly conflate: boolean
  private readonly inbox: Inbox = new Inbox()
  private sendMark = 0
  private receiveMark = 0
  /** A link that brings messages one by one goes on when one more than so many is left. */
  private resumeAt = 0
  /** No room was left; stays so until half of it is free, as with libzmq. */
  private full = false
  /** The link was told to stop delivering. */
  halted = false
  /** It brings messages one by one, and so may begin again in the middle of a run. */
  private stepwise = false

  constructor(owner: PipeOwner, outbox: Outbox, marks: Marks, conflate: boolean) {
    this.owner = owner
    this.outbox = outbox
    this.conflate = conflate
    this.setMarks(marks)
  }

  /** Takes effect on what comes next; nothing that was accepted is dropped. */
  setMarks({ send, receive }: Marks): void {
    this.sendMark = this.conflate ? Infinity : send
    this.receiveMark = this.conflate ? Infinity : receive
    this.resumeAt = this.receiveMark / 2 + 1
    if (this.full) this.drained()
    if (this.halted) this.relieve()
    else if (this.inbox.length < this.receiveMark) this.link?.resume()
  }

  // ---- The pattern's side

  get linked(): boolean {
    return this.link !== undefined
  }

  get readable(): boolean {
    return this.inbox.length > 0
  }

  /** Messages in the inbox. */
  get unread(): number {
    return this.inbox.length
  }

  get sender(): Peer | undefined {
    return this.inbox.sender
  }

  get run(): MessageRun | undefined {
    // Who takes from the run does not look at the mark, and a sender waits for half of it to be read.
    return this.stepwise && this.inbox.length <= this.resumeAt ? undefined : this.inbox.run
  }

  get writable(): boolean {
    if (this.full || this.ended) return false
    if (this.outbox.length < this.sendMark || this.link?.idle) return true
    // As with libzmq, who asks in vain waits as who writes in vain: both hear when there is room.
    return this.refuseMessage()
  }

  write(message: Message): boolean {
    const { outbox, waker } = this
    if (this.full || this.ended) return false
    if (outbox.length >= this.sendMark && !this.writable) return false
    outbox.push(message)
    if (waker !== undefined) waker.wake()
    return true
  }

  private refuseMessage(): false {
    this.full = true
    return false
  }

  force(message: Message): void {
    if (this.ended) return
    this.outbox.push(message)
    this.waker?.wake()
  }

  read(): Message | undefined {
    const message = this.inbox.shift()
    if (this.halted) this.relieve()
    return message
  }

  refuse(reason?: Error): void {
    this.owner.refused(this, reason)
  }

  finish(): void {
    this.owner.concluded(this)
  }

  // ---- The link's side

  deliver(message: Message): boolean {
    const { inbox } = this
    if (this.ended) return true
    if (this.conflate) inbox.clear()
    inbox.push(message)
    if (inbox.length === 1) this.owner.readable(this)
    if (inbox.length < this.receiveMark) return true
    this.halted = true
    this.stepwise = true
    return false
  }

  get takesRuns(): boolean {
    // What only the last message of is wanted, or none, needs no queueing.
    return !this.conflate && !this.ended
  }

  deliverRun(run: MessageRun): boolean {
    const { inbox } = this
    const wasEmpty = inbox.length === 0
    inbox.pushRun(run)
    if (wasEmpty) this.owner.readable(this)
    if (inbox.length < this.receiveMark) return true
    this.halted = true
    return false
  }

  get room(): number {
    // Whoever has let go takes anything, to drop it.
    return this.ended ? Infinity : Math.max(this.receiveMark - this.inbox.length, 0)
  }

  drained(): void {
    if (!this.full || (this.outbox.length > this.sendMark / 2 && !this.link?.idle)) return
    this.full = false
    this.owner.writable(this)
  }

  flushed(): void {
    this.owner.flushed(this)
  }

  // ---- The connection's side

  /** What comes now comes from `peer`. */
  receiveFrom(peer: Peer): void {
    this.peer = peer
    this.inbox.receiveFrom(peer)
  }

  /** A link has come up under the pipe, or the last one has gone. */
  relink(link: Link | undefined): void {
    this.link = link
    this.waker = link?.waker
    if (link !== undefined) this.foreign = !link.local
  }

  /** Something that was accepted has not left this process. */
  get unflushed(): boolean {
    return this.outbox.length > 0 || (this.link?.busy ?? false)
  }

  /**
   * Lets the pattern have a message that no peer sent, beyond the mark. The link that it tells of must not wait for its
   * reader before it has brought anything, so what comes next is what halts.
   */
  tell(message: Message): void {
    const { inbox } = this
    if (this.ended) return
    if (this.conflate) inbox.clear()
    inbox.push(message)
    if (inbox.length === 1) this.owner.readable(this)
  }

  /** Forgets what was received and not read. */
  discardInbox(): void {
    this.inbox.clear()
  }

  /** Forgets what was accepted and not sent. */
  discardOutbox(): void {
    this.outbox.clear()
    this.drained()
  }

  /** Lets the link read on, now that nobody does: else it would not hear that the peer has gone. */
  release(): void {
    if (this.halted) this.relieve()
  }

  private relieve(): void {
    if (this.inbox.length > this.receiveMark / 2) return
    this.halted = false
    this.stepwise = false
    this.link?.resume()
  }
}
