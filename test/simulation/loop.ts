// Virtual time: events in their order, and between two of them all microtasks and all that was put off until after them.
import { Chance } from "../fuzz/chance.js"

interface Happening {
  readonly at: number
  readonly order: number
  readonly task: () => void
  cancelled: boolean
}

/** So many events without a pause let nothing else of the real process run. */
const EVENTS_A_REAL_TURN = 2000
/** More than any scenario needs; who comes here goes round in circles. */
const MOST_EVENTS = 400_000
const MOST_ROUNDS = 10_000

/** Numbers for a part of a scenario that stay the same when other parts go. */
export function chanceFor(seed: number, ...labels: number[]): Chance {
  let mixed = Math.imul(seed | 0, 0x9e3779b1)
  for (const label of labels) mixed = Math.imul(mixed ^ (label + 0x7f4a7c15), 0x85ebca6b) ^ (mixed >>> 13)
  const chance = new Chance(mixed)
  for (let times = 0; times < 4; times++) chance.below(2)
  return chance
}

/** The clock and the queue of everything that will happen. */
export class Loop {
  now = 0
  events = 0
  /** What is told of each event, if anybody wants to know. */
  print: ((line: string) => void) | undefined
  /** What must not happen, first of all. */
  failure: Error | undefined
  /** A fingerprint of all that happened. */
  hash = 0x811c9dc5
  private order = 0
  private ticks: (() => void)[] = []
  private readonly heap: Happening[] = []

  /** Something that the same seed has to bring about at the same time again. */
  note(line: string): void {
    const stamped = `${this.now.toFixed(3)} ${line}`
    for (let at = 0; at < stamped.length; at++) {
      this.hash = Math.imul(this.hash ^ stamped.charCodeAt(at), 0x01000193)
    }
    this.print?.(stamped)
  }

  fail(error: unknown): void {
    if (this.failure !== undefined) return
    this.failure = error instanceof Error ? error : new Error(String(error))
    this.note(`FAILURE ${this.failure.message}`)
  }

  afterMicrotasks(task: () => void): void {
    this.ticks.push(task)
  }

  /** Runs `task` after so many milliseconds. */
  later(milliseconds: number, task: () => void): { cancel(): void } {
    const happening = {
      at: this.now + Math.max(milliseconds, 0),
      order: this.order++,
      task,
      cancelled: false,
    }
    this.push(happening)
    return {
      cancel: () => {
        happening.cancelled = true
      },
    }
  }

  /** Lets time pass until then, or until something fails. */
  async runUntil(end: number): Promise<void> {
    for (;;) {
      const next = this.heap[0]
      if (next === undefined || next.at > end || this.failure !== undefined) break
      this.pop()
      if (next.cancelled) continue
      if (next.at > this.now) this.now = next.at
      if (++this.events > MOST_EVENTS) this.fail(new Error("endless: too many events"))
      this.attempt(next.task)
      await this.settle()
      if (this.events % EVENTS_A_REAL_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    if (this.failure === undefined) this.now = Math.max(this.now, end)
  }

  /** Runs `task` as an event of its own, now. */
  async run(task: () => void): Promise<void> {
    this.attempt(task)
    await this.settle()
  }

  private attempt(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.fail(error)
    }
  }

  private async settle(): Promise<void> {
    for (let rounds = 0; ; rounds++) {
      // Comes when no microtask is left.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      if (this.ticks.length === 0) return
      if (rounds > MOST_ROUNDS) {
        this.fail(new Error("endless: microtasks without an end"))
        this.ticks = []
        return
      }
      const { ticks } = this
      this.ticks = []
      for (const tick of ticks) this.attempt(tick)
    }
  }

  private push(happening: Happening): void {
    const { heap } = this
    let at = heap.length
    heap.push(happening)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(happening, heap[parent] as Happening)) break
      heap[at] = heap[parent] as Happening
      at = parent
    }
    heap[at] = happening
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop() as Happening
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Happening, heap[child] as Happening)) child++
      if (!before(heap[child] as Happening, last)) break
      heap[at] = heap[child] as Happening
      at = child
    }
    heap[at] = last
  }
}

function before(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
