import { ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Conn, ConnHandler } from "./conn.js"
import type { GreetedPlace } from "./greeted-places.js"
import { Handshake, type HandshakeOwner } from "./handshake.js"
import type { Counters, Hello, Scheduler, Timer } from "./link.js"
import type { LinkReader } from "./link-reader.js"
import type { LinkWriter } from "./link-writer.js"
import { Version1Conn } from "./version1-conn.js"

/** The connection that is being opened. */
export interface OpeningOwner extends ConnHandler {
  readonly counters: Counters
  /** It is about to end, whatever is heard from now on. */
  readonly failed: boolean
  /** All that comes and goes does so by `conn` from now on. */
  reroute(conn: Conn): void
  /** Messages may follow: nothing else is asked of the opening, but what `handshake` found out about the peer. */
  opened(peer: Peer, handshake: Handshake): void
  /** The peer is not let in; what it has been told of that goes out before the connection ends. */
  refuse(error: Error, retry: boolean): void
  /** What a peer sent ends its connection. */
  failDecoding(error: unknown): void
  fail(error: Error, retry: boolean): void
}

/** What a connection does until messages may follow: it greets, shakes hands, and has so much time for it. */
export class Opening implements HandshakeOwner {
  private state: "greeting" | "handshake" | "over" = "greeting"
  private readonly conn: Conn
  private readonly hello: Hello
  private readonly reader: LinkReader
  private readonly writer: LinkWriter
  private readonly scheduler: Scheduler
  private readonly owner: OpeningOwner
  private readonly handshake: Handshake
  private timer: Timer | undefined
  private place: GreetedPlace | undefined

  constructor(
    conn: Conn,
    hello: Hello,
    reader: LinkReader,
    writer: LinkWriter,
    scheduler: Scheduler,
    owner: OpeningOwner,
  ) {
    this.conn = conn
    this.hello = hello
    this.reader = reader
    this.writer = writer
    this.scheduler = scheduler
    this.owner = owner
    this.handshake = new Handshake(hello, conn.remote, this)
  }

  /** Greets whoever is at `place` and begins to read. */
  begin(place: GreetedPlace): void {
    this.place = place
    this.start()
    this.writer.sendUrgent(this.handshake.opening(place.whole))
  }

  /** Whoever came may have greeted: then the answer to that goes out with our greeting, in one write. */
  beginLater(): void {
    this.start()
    this.writer.sendUrgentLater(this.handshake.opening(false))
  }

  private start(): void {
    if (this.hello.handshakeInterval > 0) {
      this.timer = this.scheduler.setTimer(this.hello.handshakeInterval, () => {
        // Where the event loop was busy, what came in time has not been read yet.
        this.scheduler.afterReading(() => this.tooLate())
      })
    }
    this.conn.start(this.owner)
  }

  private tooLate(): void {
    if (this.state === "over") return
    this.owner.fail(new ZmqError("EAGAIN", { message: "The handshake took too long." }), true)
  }

  /** Nothing comes of it: keys are forgotten. */
  close(): void {
    this.state = "over"
    this.timer?.cancel()
    this.handshake.close()
  }

  /** The same, of a connection that the peer or the network ended: who was there may have been too old to be spoken to. */
  closed(): void {
    this.tellPlace(false)
    this.close()
  }

  /** What comes is no frame yet. */
  get awaitsGreeting(): boolean {
    return this.state === "greeting"
  }

  /** Part of the greeting came, and maybe more. As {@link ConnHandler.received}. */
  receivedGreeting(count: number): boolean {
    const { handshake, reader } = this
    let old: Version1Conn | undefined
    try {
      reader.advance(count)
      if (handshake.greet(reader, (bytes) => this.writer.sendUrgent(bytes))) {
        this.state = "handshake"
        if (handshake.hasOldFrames) old = this.standBetween()
        this.shakeHands()
        reader.resume()
      }
    } catch (error) {
      this.owner.failDecoding(error)
      return false
    }
    this.scheduler.arrived()
    // What is left comes through it.
    return old === undefined || old.passOn()
  }

  /** From now on all that comes and goes has its framing changed; what waits to go was no frame. */
  private standBetween(): Version1Conn {
    const { owner, reader } = this
    const heard = reader.takeRaw(reader.peekRaw().length) as Uint8Array
    // It comes once more, as other frames.
    owner.counters.bytesIn -= heard.length
    const { urgentBytes } = this.writer
    const old = new Version1Conn(this.conn, heard, urgentBytes, (error) => owner.failDecoding(error))
    owner.reroute(old)
    this.writer.reroute(old)
    old.start(owner)
    return old
  }

  /** Takes a command. Throws what {@link Handshake.handle} throws. */
  command(body: Frame): void {
    if (!this.handshake.takesCommands) throw commandOfOld()
    this.handshake.handle(body)
    this.shakeHands()
  }

  /**
   * A message that comes before the handshake is over is an old peer's routing id. True: the peer gets everything that
   * a publisher has.
   */
  message(message: Message): boolean {
    this.handshake.handleMessage(message)
    this.shakeHands()
    return this.handshake.wantsAll
  }

  private shakeHands(): void {
    const { handshake, owner, reader, writer } = this
    for (let frame = handshake.next(); frame !== undefined; frame = handshake.next()) {
      writer.sendUrgent(frame)
    }
    if (handshake.failure !== undefined) owner.refuse(handshake.failure, true)
    if (!handshake.complete) return
    const { limits } = this.hello
    const { protection } = handshake
    reader.takeMessages()
    if (protection !== undefined) {
      writer.protect(protection.sealer)
      reader.protect(protection, limits)
    }
    const peer = handshake.readPeer(this.conn.remote)
    reader.setLimits(limits)
    this.state = "over"
    this.timer?.cancel()
    this.tellPlace(handshake.takesCommands)
    owner.opened(peer, handshake)
  }

  /** Who was to let the peer in has answered, or what was to hide messages is there. */
  progressed(): void {
    // Who has been sent away, or took too long, is not let in while the connection closes.
    if (this.state !== "handshake" || this.owner.failed) return
    try {
      this.shakeHands()
      // What came meanwhile was no answer of the peer's, and may be what ends the connection.
      this.reader.resume()
    } catch (error) {
      this.owner.failDecoding(error)
    }
  }

  /** Once: what becomes of the connection later says nothing of how to greet. */
  private tellPlace(modern: boolean): void {
    this.place?.learn(modern)
    this.place = undefined
  }
}

/** Peers older than ZMTP 3 have no commands. */
export function commandOfOld(): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A peer older than ZMTP 3 sent a command.")
}
