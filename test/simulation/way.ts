// The bytes from one end of a connection to the other.
import type { ConnHandler } from "#src/link/conn.js"
import type { ConnPair, SimulatedConn } from "./streams.js"

export function systemError(code: string): Error {
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

/**
 * Bytes that wait for a reader who was behind before this connection came. When it breaks they count as on their way: he
 * gives them up where he sends before he reads.
 */
function heldBy(handler: ConnHandler): number {
  const { state, reader } = handler as unknown as {
    state: string
    reader: { holds: boolean; peekRaw(): Uint8Array }
  }
  return state === "traffic" && reader.holds ? reader.peekRaw().length : 0
}

/** One way. */
export class Way {
  /** All that was ever written. */
  readonly log: Buffer[] = []
  /** Bytes that reached a receiver who wanted them. */
  consumed = 0
  to!: SimulatedConn
  stalled = false
  /** Some bytes are lost, and so is all that follows. */
  broken = false
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

  /** The receiver has lost the connection. */
  lose(): void {
    this.clear()
    if (this.to.handler !== undefined) this.consumed -= heldBy(this.to.handler)
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
    if (this.stalled || this.broken || this.queued === 0) return
    this.clear()
    const { loop, settings } = this.pair
    loop.later(settings.latency, () => this.from.hangUp(systemError("ECONNRESET")))
  }

  private get mayMove(): boolean {
    const { to } = this
    if (this.stalled || this.broken || to.closed || !to.host.alive || to.handler === undefined || to.paused)
      return false
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
