import type { Ending, Timer } from "../link/link.js"
import type { Dialing, Transport } from "../transports/transport.js"
import { Connection } from "./connection.js"
import type { DialSettings, SocketCore } from "./socket.js"

/**
 * A connection that we make, again and again. Its pipe is there from the start, so what is sent before the peer
 * is up waits there; with `immediate` it comes and goes with the link.
 */
export class Dialer extends Connection {
  private readonly transport: Transport
  private readonly settings: DialSettings
  private readonly immediate: boolean
  private dialing: Dialing | undefined
  private retryTimer: Timer | undefined
  private interval = 0

  constructor(core: SocketCore, address: string, transport: Transport) {
    super(core, address)
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

  override refused(): void {
    this.closing = true
    this.dialing?.cancel()
    super.refused()
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
    this.core.emit({ type: "connect", address: this.address })
  }

  override ended(ending: Ending): void {
    super.ended(ending)
    this.dialing = undefined
    if (this.immediate) this.detach()
    if (this.closing && !(this.unflushed && ending.retry)) this.finished()
    else if (ending.retry && this.transport.reconnects && this.settings.options.reconnectInterval > 0)
      this.retryLater()
    else this.finished()
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

  /**
   * Without a maximum each pause is between one and two intervals, at random, so that the clients of a server
   * that restarts do not all come at once; with one it doubles up to it.
   */
  private retryLater(): void {
    const { reconnectInterval, reconnectMaxInterval } = this.settings.options
    let pause: number
    if (reconnectMaxInterval > 0) {
      pause = this.interval === 0 ? reconnectInterval : Math.min(this.interval * 2, reconnectMaxInterval)
      this.interval = pause
    } else pause = reconnectInterval + Math.floor(this.core.random() * reconnectInterval)
    this.core.emit({ type: "connect:retry", address: this.address, interval: pause })
    this.retryTimer = this.core.scheduler.setTimer(pause, () => this.dial())
  }
}
