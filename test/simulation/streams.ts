// A connection of two hosts: bytes take their time, come in pieces, wait, or never come.
import type { Conn, ConnHandler } from "#src/link/conn.js"
import type { Chance } from "../fuzz/chance.js"
import type { Host } from "./host.js"
import type { Loop } from "./loop.js"

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

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** How many messages wait for the reader beyond the mark; undefined: fewer than may. */
function excess(handler: ConnHandler): number | undefined {
  const { state, end_: pipe } = handler as unknown as {
    state: string
    end_?: { unread: number; receiveMark: number; ended: boolean }
  }
  if (state !== "traffic" || pipe === undefined || pipe.ended) return undefined
  return pipe.unread >= pipe.receiveMark ? pipe.unread - pipe.receiveMark : undefined
}

/** One way. */
export class Way {
  /** All that was ever written. */
  readonly log: Buffer[] = []
  /** Bytes that reached a receiver who wanted them. */
  consumed = 0
  to!: SimulatedConn
  stalled = false
  private readonly pair: ConnPair
  private readonly from: SimulatedConn
  private readonly queue: Buffer[] = []
  queued = 0
  /** When it last took or gave bytes. */
  moved = 0
  private pending: { bytes: Uint8Array; copy: Buffer }[] = []
  private moving = false
  private finished = false

  constructor(pair: ConnPair, from: SimulatedConn) {
    this.pair = pair
    this.from = from
  }

  /** True: the system took all of it. */
  write(chunks: readonly Uint8Array[]): boolean {
    for (const bytes of chunks) {
      const copy = Buffer.from(bytes)
      this.log.push(copy)
      this.pending.push({ bytes, copy })
    }
    this.accept()
    this.move()
    return this.pending.length === 0
  }

  /** They were written, and are lost. */
  loseAll(chunks: readonly Uint8Array[]): void {
    for (const bytes of chunks) this.log.push(Buffer.from(bytes))
  }

  /** Nothing comes behind what was written. */
  finish(): void {
    this.finished = true
    this.move()
  }

  /** What the system has not taken is lost. */
  forgetPending(): void {
    this.pending = []
  }

  clear(): void {
    this.pending = []
    this.queue.length = 0
    this.queued = 0
  }

  private accept(): void {
    const { capacity } = this.pair.settings
    while (this.pending.length > 0 && this.queued < capacity) {
      const { bytes, copy } = this.pending[0] as { bytes: Uint8Array; copy: Buffer }
      if (copy.compare(bytes) !== 0) throw new Error("memory: bytes changed while their write was pending")
      const count = Math.min(capacity - this.queued, copy.length)
      if (count > 0) this.queue.push(copy.subarray(0, count))
      this.queued += count
      this.moved = this.pair.loop.now
      if (count === copy.length) this.pending.shift()
      else this.pending[0] = { bytes: bytes.subarray(count), copy: copy.subarray(count) }
    }
  }

  /** Brings the next bytes, if there are any and the receiver reads. */
  move(follows = false): void {
    const { loop, chance, settings } = this.pair
    if (this.to.closed) this.bounce()
    if (this.moving || !this.mayMove) return
    this.moving = true
    // What follows is behind the first bytes, or has arrived with them.
    const delay = follows ? 0.02 : settings.latency + (chance.below(4) === 0 ? settings.jitter : 0)
    loop.later(delay + 0.001, () => {
      this.moving = false
      if (!this.mayMove) return
      if (this.queued > 0) this.deliver()
      else this.to.hangUp(undefined)
    })
  }

  /** Who sends to one that has closed is told so. */
  private bounce(): void {
    if (this.stalled || this.queued === 0) return
    this.clear()
    const { loop, settings } = this.pair
    loop.later(settings.latency, () => this.from.hangUp(systemError("ECONNRESET")))
  }

  private get mayMove(): boolean {
    const { to } = this
    if (this.stalled || to.closed || !to.host.alive || to.handler === undefined || to.paused) return false
    return this.queued > 0 || (this.finished && this.pending.length === 0)
  }

  private deliver(): void {
    const { chance, settings, loop } = this.pair
    const { to } = this
    let count = Math.min(
      this.queued,
      chance.below(3) === 0 ? 1 + chance.below(settings.mostRead) : settings.mostRead,
    )
    while (count > 0 && !to.closed && !to.paused) {
      const handler = to.handler as ConnHandler
      const space = handler.space()
      if (space.length === 0) throw new Error("no space to read to")
      const first = this.queue[0] as Buffer
      const taken = Math.min(space.length, first.length, count)
      space.set(first.subarray(0, taken))
      if (taken === first.length) this.queue.shift()
      else this.queue[0] = first.subarray(taken)
      this.queued -= taken
      this.moved = loop.now
      count -= taken
      if (!to.ending) this.consumed += taken
      const before = excess(handler)
      if (!handler.received(taken)) to.paused = true
      else to.watchMark(before, excess(handler))
    }
    if (this.pending.length > 0) {
      this.accept()
      if (this.pending.length === 0) loop.later(0, () => this.from.tellWritten())
    }
    this.move(true)
  }
}

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
      this.into.clear()
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
