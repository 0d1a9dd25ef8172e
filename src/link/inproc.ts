// Two links back to back: no wire, no bytes, the messages themselves change hands.

import { AnnouncedPeer } from "../announced-peer.js"
import { copyOf } from "../bytes.js"
import { type Frame, type Message, own } from "../message.js"
import { isCompatible, type Peer, type SocketType } from "../peer.js"
import { Queue } from "../queue.js"
import type { Hello, Link, LinkEnd, LinkOwner, MessageOutbox, MessageTaker, Waker } from "./link.js"

/** The outbox of a pipe over inproc. Small frames are copied in, so that the sender may reuse their memory. */
export class MessageQueue implements MessageOutbox {
  private readonly queue: Queue<Message> = new Queue()
  private taker: MessageTaker | undefined

  get length(): number {
    return this.queue.length
  }

  /** Messages go straight to `taker` from now on, as long as it has room for them. */
  passTo(taker: MessageTaker | undefined): void {
    this.taker = taker
  }

  push(message: Message): void {
    if (this.taker === undefined || this.queue.length > 0 || !this.taker.pass(message)) {
      this.queue.push(own(message))
    }
  }

  passOn(taker: MessageTaker): void {
    for (let next = this.queue.peek(); next !== undefined && taker.pass(next); next = this.queue.peek()) {
      this.queue.shift()
    }
  }

  shift(): Message | undefined {
    return this.queue.shift()
  }

  clear(): void {
    this.queue.clear()
  }
}

/** Connects two sockets of one thread. Sockets that cannot talk to each other are left alone, as by libzmq. */
export function linkInproc(connecter: InprocParty, binder: InprocParty): void {
  const left = new InprocLink(connecter, peerOf(binder.hello))
  const right = new InprocLink(binder, peerOf(connecter.hello))
  left.partner = right
  right.partner = left
  connecter.owner.opened("")
  binder.owner.opened("")
  if (!isCompatible(connecter.hello.socketType, binder.hello.socketType)) {
    const error = mismatch(connecter.hello.socketType, binder.hello.socketType)
    connecter.owner.ended({ error, linked: false, retry: false })
    binder.owner.ended({ error, linked: false, retry: false })
    return
  }
  connecter.owner.linked(left)
  binder.owner.linked(right)
}

/** What the sockets of one process know of each other. */
export type Introduction = Pick<Hello, "socketType" | "routingId" | "metadata">

/** One side of an inproc connection. */
export interface InprocParty {
  readonly hello: Hello
  readonly owner: LinkOwner
}

/** Who a socket is that lives in this process. */
export function peerOf({ socketType, routingId, metadata }: Introduction): Peer {
  const extras = metadata === null ? undefined : new Map(Object.entries(metadata))
  return new AnnouncedPeer(socketType, routingId, "", extras)
}

/** Why two sockets of one process are not connected. */
export function mismatch(own: SocketType, peer: SocketType): Error {
  return new Error(`A ${own} socket cannot talk to a ${peer} one.`)
}

class InprocLink implements Link, Waker {
  readonly peer: Peer
  readonly busy = false
  readonly local = true
  readonly raw = false
  /** The other side took what it had room for; what is left counts. */
  readonly idle = false
  partner!: InprocLink
  private readonly owner: LinkOwner
  private readonly firstMessage: Frame | undefined
  private end_: LinkEnd | undefined
  private halted = false
  private closed = false
  /** Messages that were handed over and not counted yet. */
  private passed = 0

  constructor({ owner, hello }: InprocParty, peer: Peer) {
    this.owner = owner
    this.firstMessage = hello.firstMessage
    this.peer = peer
  }

  start(end: LinkEnd): void {
    this.end_ = end
    const { partner } = this
    ;(end.outbox as MessageOutbox).passTo(this)
    if (partner.end_ === undefined) return
    this.greet()
    partner.greet()
    this.wake()
    partner.wake()
  }

  private greet(): void {
    // A copy: what one receiver does to it no other one may see.
    if (this.firstMessage !== undefined && this.hasTaker) this.give([copyOf(this.firstMessage)])
  }

  /** Hands over one message; false when the other side has no room. */
  pass(message: Message): boolean {
    if (!this.hasTaker) return false
    this.give(own(message))
    return true
  }

  /** Hands over one message that is kept as it is. */
  private give(message: Message): void {
    const { partner } = this
    this.passed++
    if (!(partner.end_ as LinkEnd).deliver(message)) partner.halted = true
  }

  get waker(): Waker {
    return this
  }

  /** Hands over what waited until the other side had room. */
  wake(): void {
    const end = this.end_
    if (end === undefined || end.outbox.length === 0) return
    const outbox = end.outbox as MessageOutbox
    let taken = false
    while (this.hasTaker) {
      const message = outbox.shift()
      if (message === undefined) break
      taken = true
      this.give(message)
    }
    if (taken) end.drained()
    if (outbox.length === 0) end.flushed()
  }

  private get hasTaker(): boolean {
    return this.partner.end_ !== undefined && !this.partner.halted && !this.closed
  }

  resume(): void {
    this.halted = false
    this.partner.wake()
  }

  end(): void {
    this.destroy()
  }

  destroy(): void {
    if (this.closed) return
    this.shut()
    this.partner.shut()
    this.owner.ended({ error: undefined, linked: true, retry: false })
    this.partner.owner.ended({ error: undefined, linked: true, retry: true })
  }

  settle(): void {
    this.count()
    this.partner.count()
  }

  private count(): void {
    this.owner.counters.messagesOut += this.passed
    this.partner.owner.counters.messagesIn += this.passed
    this.passed = 0
  }

  private shut(): void {
    this.closed = true
    this.count()
    ;(this.end_?.outbox as MessageOutbox | undefined)?.passTo(undefined)
  }
}
