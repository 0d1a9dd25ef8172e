// A link to a socket on the other side of a port: messages go there in parcels, as far as it has given credit.

import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"
import { Encoder } from "../wire/encoder.js"
import { packParcel, unpackParcel } from "../wire/parcel.js"
import type { SlabPool } from "../wire/slab-pool.js"
import type {
  Hello,
  Link,
  LinkEnd,
  LinkOwner,
  MessageOutbox,
  MessageTaker,
  Scheduler,
  Waker,
} from "./link.js"

/** What may be on its way to a receiver, and wait before him, beyond his mark: bytes and what else a message costs. */
export const PORT_CREDIT = 262_144
/** Credit is given back when so much of it has come together. */
const CREDIT_AT_ONCE: number = PORT_CREDIT / 4
/** What a frame costs besides its bytes. */
const FRAME_COST = 256

/** What a link tells its other side. */
export interface PortLine {
  parcel(bytes: Uint8Array): void
  credit(amount: number): void
  end(): void
}

/** What it goes by. */
export interface PortTerms {
  readonly hello: Hello
  readonly owner: LinkOwner
  readonly peer: Peer
  readonly line: PortLine
  readonly scheduler: Scheduler
  readonly pool: SlabPool
  /** Told when the link is over. */
  readonly over: () => void
}

export class PortLink implements Link, Waker, MessageTaker {
  readonly peer: Peer
  readonly local = false
  readonly raw = false
  /** What there is credit for has left; what is left counts. */
  readonly idle = false
  private readonly hello: Hello
  private readonly owner: LinkOwner
  private readonly line: PortLine
  private readonly scheduler: Scheduler
  /** What goes in the next parcel. */
  private readonly encoder: Encoder
  private readonly lockstep: boolean
  private readonly postTask: () => void
  private readonly over: () => void
  private end_: LinkEnd | undefined
  private outbox: MessageOutbox | undefined
  private credit = PORT_CREDIT
  private scheduled = false
  /** The reader has no room. */
  private halted = false
  /** What came when he had none: no more than we gave credit for. */
  private readonly held: Queue<Message> = new Queue()
  /** Credit that can be given back. */
  private freed = 0
  private closed = false

  constructor({ hello, owner, peer, line, scheduler, pool, over }: PortTerms) {
    this.hello = hello
    this.owner = owner
    this.peer = peer
    this.line = line
    this.scheduler = scheduler
    this.encoder = new Encoder(pool)
    this.over = over
    this.lockstep = hello.socketType === "REQ" || peer.socketType === "REQ"
    this.postTask = () => {
      this.scheduled = false
      this.post()
    }
  }

  // ---- What the pipe asks for

  start(end: LinkEnd): void {
    this.end_ = end
    this.outbox = end.outbox as MessageOutbox
    this.outbox.passTo(this)
    const { firstMessage } = this.hello
    if (firstMessage !== undefined) this.pass([firstMessage])
    this.wake()
  }

  get waker(): Waker {
    return this
  }

  get busy(): boolean {
    return this.encoder.length > 0
  }

  /** Takes one message for the next parcel; false without credit. */
  pass(message: Message): boolean {
    if (this.credit <= 0 || this.closed) return false
    this.credit -= costOf(message)
    this.encoder.push(message)
    if (this.encoder.hasFullBatch || this.lockstep) this.post()
    else if (!this.scheduled) {
      this.scheduled = true
      this.scheduler.flushLater(this.postTask)
    }
    return true
  }

  wake(): void {
    const { outbox } = this
    if (outbox === undefined || outbox.length === 0) return
    let taken = false
    while (this.credit > 0 && !this.closed) {
      const message = outbox.shift()
      if (message === undefined) break
      taken = true
      this.pass(message)
    }
    if (taken) this.end_?.drained()
  }

  private post(): void {
    const { encoder } = this
    if (this.closed || encoder.length === 0) return
    for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) {
      this.owner.counters.messagesOut += batch.messages
      this.line.parcel(packParcel(batch))
      encoder.release(batch)
    }
    if (this.outbox?.length === 0) this.end_?.flushed()
  }

  resume(): void {
    this.halted = false
    this.deliverHeld()
  }

  end(): void {
    this.post()
    this.destroy()
  }

  destroy(): void {
    if (!this.shut()) return
    this.line.end()
    this.owner.ended({ error: undefined, linked: true, retry: false })
  }

  // ---- What the other side did

  /** Messages came. Throws a ProtocolError where they are none. */
  received(parcel: Uint8Array): void {
    if (this.closed || this.end_ === undefined) return
    const messages = unpackParcel(parcel)
    this.owner.counters.messagesIn += messages.length
    this.scheduler.arrived()
    for (const message of messages) this.held.push(message)
    this.deliverHeld()
  }

  /** There is room for more. */
  credited(amount: number): void {
    this.credit += amount
    this.wake()
  }

  /** The other side has gone, or the port: what came before is good. */
  ended(): void {
    if (this.closed) return
    while (this.held.length > 0) {
      this.halted = false
      this.deliverHeld()
    }
    if (this.shut()) this.owner.ended({ error: undefined, linked: true, retry: true })
  }

  private deliverHeld(): void {
    const { held } = this
    while (!this.halted && !this.closed && held.length > 0) {
      const message = held.shift() as Message
      this.freed += costOf(message)
      // Whoever is served at once may have made room again within this.
      if (!(this.end_ as LinkEnd).deliver(message)) this.halted = true
    }
    if (this.freed < CREDIT_AT_ONCE || this.closed) return
    this.line.credit(this.freed)
    this.freed = 0
  }

  private shut(): boolean {
    if (this.closed) return false
    this.closed = true
    this.outbox?.passTo(undefined)
    this.over()
    return true
  }
}

function costOf(message: Message): number {
  let cost = 0
  for (let at = 0; at < message.length; at++) cost += FRAME_COST + (message[at] as Uint8Array).length
  return cost
}
