import type { Scheduler } from "./link.js"

/** A read of so many bytes leaves more to be read. */
const BUSY_READ = 16_384
/**
 * So many of them before the clock is looked at: of many busy connections each has its turn soon anyway, and to stop
 * reading and go on costs as much as a read.
 */
const READS_A_LOOK = 4

/**
 * Keeps a connection that always has more from being read from for long before the event loop gets to anything else.
 */
export class ReadingPace {
  /** Reading waits for the next turn of the event loop. */
  resting = false
  private readonly scheduler: Scheduler
  /** Goes on reading, if nothing else stands against it. */
  private readonly readOn: () => void
  /** When it was last read from busily, and how many times. */
  private turn = -1
  private reads = 0

  constructor(scheduler: Scheduler, readOn: () => void) {
    this.scheduler = scheduler
    this.readOn = readOn
  }

  /** So many bytes were read. False: stop reading, until `readOn` is called. */
  allows(count: number): boolean {
    return count < BUSY_READ || this.allowsBusy()
  }

  private allowsBusy(): boolean {
    const turn = this.scheduler.currentTurn()
    if (this.turn !== turn) {
      this.turn = turn
      this.reads = 0
    }
    this.reads++
    if (this.reads % READS_A_LOOK !== 0 || this.scheduler.mayReadOn()) return true
    this.resting = true
    void this.scheduler.nextTurn().then(() => {
      this.resting = false
      this.readOn()
    })
    return false
  }
}
