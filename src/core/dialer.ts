import type { Ending, Timer } from "../link/link.js"
import type { Frame } from "../message.js"
import type { Dialing, Transport } from "../transports/transport.js"
import { Connection } from "./connection.js"
import type { SocketPipe } from "./pipe.js"
import { nextPause } from "./reconnect-pause.js"
import type { DialSettings, SocketCore } from "./socket.js"

/** What `reconnectStop` is a sum of (zmq.h). */
const STOP_REFUSED = 1
const STOP_HANDSHAKE_FAILED = 2
const STOP_AFTER_DISCONNECT = 4

/**
 * A connection that we make, again and again. Its pipe is there from the start, so what is sent before the peer
 * is up waits there; with `immediate` it comes and goes with the link.
 */
export class Dialer extends Connection {
  /** What `connect` calls the peer. */
  readonly routingId: Frame | undefined
  private readonly transport: Transport
  private readonly settings: DialSettings
  private readonly immediate: boolean
  private dialing: Dialing | undefined
  private retryTimer: Timer | undefined
  /** The last pause; 0 before the first. */
  private interval = 0
  /** The socket let go of this address alone. */
  private disconnected = false

  constructor(core: SocketCore, address: string, transport: Transport, routingId: Frame | undefined) {
    super(core, address, core.notices("dialled", !transport.reconnects))
    this.routingId = routingId
    this.transport = transport
    this.settings = core.dialSettings
    // Within a process there is no waiting for the other side: a name that is not bound yet counts as a peer.
    this.immediate = core.options.immediate && transport.reconnects
  }

  /** Makes the pipe and the first attempt. */
  start(): void {
    if (!this.immediate) this.createPipe()
    if (!this.closing) this.dial()
  }

  protected get raw(): boolean {
    return this.settings.hello.raw
  }

  protected override createPipe(): SocketPipe {
    return super.createPipe(this.routingId)
  }

  override refused(pipe: SocketPipe, reason: Error | undefined): void {
    this.closing = true
    // A link has an end, which finishes this.
    if (this.link === undefined) this.dialing?.cancel()
    super.refused(pipe, reason)
  }

  override close(linger: number, keepInbox: boolean): void {
    this.disconnected = !this.core.closed
    super.close(linger, keepInbox)
  }

  private dial(): void {
    const { core, address, settings } = this
    if (this.transport.reconnects) core.emit({ type: "connect:delay", address })
    this.dialing = this.transport.dial(address, settings.hello, settings.options, this)
  }

  override opened(remote: string): void {
    super.opened(remote)
    // The address was right and somebody was there: the next pause is the first again.
    this.interval = 0
    this.tell({ type: "connect", address: this.address })
  }

  override ended(ending: Ending): void {
    const retry = ending.retry && this.mayRetry(ending)
    super.ended(ending)
    this.dialing = undefined
    if (this.immediate) this.detach()
    if (retry && !(this.closing && !this.unflushed)) this.retryLater()
    else this.finished()
  }

  private mayRetry({ linked, refused }: Ending): boolean {
    const { reconnectInterval, reconnectStop } = this.settings.options
    if (!this.transport.reconnects || reconnectInterval <= 0) return false
    if (reconnectStop === 0) return true
    if (refused && (reconnectStop & STOP_REFUSED) !== 0) return false
    if (this.up && !linked && (reconnectStop & STOP_HANDSHAKE_FAILED) !== 0) return false
    return !this.disconnected || (reconnectStop & STOP_AFTER_DISCONNECT) === 0
  }

  protected override finish(): void {
    this.retryTimer?.cancel()
    if (this.link === undefined) this.dialing?.cancel()
    super.finish()
  }

  protected override finished(): void {
    this.retryTimer?.cancel()
    super.finished()
  }

  private retryLater(): void {
    const pause = nextPause(this.settings.options, this.interval, () => this.core.random())
    this.interval = pause
    this.core.emit({ type: "connect:retry", address: this.address, interval: pause })
    this.retryTimer = this.core.scheduler.setTimer(pause, () => this.dial())
  }
}
