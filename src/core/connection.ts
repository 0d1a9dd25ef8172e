import { copyOf, EMPTY } from "../bytes.js"
import { fromPlatform, LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Counters, Ending, Link, LinkOwner, Timer } from "../link/link.js"
import type { Frame } from "../message.js"
import type { Peer } from "../peer.js"
import type { Entrance } from "./entrance.js"
import { type Event, eventOfClose, eventOfFailure, eventOfLoss, withPeer } from "./monitor.js"
import type { Notices } from "./notices.js"
import { type PipeOwner, SocketPipe } from "./pipe.js"
import type { SocketCore } from "./socket.js"

/** What a socket has at one endpoint: a pipe, and the links that come and go under it. */
export abstract class Connection implements LinkOwner, PipeOwner {
  pipe: SocketPipe | undefined
  protected readonly core: SocketCore
  readonly address: string
  protected link: Link | undefined
  /** The socket has let go; what it accepted before is still sent. */
  closing = false
  /** The pattern ended it: it lingers without limit, until the socket lets go too. */
  private concluding = false
  protected readonly notices: Notices | undefined
  private remote = ""
  /** Who it is, from the handshake on. */
  private peer: Peer | undefined
  /** Connected, be the handshake over or not. */
  protected up = false
  /** The link ends because we say so. */
  private finishing = false
  private done = false
  private lingerTimer: Timer | undefined

  constructor(core: SocketCore, address: string, notices: Notices | undefined) {
    this.core = core
    this.address = address
    this.notices = notices
  }

  opened(remote: string): void {
    this.remote = remote
    this.peer = undefined
    this.up = true
  }

  linked(link: Link): void {
    this.link = link
    this.peer = link.peer
    const pipe = this.pipe ?? this.createPipe()
    // The pattern may have turned it away at once.
    if (this.pipe !== undefined) {
      pipe.receiveFrom(link.peer)
      // A proxy may answer it at once, and a link takes nothing before it has been started.
      if (this.notices?.arrival !== undefined) pipe.tell([this.notices.arrival])
      pipe.relink(link)
      link.start(pipe)
      if (!this.closing) this.core.linked(pipe)
    }
    // Only now: a ROUTER has named the peer.
    if (!link.raw) this.tell({ type: "handshake", address: this.endpoint })
    if (this.closing) this.flushed()
  }

  ended(ending: Ending): void {
    const wasUp = this.up
    this.up = false
    this.link = undefined
    if (this.pipe !== undefined) {
      this.pipe.relink(undefined)
      if (ending.linked && this.notices !== undefined) {
        // Copies, which the user may write into. They count for the mark: connections that come and go would fill the memory.
        for (const notice of this.notices.departure) this.pipe.deliver([copyOf(notice)])
      }
      if (ending.linked && this.core.pattern.startsOver) this.pipe.discardOutbox()
    }
    if (!wasUp) this.core.emit(eventOfClose(ending.error, this.endpoint))
    else {
      if (!ending.linked || (ending.hidden && ending.error instanceof ProtocolError)) {
        this.tell(eventOfFailure(ending.error, this.endpoint))
      }
      // As with libzmq, who hangs up himself is not told that he did.
      if (!this.finishing) this.tell(eventOfLoss(ending.linked ? ending.error : undefined, this.endpoint))
    }
  }

  /** Lets the socket's side go at once; what it accepted follows within `linger` milliseconds (-1: in any time). */
  close(linger: number, keepInbox: boolean): void {
    if (this.closing) {
      if (this.concluding) this.linger(linger)
      return
    }
    this.closing = true
    const { pipe } = this
    if (pipe !== undefined && !pipe.ended) {
      if (!keepInbox) pipe.discardInbox()
      this.core.detach(pipe)
    }
    this.linger(linger)
  }

  private linger(linger: number): void {
    // As with libzmq, what nothing holds up is on its way already: who awaits `send` and closes is heard.
    if (linger === 0) this.pipe?.link?.waker.flush?.()
    if (this.finishing) return
    if (linger === 0 || !this.unflushed) {
      this.finish()
      return
    }
    this.pipe?.release()
    if (linger > 0) this.lingerTimer = this.core.scheduler.setTimer(linger, () => this.finish())
  }

  // ---- What the pipe tells

  readable(pipe: SocketPipe): void {
    this.core.readable(pipe)
  }

  writable(pipe: SocketPipe): void {
    this.core.writable(pipe)
  }

