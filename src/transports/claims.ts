// Whether another thread has an inproc name. Votes are cast in shared memory. A thread that computes may vote too late.

import type { Scheduler } from "../link/link.js"
import type { Sleeper } from "../link/thread-watch.js"
import type { GroupMessage, ThreadGroup } from "./threads.js"

/** Where in the votes it stands how many there are, and how many say that the name is taken. */
const CAST = 0
const TAKEN = 1
/** Milliseconds that a claim waits for all votes, and where it isn't known how many there are. */
const PATIENCE = 1000
const BLIND_PATIENCE = 50

/** The claims of one thread, and its votes on those of others. */
export class Claims {
  private readonly sleeper: Sleeper
  private readonly scheduler: Scheduler
  /** The votes on what this thread is claiming, by name. */
  private readonly pending: Map<string, Int32Array> = new Map()

  constructor(sleeper: Sleeper, scheduler: Scheduler) {
    this.sleeper = sleeper
    this.scheduler = scheduler
  }

  /** Resolves with whether nobody else has `name`, as far as others say in time; undefined: there are none. */
  make(name: string, group: ThreadGroup): Promise<boolean> | undefined {
    const { others } = group
    if (others === 0) return undefined
    const votes = new Int32Array(new SharedArrayBuffer(8))
    this.pending.set(name, votes)
    group.broadcast({ kind: "claim", name, votes: votes.buffer as SharedArrayBuffer })
    return new Promise((resolve) => {
      let late = false
      const timer = this.scheduler.setTimer(others === Infinity ? BLIND_PATIENCE : PATIENCE, () => {
        late = true
        Atomics.notify(votes, CAST)
      })
      const look = (): void => {
        const cast = Atomics.load(votes, CAST)
        const taken = Atomics.load(votes, TAKEN) > 0
        if (!taken && !late && cast < others) {
          this.sleeper.wait(votes, CAST, cast, look)
          return
        }
        timer.cancel()
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
    const own = this.pending.get(name)
    // Of two who claim a name at the same time the older thread gets it, even if it has let the other one have it.
    if (bound || (own !== undefined && group.self < from)) Atomics.store(words, TAKEN, 1)
    else if (own !== undefined) {
      Atomics.store(own, TAKEN, 1)
      Atomics.notify(own, CAST)
    }
    Atomics.add(words, CAST, 1)
    Atomics.notify(words, CAST)
  }
}
