// Two links back to back: no wire, no bytes, the messages themselves change hands.

import { type Message, own } from "../message.js"
import { isCompatible, type Peer, type SocketType } from "../peer.js"
import { Queue } from "../queue.js"
import type { Hello, Link, LinkEnd, LinkOwner, MessageOutbox } from "./link.js"

/** The outbox of a pipe over inproc. Small frames are copied in, so that the sender may reuse their memory. */
export class MessageQueue implements MessageOutbox {
  private readonly queue: Queue<Message> = new Queue()

  get length(): number {
    return this.queue.length
  }

  push(message: Message): void {
    this.queue.push(own(message))
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
  const left = new InprocLink(connecter.owner, peerOf(binder.hello))
  const right = new InprocLink(binder.owner, peerOf(connecter.hello))
  left.partner = right
  right.partner = left
  connecter.owner.opened("")
  binder.owner.opened("")
  if (!isCompatible(connecter.hello.socketType, binder.hello.socketType)) {
    const error = new Error(mismatch(connecter.hello.socketType, binder.hello.socketType))
    connecter.owner.ended({ error, linked: false, retry: false })
    binder.owner.ended({ error, linked: false, retry: false })
    return
  }
  connecter.owner.linked(left)
  binder.owner.linked(right)
}

/** One side of an inproc connection. */
export interface InprocParty {
  readonly hello: Hello
  readonly owner: LinkOwner
}

function peerOf(hello: Hello): Peer {
  return { socketType: hello.socketType, routingId: hello.routingId, address: "", properties: new Map() }
}

function mismatch(own: SocketType, peer: SocketType): string {
  return `A ${own} socket cannot talk to a ${peer} one.`
}

class InprocLink implements Link {
  readonly peer: Peer
  readonly busy = false
  /** The other side took what it had room for; what is left counts. */
  readonly idle = false
  partner!: InprocLink
  private readonly owner: LinkOwner
  private end_: LinkEnd | undefined
  private halted = false
  private closed = false

  constructor(owner: LinkOwner, peer: Peer) {
    this.owner = owner
    this.peer = peer
  }

  start(end: LinkEnd): void {
    this.end_ = end
    this.wake()
    if (this.partner.end_ !== undefined) this.partner.wake()
  }

  /** Hands over what the other side has room for. */
  wake(): void {
    const end = this.end_
    const { partner } = this
    const taker = partner.end_
    if (end === undefined || taker === undefined || this.closed) return
    const outbox = end.outbox as MessageOutbox
    let taken = false
    while (!partner.halted) {
      const message = outbox.shift()
      if (message === undefined) break
      taken = true
      if (!taker.deliver(message)) partner.halted = true
    }
    if (taken) end.drained()
    if (outbox.length === 0) end.flushed()
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
    this.closed = true
    this.partner.closed = true
    this.owner.ended({ error: undefined, linked: true, retry: false })
    this.partner.owner.ended({ error: undefined, linked: true, retry: true })
  }
}