  flushed(): void {
    if (this.closing && !this.unflushed) this.finish()
  }

  refused(_pipe: SocketPipe, reason: Error | undefined): void {
    this.detach()
    if (this.link === undefined) this.finished()
    else this.link.destroy(reason)
  }

  concluded(): void {
    this.concluding = true
    this.core.letGo(this, true, -1)
  }

  /** Whether messages wait that the peer has not been sent. */
  get unflushed(): boolean {
    return this.pipe?.unflushed ?? false
  }

  /** Whether the peer speaks plain TCP. */
  protected abstract readonly raw: boolean

  /** The endpoint as events name it. */
  protected get endpoint(): string {
    return this.address
  }

  /** Tells of something that happened to a connection that was up. */
  protected tell(event: Event): void {
    if (!this.core.watched) return
    const scheme = this.address.slice(0, this.address.indexOf("://"))
    this.core.emit(
      withPeer(event, {
        address: this.remote && `${scheme}://${this.remote}`,
        socketType: this.peer?.socketType ?? "",
        routingId: this.pipe?.routingId ?? this.peer?.routingId ?? EMPTY,
      }),
    )
  }

  protected createPipe(routingId?: Frame): SocketPipe {
    const { outbox, marks, conflate, connectionless } = this.core.pipeSettings(this.address, this.raw)
    const pipe = new SocketPipe(this, outbox, marks, conflate)
    pipe.connectionless = connectionless
    pipe.routingId = routingId
    this.pipe = pipe
    this.core.attach(pipe)
    return pipe
  }

  get counters(): Counters {
    return this.core.counters
  }

  /** Ends the pipe: what it holds for sending is lost, what it holds for receiving can be received. */
  protected detach(): void {
    const { pipe } = this
    this.pipe = undefined
    if (pipe === undefined) return
    if (!pipe.ended) this.core.detach(pipe)
    this.drop(pipe)
  }

  private drop({ outbox }: SocketPipe): void {
    this.core.lost += outbox.length
    outbox.clear()
  }

  /** Drops what is queued still and ends the link, which gets time to finish a write but not to start one. */
  protected finish(): void {
    const { link } = this
    this.finishing = true
    if (this.pipe !== undefined) this.drop(this.pipe)
    if (link === undefined) this.finished()
    else if (link.busy) link.destroy()
    else link.end()
  }

  /** Nothing is left of this connection. */
  protected finished(): void {
    if (this.done) return
    this.done = true
    this.closing = true
    this.lingerTimer?.cancel()
    this.detach()
    this.core.forget(this)
  }
}

/** A connection that a peer made to an endpoint of ours. */
export class AcceptedConnection extends Connection {
  private readonly entrance: Entrance
  private abandon: (() => void) | undefined

  constructor(core: SocketCore, entrance: Entrance) {
    super(core, entrance.address, entrance.notices)
    this.entrance = entrance
    entrance.accepted.add(this)
  }

  protected get raw(): boolean {
    return this.entrance.raw
  }

  protected override get endpoint(): string {
    return this.entrance.address
  }

  override opened(remote: string, abandon?: () => void): void {
    if (abandon !== undefined && !this.entrance.admit(this)) {
      abandon()
      const error = new LimitError("EMFILE", { message: "The endpoint has maxConnections connections." })
      this.ended({ error, linked: false, retry: false })
      return
    }
    super.opened(remote)
    this.abandon = abandon
    this.tell({ type: "accept", address: this.endpoint })
  }

  override linked(link: Link): void {
    this.abandon = undefined
    this.entrance.linked(this)
    super.linked(link)
  }

  override ended(ending: Ending): void {
    if (this.up) super.ended(ending)
    else this.tellRefusal(ending.error as Error)
    this.finished()
  }

  /** Ends the handshake, so that another one has its place. */
  giveUp(error: ZmqError): void {
    this.abandon?.()
    this.abandon = undefined
    this.ended({ error, linked: false, retry: false })
  }

  private tellRefusal(error: Error): void {
    const address = this.endpoint
    const told = error instanceof ZmqError ? error : fromPlatform(error, address, "EINVAL")
    this.core.emit({ type: "accept:error", address, error: told })
  }

  /** A peer in the middle of its handshake must not find itself talking to a closed socket. */
  protected override finish(): void {
    this.abandon?.()
    super.finish()
  }

  protected override finished(): void {
    this.entrance.leave(this)
    super.finished()
  }
}
