// A connection that speaks ZMTP: greeting, mechanism, then traffic. Peers older than ZMTP 3 have no mechanism.

import { AnnouncedPeer } from "../announced-peer.js"
import { EMPTY } from "../bytes.js"
import { ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Protection } from "../security/mechanism.js"
import { SUBSCRIBE, subscriptionFrame } from "../subscription.js"
import type { DecoderSink } from "../wire/decoder.js"
import { encodeFrame } from "../wire/encoder.js"
import { requestNamesOf } from "../wire/requests.js"
import type { Run } from "../wire/run.js"
import type { Conn, ConnHandler } from "./conn.js"
import { type Failure, failureOf } from "./failure.js"
import type { GreetedPlace } from "./greeted-places.js"
import { GroupEnd } from "./group-end.js"
import type { Handshake } from "./handshake.js"
import { putOffEnd } from "./late-end.js"
import type { Counters, EncodedOutbox, Hello, Link, LinkEnd, LinkOwner, Scheduler, Waker } from "./link.js"
import { LinkReader } from "./link-reader.js"
import { LinkWriter } from "./link-writer.js"
import { commandOfOld, Opening, type OpeningOwner } from "./opening.js"
import { type CommandsOwner, PeerCommands } from "./peer-commands.js"
import { ReadingPace } from "./reading-pace.js"

/** Where a read goes that nobody wants any more. */
const DISCARDED_BYTES = 1024

type State = "opening" | "traffic" | "ended"

/** Opens a ZMTP connection over `conn`: `owner` hears when it is ready for a pipe and when it has ended. */
export class ZmtpLink implements Link, ConnHandler, DecoderSink, OpeningOwner, CommandsOwner {
  peer: Peer
  readonly local = false
  readonly raw = false
  /** Counted by reads. */
  signsOfLife = 0

  private conn: Conn
  private readonly hello: Hello
  private readonly owner: LinkOwner
  readonly counters: Counters
  private readonly scheduler: Scheduler
  private readonly reader: LinkReader
  private readonly writer: LinkWriter
  private readonly pace: ReadingPace
  private state: State = "opening"
  /** Gone with all that it has heard when messages may follow. */
  private opening: Opening | undefined
  /** What hides messages; undefined where they go as they are. */
  private protection: Protection | undefined
  private takesCommands = false
  private takesSubscriptions = false
  private commandsIfAny: PeerCommands | undefined
  private end_: LinkEnd | undefined
  /** Reading waits for the reader. */
  private paused = false
  /** The owner is about to start it, from within what is being read as a rule. */
  private starting = false
  private ending = false
  private failure: Failure | undefined
  /** The connection is over, which is told when the reader has what it brought. */
  private tellEnd: (() => void) | undefined

  constructor(conn: Conn, hello: Hello, owner: LinkOwner, scheduler: Scheduler) {
    this.conn = conn
    this.hello = hello
    this.owner = owner
    this.counters = owner.counters
    this.scheduler = scheduler
    this.peer = new AnnouncedPeer("", EMPTY, conn.remote)
    this.reader = new LinkReader(this, hello.handshakeLimits)
    this.writer = new LinkWriter(conn, scheduler, owner.counters)
    this.opening = new Opening(conn, hello, this.reader, this.writer, scheduler, this)
    this.pace = new ReadingPace(scheduler, () => {
      if (!this.paused && this.state !== "ended") this.conn.resume()
    })
  }

  /** Greets whoever is at `place` and begins to read. */
  open(place: GreetedPlace): void {
    this.opening?.begin(place)
  }

  /** Lets whoever came greet first. */
  openLater(): void {
    // Whoever was told of the connection may have turned it away at once.
    if (this.state !== "ended") this.opening?.beginLater()
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
    // Were each new connection to bring a read beyond the mark, a peer that comes and goes would fill the memory.
    if (end.halted) this.reader.hold()
    if (firstMessage !== undefined) {
      this.counters.messagesOut++
      this.writer.sendUrgent(encodeFrame(firstMessage, 0))
    }
    ;(end.outbox as EncodedOutbox).requestNames = requestNamesOf(socketType, this.takesSubscriptions)
    // A peer that is no REQ may ask a REP many things at a time.
    this.writer.start(end, socketType === "REQ" || this.peer.socketType === "REQ")
  }

  get waker(): Waker {
    return this.writer
  }

  resume(): void {
    // What stands behind an error is not for the reader, who may come until the connection has closed.
    if (this.failure !== undefined) return
    this.reader.holds = false
    // What is being decoded goes on by itself.
    if (this.starting) return
    try {
      this.reader.resume()
    } catch (error) {
      this.failDecoding(error)
      return
    }
    if (this.tellEnd !== undefined) this.tellEnd()
    else if (this.paused && !this.reader.halted) {
      this.paused = false
      if (!this.pace.resting) this.conn.resume()
    }
  }

  end(): void {
    if (this.ending || this.state === "ended") return
    this.ending = true
    this.commandsIfAny?.stop()
    this.conn.end()
    this.tellEnd?.()
  }

  destroy(reason?: Error): void {
    this.fail(reason, false)
  }

