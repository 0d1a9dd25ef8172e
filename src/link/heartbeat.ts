import type { Scheduler, Timer } from "./link.js"

/** When a connection asks for a sign of life and when it gives up; all in milliseconds. */
export interface HeartbeatSettings {
  /** Between two PINGs; 0: none are sent. */
  readonly interval: number
  /** What a PING says the peer shall wait for; whole tenths of a second, 0: nothing. */
  readonly timeToLive: number
  /** Silence after a PING that ends the connection; 0: none does. */
  readonly timeout: number
}

/** The connection that beats. */
export interface HeartbeatOwner {
  /** Grows with whatever comes from the peer. */
  readonly signsOfLife: number
  /** The peer is not read from, so its silence means nothing. */
  readonly deaf: boolean
  /** Sends a PING before all messages; false: it has to wait for a write that takes its time. */
  ping(): boolean
  /** The peer was silent for too long. */
  silent(): void
}

/**
 * The PINGs of one connection and what its silence means (RFC 37, section 3.4, and zmq_setsockopt(3) on
 * ZMQ_HEARTBEAT_*).
 * Nothing is done when messages come or go: the timers look, when they fire, whether any have come.
 */
export class Heartbeat {
  private readonly settings: HeartbeatSettings
  private readonly scheduler: Scheduler
  private readonly owner: HeartbeatOwner
  private interval: Timer | undefined
  /** Runs from the first PING after the last sign of life. */
  private readonly timeout: Watch
  /** What the peer's PINGs ask for. */
  private readonly timeToLive: Watch
  private stopped = false

  constructor(settings: HeartbeatSettings, scheduler: Scheduler, owner: HeartbeatOwner) {
    this.settings = settings
    this.scheduler = scheduler
    this.owner = owner
    this.timeout = new Watch(scheduler, owner)
    this.timeToLive = new Watch(scheduler, owner)
  }

  /** The handshake is over. */
  start(): void {
    if (this.settings.interval > 0) this.beatLater()
  }

  /** The peer sent a PING that asks for this many milliseconds to live; 0: for none. */
  pinged(milliseconds: number): void {
    if (this.stopped) return
    if (milliseconds > 0) this.timeToLive.begin(milliseconds)
  }

  /** The connection has ended, or is about to. */
  stop(): void {
    this.stopped = true
    this.interval?.cancel()
    this.timeout.end()
    this.timeToLive.end()
  }

  private beatLater(): void {
    this.interval = this.scheduler.setTimer(this.settings.interval, () => {
      const { timeout } = this.settings
      if (this.owner.ping() && timeout > 0) this.timeout.begin(timeout)
      if (!this.stopped) this.beatLater()
    })
  }
}

/** Waits so long for a sign of life. */
class Watch {
  private readonly scheduler: Scheduler
  private readonly owner: HeartbeatOwner
  private timer: Timer | undefined
  private signsOfLife = -1

  constructor(scheduler: Scheduler, owner: HeartbeatOwner) {
    this.scheduler = scheduler
    this.owner = owner
  }

  /** Waits from now on, unless it does so already and has not seen any. */
  begin(milliseconds: number): void {
    const { signsOfLife } = this.owner
    if (this.timer !== undefined && this.signsOfLife === signsOfLife) return
    this.end()
    this.signsOfLife = signsOfLife
    const timer = this.scheduler.setTimer(milliseconds, () => {
      // Where the event loop was busy, what came in time has not been read yet.
      this.scheduler.afterReading(() => {
        if (this.timer === timer) this.look(milliseconds)
      })
    })
    this.timer = timer
  }

  private look(milliseconds: number): void {
    this.timer = undefined
    if (this.owner.deaf) this.begin(milliseconds)
    else if (this.signsOfLife === this.owner.signsOfLife) this.owner.silent()
  }

  end(): void {
    this.timer?.cancel()
    this.timer = undefined
  }
}
