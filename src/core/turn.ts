import type { Scheduler, Timer } from "../link/link.js"
import type { Platform } from "./platform.js"

/** Operations that may complete at once before the event loop gets its turn. */
const OPERATIONS_PER_TURN = 4096

/**
 * Promises that are already resolved starve the event loop: a loop of `await send()` would never let a timer or
 * another connection run. So operations that complete at once are counted between two turns of the loop, and
 * when the budget is spent the next promise waits for a turn. The count is of all sockets of a context, since
 * two that feed each other would otherwise take turns in starving the loop.
 */
export class Turn implements Scheduler {
  private readonly platform: Platform
  private left = OPERATIONS_PER_TURN
  private pending: Promise<void> | undefined

  constructor(platform: Platform) {
    this.platform = platform
  }

  /** Counts one operation that completed at once: undefined, or what its promise has to wait for. */
  spend(): Promise<void> | undefined {
    return --this.left > 0 ? undefined : this.nextTurn()
  }

  private nextTurn(): Promise<void> {
    this.pending ??= new Promise((resolve) => {
      this.platform.nextTurn(() => {
        this.turned()
        resolve()
      })
    })
    return this.pending
  }

  turned(): void {
    this.left = OPERATIONS_PER_TURN
    this.pending = undefined
  }

  afterMicrotasks(task: () => void): void {
    this.platform.afterMicrotasks(task)
  }

  setTimer(milliseconds: number, task: () => void): Timer {
    return this.platform.setTimer(milliseconds, task)
  }
}
