import { setTimeout as delay } from "node:timers/promises"

/** Who is further behind than this does not catch up: a receiver that was away is not to be flooded. */
const MOST_BEHIND = 1000

/** When the next message may go. */
export class Pace {
  private readonly interval: number
  private due: number | undefined

  /** `interval` is in milliseconds, fractions too; 0: as fast as it goes. */
  constructor(interval: number) {
    this.interval = interval
  }

  /** Resolves when it is time; at once the first time. Rejects when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.interval === 0) return
    const now = performance.now()
    if (this.due === undefined || this.due < now - MOST_BEHIND) this.due = now
    const early = this.due - now
    this.due += this.interval
    if (early >= 1) await delay(early, undefined, { signal })
  }
}
