// A connection of two hosts: bytes take their time, come in pieces, wait, or never come.
import type { Conn, ConnHandler } from "#src/link/conn.js"
import type { Chance } from "../fuzz/chance.js"
import type { Host } from "./host.js"
import type { Loop } from "./loop.js"
import { systemError, Way } from "./way.js"

export interface PairSettings {
  /** Milliseconds that bytes take, and so many more at times. */
  readonly latency: number
  readonly jitter: number
  /** Bytes that the systems of both sides hold together, each way. */
  readonly capacity: number
  /** What one read brings at most. */
  readonly mostRead: number
}

/** How long an ended connection waits for the peer's end. */
const GOODBYE_MILLISECONDS = 200
/** How long a system tries to get rid of bytes that nobody confirms. */
const UNCONFIRMED_MILLISECONDS = 60_000

export class SimulatedConn implements Conn {
  readonly remote: string
  /** Which socket has it. */
  owner = ""
  readonly host: Host
  readonly out: Way
  into!: Way
  handler: ConnHandler | undefined
  paused = false
  /** This side wants nothing more of what comes. */
  ending = false
  closed = false
  private readonly pair: ConnPair
  private writing = false
  private readsBeyond = 0

  constructor(pair: ConnPair, host: Host, remote: string) {
    this.pair = pair
    this.host = host
    this.remote = remote
    this.out = new Way(pair, this)
  }

  start(handler: ConnHandler): void {
    this.handler = handler
    this.into.move()
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.writing) throw new Error("written to while a write is pending")
    if (this.ending || this.closed) {
      this.out.loseAll(chunks)
      return false
    }
    this.writing = !this.out.write(chunks)
    return !this.writing
  }

  /** A new connection brings one read more to a reader who was behind already; then it has to wait for him. */
  watchMark(before: number | undefined, after: number | undefined): void {
    if (before === undefined || after === undefined) this.readsBeyond = 0
    else if (after > before && ++this.readsBeyond > 1)
      throw new Error(`mark: ${this.owner} reads on beyond it`)
  }

  tellWritten(): void {
    if (this.closed || !this.writing || !this.host.alive) return
    this.writing = false
    this.handler?.written()
  }

  resume(): void {
    this.paused = false
    this.into.move()
  }

  end(): void {
    if (this.ending || this.closed) return
    this.ending = true
    this.out.finish()
    this.resume()
    this.pair.loop.later(GOODBYE_MILLISECONDS, () => this.hangUp(undefined))
  }

  destroy(): void {
    if (this.closed) return
    this.ending = true
    this.pair.loop.later(0, () => this.hangUp(undefined))
  }

  /** The stream is over on this side; the other one hears of it behind what the system holds, or at once. */
  hangUp(error: Error | undefined): void {
    if (this.closed || !this.host.alive) return
    this.closed = true
    this.ending = true
    const { pair } = this
    if (error === undefined && this.into.queued > 0 && pair.chance.below(2) === 0) {
      this.out.clear()
      const other = this.into
      pair.loop.later(pair.settings.latency, () => pair.otherOf(this).hangUp(systemError("ECONNRESET")))
      other.clear()
    } else {
      if (error === undefined) this.into.clear()
      else this.into.lose()
      this.out.forgetPending()
      if (error === undefined) this.out.finish()
    }
    this.handler?.closed(error)
  }
}

/** Both ends. */
export class ConnPair {
  readonly client: SimulatedConn
  readonly server: SimulatedConn
  /** Bytes were kept back or lost. */
  faulty = false
  private swallowing = false
  readonly loop: Loop
  readonly chance: Chance
  readonly settings: PairSettings
  readonly place: string
  readonly clientHost: Host
  readonly serverHost: Host

  constructor(
    loop: Loop,
    chance: Chance,
    settings: PairSettings,
    place: string,
    clientHost: Host,
    serverHost: Host,
  ) {
    this.loop = loop
    this.chance = chance
    this.settings = settings
    this.place = place
    this.clientHost = clientHost
    this.serverHost = serverHost
    this.client = new SimulatedConn(this, clientHost, place)
    this.server = new SimulatedConn(this, serverHost, "10.0.1.1:1000")
    this.client.into = this.server.out
    this.server.into = this.client.out
    this.client.out.to = this.server
    this.server.out.to = this.client
  }

  get ends(): SimulatedConn[] {
    return [this.client, this.server]
  }

  get over(): boolean {
    return this.ends.every((end) => end.closed || !end.host.alive)
  }

  otherOf(conn: SimulatedConn): SimulatedConn {
    return conn === this.client ? this.server : this.client
  }

  /** Both sides lose it, each at its time. */
  break(code: string): void {
    this.faulty = true
    for (const end of this.ends) {
      end.out.clear()
      end.out.broken = true
      this.loop.later(this.chance.below(50), () => end.hangUp(systemError(code)))
    }
  }

  /** Nothing comes through for a time. */
  stall(milliseconds: number): void {
    this.faulty = true
    this.setStalled(true)
    this.loop.later(milliseconds, () => {
      if (!this.swallowing) this.setStalled(false)
    })
  }

  /** Nothing comes through any more, and nobody is told until what he sends has been lost for long. */
  swallow(): void {
    this.faulty = true
    this.swallowing = true
    this.setStalled(true)
    const look = (): void => {
      if (this.over) return
      for (const end of this.ends) if (end.out.queued > 0) end.hangUp(systemError("ETIMEDOUT"))
      if (!this.over) this.loop.later(UNCONFIRMED_MILLISECONDS, look)
    }
    this.loop.later(UNCONFIRMED_MILLISECONDS, look)
  }

  heal(): void {
    if (this.over) return
    if (this.swallowing || this.ends.some((end) => end.closed || !end.host.alive)) this.break("ECONNRESET")
    else this.setStalled(false)
  }

  private setStalled(stalled: boolean): void {
    for (const { out } of this.ends) {
      out.stalled = stalled
      out.move()
    }
  }
}
