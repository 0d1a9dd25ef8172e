import type { Scheduler, Timer } from "../link/link.js"
import type { Platform } from "./platform.js"

/** Operations that may complete at once before the clock is looked at, which costs as much as one of them. */
const OPERATIONS_A_LOOK = 1024
/** How long operations may complete at once before the event loop gets its turn. */
const MILLISECONDS_A_TURN = 1

/**
 * Promises that are already resolved starve the event loop: a loop of `await send()` would never let a timer or
 * another connection run. So operations that complete at once may do so for some time between two turns of the
 * loop, and then the next promise waits for a turn. The time is of all sockets of a context, since two that feed
 * each other would otherwise take turns in starving the loop.
 */
export class Turn implements Scheduler {
  private readonly platform: Platform
  /** Operations until the clock is looked at. */
  private left = 0
  /** When it was first looked at in this turn. */
  private began: number | undefined
  private pending: Promise<void> | undefined
  private resolvePending: (() => void) | undefined
  private readonly turned: () => void = () => {
    this.left = 0
    this.began = undefined
    this.pending = undefined
    this.resolvePending?.()
    this.resolvePending = undefined
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

  private look(): boolean {
    const now = this.platform.now()
    if (this.began === undefined) {
      this.began = now
      this.platform.nextTurn(this.turned)
    }
    if (now - this.began >= MILLISECONDS_A_TURN) return false
    this.left = OPERATIONS_A_LOOK - 1
    return true
  }

  private nextTurn(): Promise<void> {
    this.pending ??= new Promise((resolve) => {
      this.resolvePending = resolve
    })
    return this.pending
  }

  afterMicrotasks(task: () => void): void {
    this.platform.afterMicrotasks(task)
  }

  setTimer(milliseconds: number, task: () => void): Timer {
    return this.platform.setTimer(milliseconds, task)
  }
}
