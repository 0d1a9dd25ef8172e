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
 * loop for a while before going to sleep. How long, in milliseconds, depends on what it would have been good for: who
 * was woken soon after looks longer the next time, and who slept for long looks less.
 */
const FIRST_PATIENCE = 0.02
const MOST_PATIENCE = 0.3
const LEAST_PATIENCE = 0.01
/**
 * An idle turn of the loop that takes longer than this had to wait for a processor: others need it more, and maybe the
 * very thread that is waited for. Then nobody looks for long, for so many milliseconds.
 */
const CROWDED_TURN = 0.2
const CROWDED_FOR = 100

/** Looks after all connections of this thread to others: asks those where something happens, and sleeps for the rest. */
export class ThreadWatch {
  private readonly sleeper: Sleeper
  private awake: Watcher[] = []
  private turning = false
  /** When the last turn began, if it found nothing. */
  private idleSince = Infinity
  private crowdedUntil = 0
  private readonly turn: () => void = () => {
    this.turning = false
    const now = this.sleeper.now()
    if (now - this.idleSince > CROWDED_TURN) this.crowdedUntil = now + CROWDED_FOR
    const patience = now < this.crowdedUntil ? LEAST_PATIENCE : MOST_PATIENCE
    const { awake } = this
    this.awake = []
    let found = false
    for (const watcher of awake) {
      if (watcher.looks(now)) found = true
      if (watcher.staysAwake(now, patience)) this.awake.push(watcher)
    }
    this.idleSince = found ? Infinity : now
    if (this.awake.length > 0) this.schedule()
    else this.idleSince = Infinity
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

  /** Whether there was anything. */
  looks(now: number): boolean {
    if (this.stopped || !this.watched.look()) return false
    this.since = now
    return true
  }

  /** Goes to sleep where nothing has happened for longer than its patience, of `most` milliseconds. */
  staysAwake(now: number, most: number): boolean {
    if (this.stopped) return false
    return now - this.since < Math.min(this.patience, most) || !this.sleeps()
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
