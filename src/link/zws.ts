// A connection that speaks ZWS 2.0 (RFC 45): a WebSocket's opening handshake, a mechanism, then traffic.

import { AnnouncedPeer } from "../announced-peer.js"
import { EMPTY } from "../bytes.js"
import { LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"
import { lateRefusal, PeerRefusal } from "../security/mechanism.js"
import { decodeCommand } from "../wire/command.js"
import { requestNamesOf, requestOf } from "../wire/requests.js"
import { encodePacket, PacketDecoder, type PacketSink } from "../wire/zws.js"
import { GroupEnd } from "./group-end.js"
import type { HandshakeOwner } from "./handshake.js"
import { putOffEnd } from "./late-end.js"
import type {
  Counters,
  EncodedOutbox,
  Hello,
  Link,
  LinkEnd,
  LinkOwner,
  Scheduler,
  Timer,
  Waker,
} from "./link.js"
import { LinkWriter } from "./link-writer.js"
import type { PacketConn, PacketHandler } from "./packet-conn.js"
import { PacketSealer, packetOpener } from "./packet-protection.js"
import { ReadingPace } from "./reading-pace.js"
import { createZwsHandshake, type ZwsHandshake } from "./zws-handshake.js"
import { type ZwsBody, ZwsHeart } from "./zws-heart.js"

/** Packets are told one by one; so many bytes of them count as one read. */
const READ_BYTES = 65_536

type State = "upgrade" | "handshake" | "traffic" | "ended"

/** Opens a ZWS connection over `conn`: `owner` hears when it is ready for a pipe and when it has ended. */
export class ZwsLink implements Link, PacketHandler, PacketSink, HandshakeOwner, ZwsBody {
  peer: Peer
  readonly local = false
  readonly raw = false
  /** Counted by packets, pings and pongs. */
  signsOfLife = 0

  private readonly conn: PacketConn
  private readonly hello: Hello
  private readonly owner: LinkOwner
  private readonly counters: Counters
  private readonly scheduler: Scheduler
  private readonly decoder: PacketDecoder
  private readonly writer: LinkWriter
  private readonly pace: ReadingPace
  private readonly heart: ZwsHeart
  private handshake: ZwsHandshake | undefined
  private state: State = "upgrade"
  private timer: Timer | undefined
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
  private failure: { error: Error | undefined; retry: boolean } | undefined

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
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.deaf && this.state !== "ended") conn.resume()
    })
  }

  /** Begins the opening handshake, or waits for the peer's. */
  open(): void {
    if (this.hello.handshakeInterval > 0) {
      this.timer = this.scheduler.setTimer(this.hello.handshakeInterval, () => {
        this.fail(new ZmqError("EAGAIN", { message: "The handshake took too long." }), true)
      })
    }
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
    this.timer?.cancel()
    this.handshake?.close()
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
    if (this.state !== "upgrade" || this.failure !== undefined) return
    this.state = "handshake"
    this.handshake = createZwsHandshake(subprotocol, this.hello, this.conn.remote, this)
    try {
      this.shakeHands()
    } catch (error) {
      this.failDecoding(error)
    }
  }

  get stranger(): boolean {
    return this.state === "handshake"
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
    this.timer?.cancel()
    this.heart.stop()
    this.handshake?.close()
    const final = error instanceof ProtocolError || error instanceof LimitError
    const ending = this.failure ?? { error, retry: !final }
    this.owner.ended({ ...ending, linked })
  }

  // ---- What the decoder found

  message(message: Message): void {
    if (this.state === "traffic") {
      this.counters.messagesIn++
      this.halted = !(this.end_ as LinkEnd).deliver(message)
      return
    }
    const { handshake } = this
    if (message.length > 1 || !handshake?.handleMessage(message[0] as Frame)) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message came before the handshake was over.")
    }
    this.shakeHands()
  }

  command(body: Frame): void {
    if (this.state === "traffic") this.handleTraffic(body)
    else {
      this.handshake?.handle(body)
      this.shakeHands()
    }
  }

  private handleTraffic(body: Frame): void {
    const { name, data } = decodeCommand(body)
    switch (name) {
      case "PING":
        this.heart.pinged(data)
        break
      case "PONG":
        this.heart.ponged()
        break
      case "ERROR":
        throw lateRefusal(data)
      default:
        this.deliverRequest(name, data)
    }
  }

  /** libzmq sends subscriptions as messages here, and others may do so as over ZMTP 3.1. */
  private deliverRequest(name: string, data: Frame): void {
    const request = requestOf(this.hello.socketType, name, data)
    if (request === undefined) return
    this.counters.messagesIn++
    this.halted = !(this.end_ as LinkEnd).deliver([request])
  }

  // ---- Handshake

  private shakeHands(): void {
    const handshake = this.handshake as ZwsHandshake
    for (let packet = handshake.next(); packet !== undefined; packet = handshake.next()) {
      this.writer.sendUrgent(packet)
    }
    if (handshake.failure !== undefined) this.refuse(handshake.failure)
    if (!handshake.complete) return
    this.decoder.refusesParts = false
    const { protection } = handshake
    if (protection !== undefined) {
      this.writer.protect(new PacketSealer(protection))
      this.decoder.protect(packetOpener(protection, this.hello.limits))
    }
    this.peer = handshake.readPeer(this.conn.remote)
    this.decoder.setLimits(this.hello.limits)
    this.state = "traffic"
    this.timer?.cancel()
    this.heart.start()
    this.owner.linked(this)
  }

  /** Who was to let the peer in has answered, or what was to hide messages is there. */
  progressed(): void {
    // Who has been sent away, or took too long, is not let in while the connection closes.
    if (this.state !== "handshake" || this.failure !== undefined) return
    try {
      this.shakeHands()
    } catch (error) {
      this.failDecoding(error)
    }
  }

  /** We do not let the peer in, which it has been told, or is to find out by itself. */
  private refuse(error: Error): void {
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

  /** What a peer sent ends its connection, whatever it was that it broke. */
  private failDecoding(error: unknown): void {
    const final =
      error instanceof ProtocolError || error instanceof LimitError || error instanceof PeerRefusal
    this.fail(error instanceof Error ? error : new Error(String(error)), !final)
  }

  private fail(error: Error | undefined, retry: boolean): void {
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
