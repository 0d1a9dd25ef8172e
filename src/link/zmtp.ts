// A connection that speaks ZMTP: greeting, mechanism, then traffic. Peers older than ZMTP 3 have no mechanism.

import { AnnouncedPeer } from "../announced-peer.js"
import { EMPTY, toLatin1 } from "../bytes.js"
import { LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { PeerRefusal } from "../security/mechanism.js"
import { CANCEL, SUBSCRIBE, subscriptionFrame } from "../subscription.js"
import { decodeCommand, decodePing, encodeCommand, encodePing } from "../wire/command.js"
import type { DecoderSink } from "../wire/decoder.js"
import { encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import type { Run } from "../wire/run.js"
import type { Conn, ConnHandler } from "./conn.js"
import type { GreetedPlace } from "./greeted-places.js"
import { Handshake, type HandshakeOwner } from "./handshake.js"
import { Heartbeat, type HeartbeatOwner } from "./heartbeat.js"
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
import { LinkReader } from "./link-reader.js"
import { LinkWriter } from "./link-writer.js"
import { ReadingPace } from "./reading-pace.js"
import { Version1Conn } from "./version1-conn.js"

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16

/** Characters of an ERROR's reason, which gets to the user. */
const MAX_REASON = 255

/** Where a read goes that nobody wants any more. */
const DISCARDED_BYTES = 1024

type State = "greeting" | "handshake" | "traffic" | "ended"

/** Opens a ZMTP connection over `conn`: `owner` hears when it is ready for a pipe and when it has ended. */
export class ZmtpLink implements Link, ConnHandler, DecoderSink, HandshakeOwner, HeartbeatOwner {
  peer: Peer
  readonly local = false
  readonly raw = false
  /** Counted by reads. */
  signsOfLife = 0

  private conn: Conn
  private readonly hello: Hello
  private readonly owner: LinkOwner
  private readonly counters: Counters
  private readonly scheduler: Scheduler
  private readonly reader: LinkReader
  private readonly handshake: Handshake
  private readonly writer: LinkWriter
  private readonly pace: ReadingPace
  private state: State = "greeting"
  private timer: Timer | undefined
  private place: GreetedPlace | undefined
  /** There from the first need of it on. */
  private heartbeat: Heartbeat | undefined
  private end_: LinkEnd | undefined
  /** Reading waits for the reader. */
  private paused = false
  private ending = false
  private failure: { error: Error | undefined; retry: boolean } | undefined

  constructor(conn: Conn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.hello = hello
    this.owner = owner
    this.counters = owner.counters
    this.scheduler = scheduler
    this.peer = new AnnouncedPeer("", EMPTY, conn.remote)
    this.reader = new LinkReader(this, hello.handshakeLimits)
    this.handshake = new Handshake(hello, conn.remote, this)
    this.writer = new LinkWriter(conn, scheduler, owner.counters)
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.paused && this.state !== "ended") this.conn.resume()
    })
  }

  /** Greets whoever is at `place` and begins to read. */
  open(place: GreetedPlace): void {
    this.place = place
    this.begin()
    this.writer.sendUrgent(this.handshake.opening(place.whole))
  }

  /** Whoever came may have greeted: then the answer to that goes out with our greeting, in one write. */
  openLater(): void {
    // Whoever was told of the connection may have turned it away at once.
    if (this.state === "ended") return
    this.begin()
    this.writer.sendUrgentLater(this.handshake.opening(false))
  }

  private begin(): void {
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
    this.end_ = end
    const { socketType, firstMessage } = this.hello
    if (firstMessage !== undefined) {
      this.counters.messagesOut++
      this.writer.sendUrgent(encodeFrame(firstMessage, 0))
    }
    const outbox = end.outbox as EncodedOutbox
    outbox.subscriptionCommands =
      this.handshake.peerMinor > 0 && (socketType === "SUB" || socketType === "XSUB")
    // A peer that is no REQ may ask a REP many things at a time.
    this.writer.start(end, socketType === "REQ" || this.peer.socketType === "REQ")
  }

  get waker(): Waker {
    return this.writer
  }

  resume(): void {
    // What stands behind an error is not for the reader, who may come until the connection has closed.
    if (this.failure !== undefined) return
    try {
      this.reader.resume()
    } catch (error) {
      this.failDecoding(error)
      return
    }
    if (this.paused && !this.reader.halted) {
      this.paused = false
      if (!this.pace.resting) this.conn.resume()
    }
  }

  end(): void {
    if (this.ending || this.state === "ended") return
    this.ending = true
    this.heartbeat?.stop()
    this.conn.end()
  }

  destroy(reason?: Error): void {
    this.fail(reason, false)
  }

  /** Ends the connection at once and without a word to the owner. */
  abandon(): void {
    this.state = "ended"
    this.writer.stop()
    this.timer?.cancel()
    this.handshake.close()
    this.conn.destroy()
  }

  // ---- What the connection tells

  space(): Uint8Array {
    try {
      return this.reader.space()
    } catch (error) {
      this.fail(new ZmqError("ENOMEM", { cause: error }), true)
      return new Uint8Array(DISCARDED_BYTES)
    }
  }

  received(count: number): boolean {
    // After end() the peer's messages have nowhere to go.
    if (this.ending || this.state === "ended" || this.failure !== undefined) return true
    this.signsOfLife++
    this.counters.bytesIn += count
    if (this.state === "greeting") return this.receivedGreeting(count)
    const wasHalted = this.reader.halted && this.state === "traffic"
    try {
      this.reader.advance(count)
      // The reader had its chance between two reads; it is behind, so the peer must wait.
      this.paused = wasHalted && this.reader.halted
    } catch (error) {
      this.failDecoding(error)
      return false
    }
    this.scheduler.arrived()
    if (this.paused) {
      // As messages they take no more memory, and what is left undecoded would have to move with the next read.
      this.deliverRest()
      return false
    }
    return this.pace.allows(count)
  }

  written(): void {
    this.writer.written()
  }

  closed(error: Error | undefined): void {
    if (this.state === "ended") return
    const linked = this.state === "traffic"
    this.tellPlace(false)
    if (linked && !this.ending && this.failure === undefined) this.deliverRest()
    this.state = "ended"
    this.writer.stop()
    this.timer?.cancel()
    this.heartbeat?.stop()
    this.handshake.close()
    const { failure } = this
    this.owner.ended({
      error: failure?.error ?? error,
      linked,
      retry: failure?.retry ?? true,
      hidden: this.reader.protected,
    })
  }

  /**
   * What was read has arrived, so a reader that is behind gets it beyond the high-water mark: two reads at most.
   * Were the end to wait for the reader, a sender that waits for this peer would wait with it.
   */
  private deliverRest(): void {
    try {
      while (this.reader.halted) this.reader.resume()
    } catch (error) {
      this.failDecoding(error)
    }
  }

  // ---- What the decoder found

  get takesRuns(): boolean {
    return this.state === "traffic" && (this.end_ as LinkEnd).takesRuns
  }

  run(run: Run): boolean {
    this.counters.messagesIn += run.length
    return (this.end_ as LinkEnd).deliverRun(run)
  }

  message(message: Message): boolean {
    if (this.state !== "traffic") return this.handleEarly(message)
    this.counters.messagesIn++
    return (this.end_ as LinkEnd).deliver(message)
  }

  command(body: Frame): boolean {
    if (!this.handshake.takesCommands) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A peer older than ZMTP 3 sent a command.")
    }
    if (this.state === "traffic") return this.handleTraffic(body)
    this.handshake.handle(body)
    this.shakeHands()
    return !this.reader.protected
  }

  private handleTraffic(body: Frame): boolean {
    const { name, data } = decodeCommand(body)
    switch (name) {
      case "SUBSCRIBE":
        return this.deliverSubscription(SUBSCRIBE, data)
      case "CANCEL":
        return this.deliverSubscription(CANCEL, data)
      case "PING":
        this.answerPing(data)
        return true
      case "ERROR":
        throw new PeerRefusal(toLatin1(data, 1, Math.min(data.length, 1 + MAX_REASON)))
      default:
        // PONG, and whatever later versions add.
        return true
    }
  }

  private answerPing(data: Frame): void {
    const { timeToLive, context } = decodePing(data)
    if (this.writer.urgentCount < MAX_URGENT) {
      this.writer.sendUrgent(encodeFrame(encodeCommand("PONG", context), COMMAND))
    }
    // What stands behind it is a sign of life already.
    if (timeToLive === 0 || this.reader.peekRaw().length > 0) return
    this.heartbeat ??= new Heartbeat(this.hello.heartbeat, this.scheduler, this)
    this.heartbeat.pinged(timeToLive * 100)
  }

  private deliverSubscription(first: number, topic: Frame): boolean {
    const { socketType } = this.hello
    if (socketType !== "PUB" && socketType !== "XPUB") return true
    this.counters.messagesIn++
    return (this.end_ as LinkEnd).deliver([subscriptionFrame(first, topic)])
  }

  // ---- Handshake

  /** Part of the greeting came, and maybe more. */
  private receivedGreeting(count: number): boolean {
    let old: Version1Conn | undefined
    try {
      this.reader.advance(count)
      if (this.handshake.greet(this.reader, (bytes) => this.writer.sendUrgent(bytes))) {
        this.state = "handshake"
        if (this.handshake.hasOldFrames) old = this.standBetween()
        this.shakeHands()
        this.reader.resume()
      }
    } catch (error) {
      this.failDecoding(error)
      return false
    }
    this.scheduler.arrived()
    // What is left comes through it.
    return old === undefined || old.passOn()
  }

  /** From now on all that comes and goes has its framing changed; what waits to go was no frame. */
  private standBetween(): Version1Conn {
    const heard = this.reader.takeRaw(this.reader.peekRaw().length) as Uint8Array
    // It comes once more, as other frames.
    this.counters.bytesIn -= heard.length
    const { urgentBytes } = this.writer
    const old = new Version1Conn(this.conn, heard, urgentBytes, (error) => this.failDecoding(error))
    this.conn = old
    this.writer.reroute(old)
    old.start(this)
    return old
  }

  /** A message that comes before the handshake is over is an old peer's routing id. */
  private handleEarly(message: Message): boolean {
    this.handshake.handleMessage(message)
    this.shakeHands()
    // The pattern may have turned it away at once.
    if (!this.handshake.wantsAll || this.end_ === undefined) return true
    return this.end_.deliver([subscriptionFrame(SUBSCRIBE, EMPTY)])
  }

  private shakeHands(): void {
    const { handshake } = this
    for (let frame = handshake.next(); frame !== undefined; frame = handshake.next()) {
      this.writer.sendUrgent(frame)
    }
    if (handshake.failure !== undefined) this.refuse(handshake.failure, true)
    if (!handshake.complete) return
    this.reader.takeMessages()
    const { protection } = handshake
    if (protection !== undefined) {
      this.writer.protect(protection.sealer)
      this.reader.protect(protection, this.hello.limits)
    }
    this.peer = handshake.finish(this.conn.remote)
    this.state = "traffic"
    this.reader.setLimits(this.hello.limits)
    this.timer?.cancel()
    this.timer = undefined
    this.startHeartbeat()
    this.tellPlace(handshake.takesCommands)
    this.owner.linked(this)
  }

  /** Who was to let the peer in has answered, or what was to hide messages is there. */
  progressed(): void {
    // Who has been sent away, or took too long, is not let in while the connection closes.
    if (this.state !== "handshake" || this.failure !== undefined) return
    try {
      this.shakeHands()
      // What came meanwhile was no answer of the peer's, and may be what ends the connection.
      if (this.reader.protected) this.reader.resume()
    } catch (error) {
      this.failDecoding(error)
    }
  }

  /** We do not let the peer in; what it has been told of that goes out before the connection ends. */
  private refuse(error: Error, retry: boolean): void {
    this.failure = { error, retry }
    this.ending = true
    this.writer.endUrgently()
  }

  /** Once: what becomes of the connection later says nothing of how to greet. */
  private tellPlace(modern: boolean): void {
    this.place?.learn(modern)
    this.place = undefined
  }

  // ---- Heartbeat

  private startHeartbeat(): void {
    const { heartbeat } = this.hello
    // A PING is a command.
    if (heartbeat.interval === 0 || !this.handshake.takesCommands) return
    this.heartbeat = new Heartbeat(heartbeat, this.scheduler, this)
    this.heartbeat.start()
  }

  get deaf(): boolean {
    return this.paused
  }

  ping(): boolean {
    const { writer } = this
    // Behind a write that has not left the process one PING is enough.
    if (writer.urgentCount === 0) {
      writer.sendUrgent(encodeFrame(encodePing(this.hello.heartbeat.timeToLive / 100, EMPTY), COMMAND))
    }
    return writer.idle
  }

  silent(): void {
    // What came before it is good.
    this.deliverRest()
    this.fail(new ZmqError("ETIMEDOUT", { message: "The peer gave no sign of life." }), true)
  }

  // ---- Failure

  /** What a peer sent ends its connection, whatever it was that it broke. */
  private failDecoding(error: unknown): void {
    if (error instanceof ProtocolError && error.code === "ERR_ZMTP_MECHANISM_MISMATCH") {
      // Our greeting tells the other side why, which need not come again then.
      this.refuse(error, false)
      return
    }
    const final =
      error instanceof ProtocolError || error instanceof LimitError || error instanceof PeerRefusal
    this.fail(error instanceof Error ? error : new Error(String(error)), !final)
  }

  private fail(error: Error | undefined, retry: boolean): void {
    if (this.state === "ended" || this.failure !== undefined) return
    this.failure = { error, retry }
    this.writer.stop()
    this.heartbeat?.stop()
    this.conn.destroy()
  }
}
