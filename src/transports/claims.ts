// Whether another thread has an inproc name. Votes are cast in shared memory; what is not known is who has a vote.

import type { Scheduler } from "../link/link.js"
import type { Sleeper } from "../link/thread-watch.js"
import type { GroupMessage, ThreadGroup } from "./threads.js"

/** Where in the votes it stands how many there are, and how many say that the name is taken. */
const CAST = 0
const TAKEN = 1
/** Milliseconds that a claim waits for votes where it isn't known how many will come. */
const PATIENCE = 50

/** The claims of one thread, and its votes on those of others. */
export class Claims {
  /** How many other threads there are; Infinity: nobody knows. */
  others: number = Infinity
  private readonly sleeper: Sleeper
  private readonly scheduler: Scheduler
  /** Names that this thread is claiming. */
  private readonly pending: Set<string> = new Set()

  constructor(sleeper: Sleeper, scheduler: Scheduler) {
    this.sleeper = sleeper
    this.scheduler = scheduler
  }

  /** Resolves with whether nobody else has `name`, as far as others say in time; undefined: there are none. */
  make(name: string, group: ThreadGroup): Promise<boolean> | undefined {
    if (this.others === 0) return undefined
    const votes = new Int32Array(new SharedArrayBuffer(8))
    this.pending.add(name)
    group.broadcast({ kind: "claim", name, votes: votes.buffer as SharedArrayBuffer })
    return new Promise((resolve) => {
      let late = false
      const timer = this.scheduler.setTimer(PATIENCE, () => {
        late = true
        Atomics.notify(votes, CAST)
      })
      const look = (): void => {
        const cast = Atomics.load(votes, CAST)
        const taken = Atomics.load(votes, TAKEN) > 0
        if (!taken && !late && cast < this.others) {
          this.sleeper.wait(votes, CAST, cast, look)
          return
        }
        timer.cancel()
        // Some may have ended since, and of others it was not known that they are there.
        if (late) this.others = cast
        this.pending.delete(name)
        resolve(!taken)
      }
      look()
    })
  }

  /** Votes on a claim of thread `from`. */
  vote(
    { name, votes }: GroupMessage & { kind: "claim" },
    from: number,
    group: ThreadGroup,
    bound: boolean,
  ): void {
    const words = new Int32Array(votes)
    // Of two who claim a name at the same time the older thread gets it.
    if (bound || (this.pending.has(name) && group.self < from)) Atomics.store(words, TAKEN, 1)
    Atomics.add(words, CAST, 1)
    Atomics.notify(words, CAST)
  }
}
