import type { ThreadEnd } from "./thread-memory.js"

/** What a thread needs to wait for others. */
export interface Sleeper {
  /** Calls `woken` when a word is notified, or soon if it is not `value`; does not keep the process alive. */
  wait(words: Int32Array, at: number, value: number, woken: () => void): void
  /** Runs `task` once the event loop has turned. */
  nextTurn(task: () => void): void
  /** Milliseconds of a clock that never goes back. */
  now(): number
}

/** A connection to another thread, as it is looked after. */
export interface Watched {
  readonly memory: ThreadEnd
  /** Takes what has come and goes on with what waited; whether there was anything. */
  look(): boolean
  /** Whether {@link look} would find anything. */
  readonly stirred: boolean
}

/**
 * To be woken takes longer than most answers, so whoever had something to do looks for more in each turn of the event
 * loop for a while before going to sleep. How long, in milliseconds, depends on what that would have been good for: who
 * was woken soon after looks longer the next time, and who slept for long looks less. So neither idle connections nor
 * threads that wait for a processor keep one busy.
 */
const FIRST_PATIENCE = 0.05
const MOST_PATIENCE = 0.3
const LEAST_PATIENCE = 0.01

/** Looks after all connections of this thread to others: asks those where something happens, and sleeps for the rest. */
export class ThreadWatch {
  private readonly sleeper: Sleeper
  private awake: Watcher[] = []
  private turning = false
  private readonly turn: () => void = () => {
    this.turning = false
    const now = this.sleeper.now()
    const { awake } = this
    this.awake = []
    for (const watcher of awake) if (watcher.staysAwake(now)) this.awake.push(watcher)
    if (this.awake.length > 0) this.schedule()
  }

  constructor(sleeper: Sleeper) {
    this.sleeper = sleeper
  }

  /** Looks after `watched` until the watcher is stopped. */
  watch(watched: Watched): Watcher {
    return new Watcher(watched, this.sleeper, (watcher) => {
      this.awake.push(watcher)
      this.schedule()
    })
  }

  private schedule(): void {
    if (this.turning) return
    this.turning = true
    this.sleeper.nextTurn(this.turn)
  }
}

/** Looks after one connection. */
export class Watcher {
  private readonly watched: Watched
  private readonly sleeper: Sleeper
  private readonly awoke: (watcher: Watcher) => void
  private awake = false
  private stopped = false
  /** Somebody will tell when the bell has been rung. */
  private waiting = false
  /** When it was last busy. */
  private since = 0
  private patience = FIRST_PATIENCE
  private readonly rung: () => void = () => {
    this.waiting = false
    if (this.stopped) return
    if (!this.awake) this.learn(this.sleeper.now() - this.since)
    this.watched.look()
    this.stir()
  }

  constructor(watched: Watched, sleeper: Sleeper, awoke: (watcher: Watcher) => void) {
    this.watched = watched
    this.sleeper = sleeper
    this.awoke = awoke
  }

  /** Something is expected before long. */
  stir(): void {
    if (this.stopped) return
    this.since = this.sleeper.now()
    if (this.awake) return
    this.awake = true
    this.watched.memory.disarm()
    this.awoke(this)
  }

  /** So long there was nothing, and the patience did not last. */
  private learn(pause: number): void {
    if (pause > MOST_PATIENCE) this.patience /= 2
    else this.patience = Math.min(Math.max(this.patience, LEAST_PATIENCE) * 2, MOST_PATIENCE)
  }

  stop(): void {
    this.stopped = true
    this.awake = false
    // Who waits would be kept in memory.
    if (this.waiting) this.watched.memory.ringOwn()
  }

  /** Looks, and goes to sleep where nothing has happened for a while. */
  staysAwake(now: number): boolean {
    if (this.stopped) return false
    if (this.watched.look()) {
      this.since = now
      return !this.stopped
    }
    if (now - this.since < this.patience) return !this.stopped
    return !this.sleeps()
  }

  private sleeps(): boolean {
    const { memory } = this.watched
    memory.arm()
    // Whatever came before the bell was armed rang none.
    if (this.watched.stirred) {
      memory.disarm()
      return false
    }
    this.awake = false
    if (!this.waiting) {
      this.waiting = true
      this.sleeper.wait(memory.words, memory.bellAt, 1, this.rung)
    }
    return true
  }
}
