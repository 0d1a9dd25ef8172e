import type { Scheduler, Timer } from "../link/link.js"
import { Queue } from "../queue.js"
import type { Platform } from "./platform.js"

/**
 * Operations that may complete at once before the clock is looked at, which costs as much as one of them; then one, and
 * twice as many each time while they are quick.
 */
const OPERATIONS_BEFORE_LOOKING = 8
const MOST_OPERATIONS_A_LOOK = 256
/** So many operations should take about this long, in milliseconds. */
const MILLISECONDS_A_LOOK = 0.1
/** The same for writes, each of which is a call into the kernel. */
const FLUSHES_A_LOOK = 16
/**
 * How long operations may complete at once before the event loop gets its turn, and how long writes may follow. Slow
 * ones, such as publishing to a hundred subscribers, get longer, up to so many: else each write would carry little.
 */
const MILLISECONDS_A_TURN = 1
const OPERATIONS_A_TURN = 4096
const MOST_MILLISECONDS_A_TURN = 5
/** How long connections that bring much may be read from within one turn. */
const READING_MILLISECONDS_A_TURN = 4

/**
 * Promises that are already resolved starve the event loop: a loop of `await send()` would never let a timer or
 * another connection run. So operations that complete at once may do so for some time between two turns of the
 * loop, and then the next promise waits for a turn. The time is of all sockets of a context, since two that feed
 * each other would otherwise take turns in starving the loop.
 */
export class Turn implements Scheduler {
  private readonly platform: Platform
  /** Operations until the clock is looked at. */
  private left = OPERATIONS_BEFORE_LOOKING
  private stride = 1
  private operations = 0
  /** When operations' time began, if the clock was looked at since. */
  private operating: number | undefined
  private looked = 0
  /** When reading began in this turn, as far as it was worth a look at the clock. */
  private reading: number | undefined
  private turns = 0
  private marked = false
  private pending: Promise<void> | undefined
  private resolvePending: (() => void) | undefined
  private readonly turned: () => void = () => {
    this.turns++
    this.marked = false
    this.reading = undefined
    this.arrived()
    this.pending = undefined
    this.resolvePending?.()
    this.resolvePending = undefined
  }

  private readonly flushes: Queue<() => void> = new Queue()
  private flushing = false
  private readonly flush: () => void = () => {
    const { platform } = this
    let end = Infinity
    for (let count = 1; this.flushes.length > 0; count++) {
      // Nothing waits behind these but the operations that have had their time: then writing gets as much.
      if (this.pending !== undefined && count % FLUSHES_A_LOOK === 0) {
        const now = platform.now()
        if (now >= end) {
          platform.nextTurn(this.flush)
          return
        }
        if (end === Infinity) end = now + MILLISECONDS_A_TURN
      }
      ;(this.flushes.shift() as () => void)()
    }
    this.flushing = false
  }

  constructor(platform: Platform) {
    this.platform = platform
  }

  /** Counts one operation that completed at once: undefined, or what its promise has to wait for. */
  spend(): Promise<void> | undefined {
    return this.spendAtOnce() ? undefined : this.nextTurn()
  }

  /** Counts one operation if its promise need not wait. */
  spendAtOnce(): boolean {
    if (this.left === 0) return this.look()
    this.left--
    return true
  }

  arrived(): void {
    this.left = OPERATIONS_BEFORE_LOOKING
    this.operations = 0
    this.operating = undefined
  }

  currentTurn(): number {
    this.mark()
    return this.turns
  }

  mayReadOn(): boolean {
    const now = this.platform.now()
    this.reading ??= now
    this.mark()
    return now - this.reading < READING_MILLISECONDS_A_TURN
  }

  nextTurn(): Promise<void> {
    this.mark()
    this.pending ??= new Promise((resolve) => {
      this.resolvePending = resolve
    })
    return this.pending
  }

  afterReading(task: () => void): void {
    this.platform.nextTurn(task)
  }

  afterMicrotasks(task: () => void): void {
    this.platform.afterMicrotasks(task)
  }

  flushLater(task: () => void): void {
    this.flushes.push(task)
    if (this.flushing) return
    this.flushing = true
    this.platform.afterMicrotasks(this.flush)
  }

  setTimer(milliseconds: number, task: () => void): Timer {
    return this.platform.setTimer(milliseconds, task)
  }

  private look(): boolean {
    const now = this.platform.now()
    this.mark()
    if (this.operating === undefined) {
      this.operating = now
      this.stride = 1
    } else if (now - this.looked > MILLISECONDS_A_LOOK) this.stride = Math.max(this.stride >> 1, 1)
    else this.stride = Math.min(this.stride * 2, MOST_OPERATIONS_A_LOOK)
    this.looked = now
    const limit = this.operations < OPERATIONS_A_TURN ? MOST_MILLISECONDS_A_TURN : MILLISECONDS_A_TURN
    if (now - this.operating >= limit) return false
    this.operations += this.stride
    this.left = this.stride - 1
    return true
  }

  /** Hears of the next turn of the loop. */
  private mark(): void {
    if (this.marked) return
    this.marked = true
    this.platform.nextTurn(this.turned)
  }
}
