// A connection that speaks ZWS 2.0 (RFC 45): a WebSocket's opening handshake, a mechanism, then traffic.

import { AnnouncedPeer } from "../announced-peer.js"
import { EMPTY } from "../bytes.js"
import { LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"
import type { Protection } from "../security/mechanism.js"
import { requestNamesOf } from "../wire/requests.js"
import { encodePacket, PacketDecoder, type PacketSink } from "../wire/zws.js"
import { type Failure, failureOf } from "./failure.js"
import { GroupEnd } from "./group-end.js"
import { putOffEnd } from "./late-end.js"
import type { Counters, EncodedOutbox, Hello, Link, LinkEnd, LinkOwner, Scheduler, Waker } from "./link.js"
import { LinkWriter } from "./link-writer.js"
import type { PacketConn, PacketHandler } from "./packet-conn.js"
import { PacketSealer, packetOpener } from "./packet-protection.js"
import { ReadingPace } from "./reading-pace.js"
import { requestIn } from "./zws-commands.js"
import { type ZwsBody, ZwsHeart } from "./zws-heart.js"
import { ZwsOpening, type ZwsOpeningOwner } from "./zws-opening.js"

/** Packets are told one by one; so many bytes of them count as one read. */
const READ_BYTES = 65_536

type State = "opening" | "traffic" | "ended"

/** Opens a ZWS connection over `conn`: `owner` hears when it is ready for a pipe and when it has ended. */
export class ZwsLink implements Link, PacketHandler, PacketSink, ZwsOpeningOwner, ZwsBody {
  peer: Peer
  readonly local = false
  readonly raw = false

  private readonly conn: PacketConn
  private readonly hello: Hello
  private readonly owner: LinkOwner
  private readonly counters: Counters
  private readonly scheduler: Scheduler
  private readonly decoder: PacketDecoder
  private readonly writer: LinkWriter
  private readonly pace: ReadingPace
  private readonly heart: ZwsHeart
  private readonly opening: ZwsOpening
  private state: State = "opening"
  private end_: LinkEnd | undefined
  /** The reader has no room, or is about to get what was held back. */
  private halted = false
  /** The user is behind with what earlier connections brought. */
  private holds = false
  /** What was read and not decoded when the reader had no more room: what a read brings besides at most. */
  private readonly held: Queue<Uint8Array> = new Queue()
  /** The bytes of what is held. */
  unread = 0
  /** How much came since the pace was asked. */
  private unpaced = 0
  private ending = false
  /** The connection is over, which is told when the reader has what it brought. */
  private tellEnd: (() => void) | undefined
  private failure: Failure | undefined

  constructor(conn: PacketConn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.hello = hello
    this.owner = owner
    this.counters = owner.counters
    this.scheduler = scheduler
    this.peer = new AnnouncedPeer("", EMPTY, conn.remote)
    this.decoder = new PacketDecoder(this, hello.handshakeLimits)
    this.writer = new LinkWriter(conn, scheduler, owner.counters)
    this.heart = new ZwsHeart(conn, this.writer, hello.heartbeat, scheduler, this)
    this.opening = new ZwsOpening(conn.remote, hello, this.writer, scheduler, this)
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.deaf && this.state !== "ended") conn.resume()
    })
  }

  /** Begins the opening handshake, or waits for the peer's. */
  open(): void {
    // Whoever was told of the connection may have turned it away at once.
    if (this.state !== "ended") this.opening.begin()
    this.conn.start(this)
  }

  // ---- What the pipe asks for

  get busy(): boolean {
    return this.writer.busy
  }

  get idle(): boolean {
    return this.writer.idle
  }

  start(end: LinkEnd): void {
    const { socketType, firstMessage } = this.hello
    this.end_ = socketType === "DISH" ? new GroupEnd(end) : end
    // Were each new connection to bring messages beyond the mark, a peer that comes and goes would fill the memory.
    this.holds = end.halted
    this.halted = end.halted
    ;(end.outbox as EncodedOutbox).requestNames = requestNamesOf(socketType, false)
    if (firstMessage !== undefined) {
      this.counters.messagesOut++
      this.writer.sendUrgent(encodePacket(0, firstMessage))
    }
    // A peer that is no REQ may ask a REP many things at a time.
    this.writer.start(end, socketType === "REQ" || this.peer.socketType === "REQ")
  }

  get waker(): Waker {
    return this.writer
  }

  resume(): void {
    // What stands behind an error is not for the reader, who may come until the connection has closed.
    if (this.failure !== undefined || !this.halted) return
    this.halted = false
    this.holds = false
    this.decodeHeld()
    if (this.tellEnd !== undefined) this.tellEnd()
    else if (!this.deaf && !this.pace.resting && this.failure === undefined) this.conn.resume()
  }

  end(): void {
    if (this.ending || this.state === "ended") return
    this.ending = true
    this.heart.stop()
    this.conn.end()
    this.tellEnd?.()
  }

  destroy(): void {
    this.fail(undefined, false)
  }

  /** Ends the connection at once and without a word to the owner. */
  abandon(): void {
    this.state = "ended"
    this.writer.stop()
    this.opening.close()
    this.conn.destroy()
  }

  // ---- Signs of life

  get deaf(): boolean {
    return this.held.length > 0
  }

  silent(): void {
    this.fail(new ZmqError("ETIMEDOUT", { message: "The peer gave no sign of life." }), true)
  }

  // ---- What the connection tells

  upgraded(subprotocol: string): void {
    this.opening.upgraded(subprotocol)
  }

  get stranger(): boolean {
    return this.state === "opening"
  }

  packet(packet: Uint8Array): void {
    // After end() the peer's messages have nowhere to go.
    if (this.ending || this.state === "ended" || this.failure !== undefined) return
    this.heart.signsOfLife++
    this.counters.bytesIn += packet.length
    this.scheduler.arrived()
    if (this.halted) this.receiveBehind(packet)
    else {
      this.decode(packet)
      this.keepPace(packet.length)
    }
  }

  /** The reader is behind; but a peer that has nothing to say but that it lives must hear that we do. */
  private receiveBehind(packet: Uint8Array): void {
    if (!this.deaf && this.decoder.isSign(packet)) {
      this.decode(packet)
      this.keepPace(packet.length)
      return
    }
    this.held.push(packet)
    this.unread += packet.length
    this.conn.pause()
  }

  signOfLife(): void {
    this.heart.signsOfLife++
  }

  written(): void {
    this.writer.written()
  }

  closed(error: Error | undefined): void {
    if (this.state === "ended") return
    const linked = this.state === "traffic"
    if (linked && !this.ending && this.failure === undefined) {
      if (this.putsOffEnd(error)) return
      this.deliverRest()
    }
    this.state = "ended"
    this.writer.stop()
    this.heart.stop()
    this.opening.close()
    const final = error instanceof ProtocolError || error instanceof LimitError
    const ending = this.failure ?? { error, retry: !final }
    this.owner.ended({ ...ending, linked })
  }

  // ---- What the decoder found

  message(message: Message): void {
    if (this.state === "traffic") {
      this.counters.messagesIn++
      this.halted = !(this.end_ as LinkEnd).deliver(message)
    } else this.opening.message(message)
  }

  command(body: Frame): void {
    if (this.state !== "traffic") this.opening.command(body)
    else {
      const request = requestIn(body, this.hello.socketType, this.heart)
      if (request !== undefined) this.message([request])
    }
  }

  // ---- What the opening tells

  get failed(): boolean {
    return this.failure !== undefined
  }

  opened(peer: Peer, protection: Protection | undefined): void {
    this.peer = peer
    this.decoder.refusesParts = false
    if (protection !== undefined) {
      this.writer.protect(new PacketSealer(protection))
      this.decoder.protect(packetOpener(protection, this.hello.limits))
    }
    this.decoder.setLimits(this.hello.limits)
    this.state = "traffic"
    this.heart.start()
    this.owner.linked(this)
  }

  refuse(error: Error): void {
    this.failure = { error, retry: true }
    this.ending = true
    this.writer.endUrgently()
  }

  // ---- Reading

  private decode(packet: Uint8Array): void {
    try {
      this.decoder.decode(packet)
    } catch (error) {
      this.failDecoding(error)
    }
  }

  private decodeHeld(): void {
    for (let packet = this.held.peek(); packet !== undefined; packet = this.held.peek()) {
      if (this.halted && !this.decoder.isSign(packet)) return
      this.held.shift()
      this.unread -= packet.length
      this.decode(packet)
    }
  }

  /**
   * What was read has arrived, so a reader that is behind gets it beyond the high-water mark. Were the end to wait for
   * the reader, a sender that waits for this peer would wait with it. But not where the reader was behind before this
   * connection: those that come and go would bring more and more.
   */
  private deliverRest(): void {
    if (this.holds) return
    while (this.held.length > 0 && this.failure === undefined) {
      this.halted = false
      this.decodeHeld()
    }
  }

  private putsOffEnd(error: Error | undefined): boolean {
    if (!this.holds || this.held.length === 0 || this.tellEnd !== undefined) return false
    this.tellEnd = putOffEnd(this.end_ as LinkEnd, this.writer, this.scheduler, () => this.closed(error))
    if (this.tellEnd === undefined) return false
    this.heart.stop()
    return true
  }

  private keepPace(count: number): void {
    this.unpaced += count
    if (this.unpaced < READ_BYTES) return
    const busy = this.pace.allows(this.unpaced)
    this.unpaced = 0
    if (!busy) this.conn.pause()
  }

  // ---- Failure

  failDecoding(thrown: unknown): void {
    const { error, retry } = failureOf(thrown)
    this.fail(error, retry)
  }

  fail(error: Error | undefined, retry: boolean): void {
    if (this.state === "ended" || this.failure !== undefined) return
    this.failure = { error, retry }
    this.held.clear()
    this.unread = 0
    this.writer.stop()
    this.heart.stop()
    this.conn.destroy()
    this.tellEnd?.()
  }
}
