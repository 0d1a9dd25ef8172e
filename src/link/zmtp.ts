// A connection that speaks ZMTP 3: greeting, mechanism, then traffic.

import { EMPTY, toLatin1 } from "../bytes.js"
import { ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { type Mechanism, PeerRefusal } from "../security/mechanism.js"
import { NullMechanism } from "../security/null.js"
import { CANCEL, SUBSCRIBE, subscriptionFrame } from "../subscription.js"
import { decodeCommand, decodePing, encodeCommand } from "../wire/command.js"
import { Decoder, type DecoderSink } from "../wire/decoder.js"
import { type Batch, encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import { checkOpening, decodeGreeting, encodeGreeting, GREETING_SIZE } from "../wire/greeting.js"
import type { Run } from "../wire/run.js"
import type { Conn, ConnHandler } from "./conn.js"
import type { EncodedOutbox, Hello, Link, LinkEnd, LinkOwner, Scheduler, Timer } from "./link.js"
import { ownProperties, readPeer } from "./metadata.js"
import { ReadingPace } from "./reading-pace.js"

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16

type State = "greeting" | "handshake" | "traffic" | "ended"

/** Opens a ZMTP connection over `conn`: `owner` hears when it is ready for a pipe and when it has ended. */
export class ZmtpLink implements Link, ConnHandler, DecoderSink {
  peer: Peer
  readonly local = false

  private readonly conn: Conn
  private readonly hello: Hello
  private readonly owner: LinkOwner
  private readonly scheduler: Scheduler
  private readonly decoder: Decoder
  private readonly mechanism: Mechanism
  private readonly pace: ReadingPace
  private readonly flushTask: () => void
  /** No second message follows one that the peer has not answered. */
  private lockstep = false
  private state: State = "greeting"
  private peerMinor = 0
  private timer: Timer | undefined
  private end_: LinkEnd | undefined
  private outbox: EncodedOutbox | undefined
  private urgent: Uint8Array[] = []
  private inFlight: Batch | undefined
  private writing = false
  private scheduled = false
  /** Reading waits for the reader. */
  private paused = false
  private ending = false
  private failure: { error: Error | undefined; retry: boolean } | undefined

  constructor(conn: Conn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.hello = hello
    this.owner = owner
    this.scheduler = scheduler
    this.peer = { socketType: "", routingId: EMPTY, address: conn.remote }
    this.decoder = new Decoder(this, hello.limits)
    // Nothing is a frame until the greeting has been taken out.
    this.decoder.halted = true
    this.mechanism = new NullMechanism(ownProperties(hello))
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.paused && this.state !== "ended") conn.resume()
    })
    this.flushTask = () => {
      this.scheduled = false
      this.flush()
    }
  }

  /** Greets and begins to read. */
  open(): void {
    this.begin()
    this.schedule()
  }

  /** Whoever came may have greeted: then the answer to that goes out with our greeting, in one write. */
  openLater(): void {
    this.begin()
    this.scheduler.afterReading(this.flushTask)
  }

  private begin(): void {
    if (this.hello.handshakeInterval > 0) {
      this.timer = this.scheduler.setTimer(this.hello.handshakeInterval, () => {
        this.fail(new ZmqError("EAGAIN", { message: "The handshake took too long." }), true)
      })
    }
    this.conn.start(this)
    this.urgent.push(encodeGreeting(this.mechanism.name))
  }

  // ---- What the pipe asks for

  get busy(): boolean {
    return this.writing || this.urgent.length > 0
  }

  get idle(): boolean {
    return !this.writing && this.failure === undefined
  }

  start(end: LinkEnd): void {
    this.end_ = end
    this.outbox = end.outbox as EncodedOutbox
    const { socketType } = this.hello
    // A peer that is no REQ may ask a REP many things at a time.
    this.lockstep = socketType === "REQ" || this.peer.socketType === "REQ"
    this.outbox.subscriptionCommands = this.peerMinor > 0 && (socketType === "SUB" || socketType === "XSUB")
    this.wake()
  }

  wake(): void {
    const outbox = this.outbox as EncodedOutbox
    if (this.writing || (this.scheduled && !outbox.hasFullBatch)) return
    // Written at the end of the microtasks, so that `await send()` in a loop fills a batch; or at once when
    // a batch is full, since that end may be far away, and where no second message can follow.
    if (outbox.hasFullBatch || this.lockstep) this.flush()
    else this.schedule()
  }

  private schedule(): void {
    this.scheduled = true
    this.scheduler.flushLater(this.flushTask)
  }

  private flush(): void {
    if (this.writing || this.state === "ended" || this.failure !== undefined) return
    const { outbox } = this
    let taken = false
    if (this.urgent.length > 0) {
      const batch = outbox?.take()
      taken = batch !== undefined
      this.write(batch === undefined ? this.urgent : this.urgent.concat(batch.chunks), batch)
      this.urgent = []
    }
    if (outbox === undefined) return
    while (!this.writing) {
      const batch = outbox.take()
      if (batch === undefined) break
      taken = true
      this.write(batch.chunks, batch)
    }
    const end = this.end_ as LinkEnd
    if (taken) end.drained()
    if (!this.writing && outbox.length === 0) end.flushed()
  }

  private write(chunks: readonly Uint8Array[], batch: Batch | undefined): void {
    if (!this.conn.write(chunks)) {
      this.inFlight = batch
      this.writing = true
    } else if (batch !== undefined) (this.outbox as EncodedOutbox).release(batch)
  }

  resume(): void {
    // What stands behind an error is not for the reader, who may come until the connection has closed.
    if (this.failure !== undefined) return
    try {
      this.decoder.resume()
    } catch (error) {
      this.failDecoding(error)
      return
    }
    if (this.paused && !this.decoder.halted) {
      this.paused = false
      if (!this.pace.resting) this.conn.resume()
    }
  }

  end(): void {
    if (this.ending || this.state === "ended") return
    this.ending = true
    this.conn.end()
  }

  destroy(): void {
    this.fail(undefined, false)
  }

  /** Ends the connection at once and without a word to the owner. */
  abandon(): void {
    this.state = "ended"
    this.timer?.cancel()
    this.conn.destroy()
  }

  // ---- What the connection tells

  space(): Uint8Array {
    return this.decoder.space()
  }

  received(count: number): boolean {
    // After end() the peer's messages have nowhere to go.
    if (this.ending || this.state === "ended") return true
    const wasHalted = this.decoder.halted && this.state === "traffic"
    try {
      this.decoder.advance(count)
      if (this.state === "greeting") this.readGreeting()
      // The reader had its chance between two reads; it is behind, so the peer must wait.
      this.paused = wasHalted && this.decoder.halted
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
    const batch = this.inFlight
    this.inFlight = undefined
    if (batch !== undefined) (this.outbox as EncodedOutbox).release(batch)
    this.writing = false
    if (!this.mayFillBatch()) {
      this.flush()
      return
    }
    if (!this.scheduled) this.schedule()
    this.end_?.drained()
  }

  /**
   * Whether what waits is less than a batch, of messages alone: then it goes at the end of the microtasks, with what
   * those add who waited for room.
   */
  private mayFillBatch(): boolean {
    const { outbox } = this
    if (outbox === undefined || outbox.length === 0 || outbox.hasFullBatch) return false
    return this.urgent.length === 0 && this.state === "traffic" && this.failure === undefined
  }

  closed(error: Error | undefined): void {
    if (this.state === "ended") return
    const linked = this.state === "traffic"
    if (linked && !this.ending && this.failure === undefined) this.deliverRest()
    this.state = "ended"
    this.timer?.cancel()
    const { failure } = this
    this.owner.ended({ error: failure?.error ?? error, linked, retry: failure?.retry ?? true })
  }

  /**
   * What was read has arrived, so a reader that is behind gets it beyond the high-water mark: two reads at most.
   * Were the end to wait for the reader, a sender that waits for this peer would wait with it.
   */
  private deliverRest(): void {
    try {
      while (this.decoder.halted) this.decoder.resume()
    } catch (error) {
      this.failDecoding(error)
    }
  }

  // ---- What the decoder found

  get takesRuns(): boolean {
    return this.state === "traffic" && (this.end_ as LinkEnd).takesRuns
  }

  run(run: Run): boolean {
    return (this.end_ as LinkEnd).deliverRun(run)
  }

  message(message: Message): boolean {
    if (this.state !== "traffic") {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message came before the handshake was over.")
    }
    return (this.end_ as LinkEnd).deliver(message)
  }

  command(body: Frame): boolean {
    if (this.state === "traffic") return this.handleTraffic(body)
    this.mechanism.handle(body)
    this.shakeHands()
    return true
  }

  private handleTraffic(body: Frame): boolean {
    const { name, data } = decodeCommand(body)
    switch (name) {
      case "SUBSCRIBE":
        return this.deliverSubscription(SUBSCRIBE, data)
      case "CANCEL":
        return this.deliverSubscription(CANCEL, data)
      case "PING":
        if (this.urgent.length < MAX_URGENT) {
          this.sendUrgent(encodeFrame(encodeCommand("PONG", decodePing(data).context), COMMAND))
        }
        return true
      case "ERROR":
        throw new PeerRefusal(toLatin1(data, 1))
      default:
        // PONG, and whatever later versions add.
        return true
    }
  }

  private deliverSubscription(first: number, topic: Frame): boolean {
    const { socketType } = this.hello
    if (socketType !== "PUB" && socketType !== "XPUB") return true
    return (this.end_ as LinkEnd).deliver([subscriptionFrame(first, topic)])
  }

  // ---- Handshake

  private readGreeting(): void {
    // A stranger may never send 64 bytes: he is told by the first that are wrong.
    checkOpening(this.decoder.peekRaw())
    const bytes = this.decoder.takeRaw(GREETING_SIZE)
    if (bytes === undefined) return
    const greeting = decodeGreeting(bytes)
    if (greeting.mechanism !== this.mechanism.name) {
      throw new ProtocolError(
        "ERR_ZMTP_MECHANISM_MISMATCH",
        `The peer's mechanism is ${greeting.mechanism || "missing"}, ours is ${this.mechanism.name}.`,
      )
    }
    this.peerMinor = greeting.major > 3 ? 1 : greeting.minor
    this.state = "handshake"
    this.shakeHands()
    this.decoder.resume()
  }

  private shakeHands(): void {
    for (let body = this.mechanism.next(); body !== undefined; body = this.mechanism.next()) {
      this.sendUrgent(encodeFrame(body, COMMAND))
    }
    if (!this.mechanism.complete) return
    this.peer = readPeer(this.mechanism.peerProperties, this.hello, this.conn.remote)
    this.state = "traffic"
    this.timer?.cancel()
    this.owner.linked(this)
  }

  private sendUrgent(bytes: Uint8Array): void {
    this.urgent.push(bytes)
    if (!this.writing && !this.scheduled) this.schedule()
  }

  // ---- Failure

  /** What a peer sent ends its connection, whatever it was that it broke. */
  private failDecoding(error: unknown): void {
    const final = error instanceof ProtocolError || error instanceof PeerRefusal
    this.fail(error instanceof Error ? error : new Error(String(error)), !final)
  }

  private fail(error: Error | undefined, retry: boolean): void {
    if (this.state === "ended" || this.failure !== undefined) return
    this.failure = { error, retry }
    this.conn.destroy()
  }
}
