// RADIO, DISH and DGRAM over UDP: each message is a datagram, and nobody says hello.

import { AnnouncedPeer } from "../announced-peer.js"
import { allocate, copyOf, EMPTY } from "../bytes.js"
import {
  type DatagramAddress,
  formatDatagramAddress,
  LARGEST_DATAGRAM,
  parseDatagramAddress,
} from "../datagram.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { LONGEST_GROUP } from "../subscription.js"
import type { Counters, Hello, Link, LinkEnd, LinkOwner, MessageOutbox, Scheduler, Waker } from "./link.js"

/** So many datagrams may be on their way to the system before others wait in the pipe. */
const MOST_IN_FLIGHT = 64

/** Sends the datagrams of a link. */
export interface DatagramCarrier {
  send(bytes: Uint8Array, to: DatagramAddress, done: (error: Error | null) => void): void
  close(): Promise<void>
}

/** The datagram of a message to a group: a byte that says how long its name is, the name, and the rest (RFC 48). */
export function encodeGroupDatagram(message: Message): Uint8Array {
  const [group, body] = message as [Frame, Frame]
  const bytes = allocate(1 + group.length + body.length)
  bytes[0] = group.length
  bytes.set(group, 1)
  bytes.set(body, 1 + group.length)
  return bytes
}

/** The group and body of a datagram, as views; undefined for what is none. */
export function decodeGroupDatagram(bytes: Frame): Message | undefined {
  const length = bytes[0]
  if (length === undefined || length > LONGEST_GROUP || 1 + length > bytes.length) return undefined
  return [bytes.subarray(1, 1 + length) as Frame, bytes.subarray(1 + length) as Frame]
}

/** What moves between one pipe and UDP. */
export class DatagramLink implements Link, Waker {
  readonly peer: Peer = new AnnouncedPeer("", EMPTY, "")
  readonly local = false
  readonly raw = true
  private readonly owner: LinkOwner
  private readonly counters: Counters
  private readonly hello: Hello
  private readonly scheduler: Scheduler
  /** Where everything goes; undefined: each message says it. */
  private readonly target: DatagramAddress | undefined
  private carrier: DatagramCarrier | undefined
  private end_: LinkEnd | undefined
  private inFlight = 0
  private halted = false
  private ending = false
  private over = false
  private resolveClosed!: () => void
  /** Resolves when the address is free. */
  readonly closed: Promise<void>

  constructor(hello: Hello, owner: LinkOwner, scheduler: Scheduler, target: DatagramAddress | undefined) {
    this.hello = hello
    this.owner = owner
    this.counters = owner.counters
    this.scheduler = scheduler
    this.target = target
    this.closed = new Promise((resolve) => {
      this.resolveClosed = resolve
    })
  }

  /** There is a socket to go by: the owner may start. */
  open(carrier: DatagramCarrier): void {
    this.carrier = carrier
    this.owner.opened("")
    if (!this.over) this.owner.linked(this)
  }

  /** Nothing comes or goes any more: the pattern may have turned the link away when it was opened. */
  get ended(): boolean {
    return this.over
  }

  // ---- What the pipe asks for

  start(end: LinkEnd): void {
    this.end_ = end
    this.wake()
  }

  get waker(): Waker {
    return this
  }

  get busy(): boolean {
    return this.inFlight > 0
  }

  get idle(): boolean {
    return !this.over && this.inFlight < MOST_IN_FLIGHT
  }

  wake(): void {
    const { end_: end } = this
    if (end === undefined || this.over) return
    const outbox = end.outbox as MessageOutbox
    let taken = false
    while (this.inFlight < MOST_IN_FLIGHT) {
      const message = outbox.shift()
      if (message === undefined) break
      taken = true
      this.send(message)
    }
    if (taken) end.drained()
    this.lookWhetherSent()
  }

  resume(): void {
    this.halted = false
  }

  /** Closes when all that was accepted has been sent. */
  end(): void {
    this.ending = true
    this.lookWhetherSent()
  }

  destroy(): void {
    this.finish(undefined)
  }

  // ---- What the socket tells

  /** Takes in a datagram, in memory of its own. What nobody has room for is lost, as is what makes no sense. */
  received(bytes: Frame, from: DatagramAddress): void {
    const end = this.end_
    if (end === undefined || this.over || this.ending) return
    this.counters.bytesIn += bytes.length
    const message = this.hello.socketType === "DGRAM" ? addressed(bytes, from) : decodeGroupDatagram(bytes)
    const body = message?.[1]
    const fits = bytes.length <= LARGEST_DATAGRAM && (body?.length ?? 0) <= this.hello.limits.frameBytes
    if (message === undefined || !fits || this.halted) {
      this.counters.dropped++
      return
    }
    this.counters.messagesIn++
    this.halted = !end.deliver(message)
    this.scheduler.arrived()
  }

  failed(error: Error): void {
    this.finish(error)
  }

  private send(message: Message): void {
    const [first, body] = message as [Frame, Frame]
    const { target } = this
    const to = target ?? parseDatagramAddress(first)
    const size = target === undefined ? body.length : 1 + first.length + body.length
    if (to === undefined || size > LARGEST_DATAGRAM) {
      this.counters.dropped++
      return
    }
    // Of DGRAM the body alone; its memory is the pipe's, whatever the user does meanwhile.
    const bytes = target === undefined ? copyOf(body) : encodeGroupDatagram(message)
    this.inFlight++
    this.counters.messagesOut++
    this.counters.bytesOut += bytes.length
    ;(this.carrier as DatagramCarrier).send(bytes, to, (error) => this.sent(error))
  }

  /** What the system refuses, for want of a way to the address say, is lost. */
  private sent(error: Error | null): void {
    this.inFlight--
    if (error !== null && error !== undefined) this.counters.dropped++
    this.wake()
  }

  private lookWhetherSent(): void {
    const { end_: end } = this
    if (this.over || this.inFlight > 0 || (end !== undefined && end.outbox.length > 0)) return
    if (this.ending) this.finish(undefined)
    else end?.flushed()
  }

  private finish(error: Error | undefined): void {
    if (this.over) return
    this.over = true
    void (this.carrier?.close() ?? Promise.resolve()).then(this.resolveClosed)
    this.owner.ended({ error, linked: true, retry: error !== undefined })
  }
}

function addressed(bytes: Frame, from: DatagramAddress): Message {
  return [formatDatagramAddress(from), bytes]
}