  /** Ends the connection at once and without a word to the owner. */
  abandon(): void {
    this.state = "ended"
    this.writer.stop()
    this.opening?.close()
    this.protection?.close()
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
    const { opening } = this
    if (opening?.awaitsGreeting) return this.receivedGreeting(opening, count)
    const { reader } = this
    const wasHalted = reader.halted && this.state === "traffic"
    try {
      reader.advance(count)
    } catch (error) {
      this.failDecoding(error)
      return false
    }
    this.scheduler.arrived()
    this.paused = reader.halted && this.state === "traffic" && !this.mayReadOn(wasHalted)
    return !this.paused && this.pace.allows(count)
  }

  /** Whether nothing came for the reader, who is behind: a peer that says but that it lives must hear that we do. */
  private mayReadOn(wasHalted: boolean): boolean {
    const { reader, counters } = this
    if (reader.holds || !wasHalted) return this.passSigns() || !reader.holds
    // The reader had its chance between two reads, so the peer must wait.
    const { messagesIn } = counters
    // As messages they take no more memory, and what is left undecoded would have to move with the next read.
    this.deliverRest()
    if (counters.messagesIn !== messagesIn || !reader.atRest) return false
    reader.halt()
    return true
  }

  /** Hears the signs of life that stand before all that the reader is to get; false: there is more. */
  private passSigns(): boolean {
    try {
      return this.reader.passSigns((body) => this.command(body))
    } catch (error) {
      this.failDecoding(error)
      return false
    }
  }

  private receivedGreeting(opening: Opening, count: number): boolean {
    const more = opening.receivedGreeting(count)
    if (!this.reader.holds || this.failed) return more
    this.paused = !this.passSigns()
    return more && !this.paused
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
    this.commandsIfAny?.stop()
    this.opening?.closed()
    this.protection?.close()
    const { failure } = this
    this.owner.ended({
      error: failure?.error ?? error,
      linked,
      retry: failure?.retry ?? true,
      hidden: this.reader.protected,
    })
  }

  private putsOffEnd(error: Error | undefined): boolean {
    const { reader, writer, scheduler } = this
    if (!reader.holds || reader.atRest || this.tellEnd !== undefined) return false
    this.tellEnd = putOffEnd(this.end_ as LinkEnd, writer, scheduler, () => this.closed(error))
    if (this.tellEnd === undefined) return false
    this.commandsIfAny?.stop()
    return true
  }

  /**
   * What was read has arrived, so a reader that is behind gets it beyond the high-water mark: two reads at most.
   * Were the end to wait for the reader, a sender that waits for this peer would wait with it. But not where the reader
   * was behind before this connection: those that come and go would bring two reads each.
   */
  private deliverRest(): void {
    if (this.reader.holds) return
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
    if (this.state === "traffic") {
      if (!this.takesCommands) throw commandOfOld()
      return this.commands.handle(body, this.end_ as LinkEnd)
    }
    this.opening?.command(body)
    return !(this.reader.protected || this.reader.holds)
  }

  private handleEarly(message: Message): boolean {
    const wantsAll = this.opening?.message(message) ?? false
    // The pattern may have turned it away at once.
    if (!wantsAll || this.end_ === undefined) return !this.reader.holds
    return this.end_.deliver([subscriptionFrame(SUBSCRIBE, EMPTY)]) && !this.reader.holds
  }

  // ---- What the opening tells

  get failed(): boolean {
    return this.failure !== undefined
  }

  reroute(conn: Conn): void {
    this.conn = conn
  }

  opened(peer: Peer, { peerMinor, protection, takesCommands }: Handshake): void {
    this.peer = peer
    this.protection = protection
    this.takesCommands = takesCommands
    this.takesSubscriptions = peerMinor > 0
    this.opening = undefined
    this.state = "traffic"
    // A PING is a command.
    if (takesCommands && this.hello.heartbeat.interval > 0) this.commands.startHeartbeat()
    this.starting = true
    this.owner.linked(this)
    this.starting = false
  }

  refuse(error: Error, retry: boolean): void {
    this.failure = { error, retry }
    this.ending = true
    this.writer.endUrgently()
  }

  // ---- What commands are about

  private get commands(): PeerCommands {
    const { hello, reader, writer, scheduler } = this
    this.commandsIfAny ??= new PeerCommands(hello, reader, writer, scheduler, this)
    return this.commandsIfAny
  }

  get deaf(): boolean {
    return this.paused
  }

  silent(): void {
    // What came before it is good.
    this.deliverRest()
    this.fail(new ZmqError("ETIMEDOUT", { message: "The peer gave no sign of life." }), true)
  }

  // ---- Failure

  failDecoding(error: unknown): void {
    if (error instanceof ProtocolError && error.code === "ERR_ZMTP_MECHANISM_MISMATCH") {
      // Our greeting tells the other side why, which need not come again then.
      this.refuse(error, false)
      return
    }
    const failure = failureOf(error)
    this.fail(failure.error, failure.retry)
  }

  fail(error: Error | undefined, retry: boolean): void {
    if (this.state === "ended" || this.failure !== undefined) return
    this.failure = { error, retry }
    this.writer.stop()
    this.commandsIfAny?.stop()
    this.conn.destroy()
    this.tellEnd?.()
  }
}
