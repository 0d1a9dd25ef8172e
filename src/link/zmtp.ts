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

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16
/** A read of so many bytes leaves more to be read. */
const BUSY_READ = 16_384
/**
 * So many of them before the clock is looked at: of many busy connections each has its turn soon anyway, and to stop
 * reading and go on costs as much as a read.
 */
const READS_A_LOOK = 4

/** They are never changed, so all connections send the same. */
const greetings: Map<string, Uint8Array> = new Map()

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
  private readonly flushTask: () => void
  private readonly lockstep: boolean
  private state: State = "greeting"
  private peerMinor = 0
  private timer: Timer | undefined
  private end_: LinkEnd | undefined
  private outbox: EncodedOutbox | undefined
  private urgent: Uint8Array[] = []
  private inFlight: Batch | undefined
  private writing = false
  private scheduled = false
  /** Reading waits for the reader, or for the next turn of the event loop. */
  private paused = false
  private resting = false
  /** When it was last read from busily. */
  private busyTurn = -1
  private busyReads = 0
  private ending = false
  private failure: { error: Error | undefined; retry: boolean } | undefined

  constructor(conn: Conn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.hello = hello
    this.owner = owner
    this.scheduler = scheduler
    this.peer = { socketType: "", routingId: EMPTY, address: conn.remote }
    this.lockstep = hello.socketType === "REQ" || hello.socketType === "REP"
    this.decoder = new Decoder(this, hello.limits)
    // Nothing is a frame until the greeting has been taken out.
    this.decoder.halted = true
    this.mechanism = new NullMechanism(ownProperties(hello))
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
    this.urgent.push(greetingOf(this.mechanism.name))
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
    try {
      this.decoder.resume()
    } catch (error) {
      this.failDecoding(error)
      return
    }
    if (this.paused && !this.decoder.halted) {
      this.paused = false
      if (!this.resting) this.conn.resume()
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
    } catch (error) {
      this.failDecoding(error)
      return false
    }
    this.scheduler.arrived()
    // The reader had its chance between two reads; it is behind, so the peer must wait.
    this.paused = wasHalted && this.decoder.halted
    if (this.paused) return false
    if (count < BUSY_READ || this.mayReadOn()) return true
    this.rest()
    return false
  }

  private mayReadOn(): boolean {
    const { turn } = this.scheduler
    if (this.busyTurn !== turn) {
      this.busyTurn = turn
      this.busyReads = 0
    }
    this.busyReads++
    return this.busyReads % READS_A_LOOK !== 0 || this.scheduler.mayReadOn
  }

  /** A connection that always has more would be read from for long before the event loop gets to anything else. */
  private rest(): void {
    this.resting = true
    void this.scheduler.nextTurn().then(() => {
      this.resting = false
      if (!this.paused && this.state === "traffic") this.conn.resume()
    })
  }

  written(): void {
    const batch = this.inFlight
    this.inFlight = undefined
    if (batch !== undefined) (this.outbox as EncodedOutbox).release(batch)
    this.writing = false
    if (this.mayFillBatch) this.end_?.drained()
    else this.flush()
  }

  /**
   * Whether what waits is less than a batch, of messages alone: then it goes at the end of the microtasks, with what
   * those add who waited for room.
   */
  private get mayFillBatch(): boolean {
    const { outbox } = this
    if (outbox === undefined || outbox.length === 0 || outbox.hasFullBatch || this.urgent.length > 0)
      return false
    if (this.state !== "traffic" || this.failure !== undefined) return false
    if (!this.scheduled) this.schedule()
    return true
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

  get room(): number {
    return this.state === "traffic" ? (this.end_ as LinkEnd).room : 0
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

function greetingOf(mechanism: string): Uint8Array {
  let greeting = greetings.get(mechanism)
  if (greeting === undefined) greetings.set(mechanism, (greeting = encodeGreeting(mechanism)))
  return greeting
}
