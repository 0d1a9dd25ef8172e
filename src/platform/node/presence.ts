import type { Worker } from "node:worker_threads"

type WorkerThreads = typeof import("node:worker_threads")

/** Threads at a time that can be told from each other. */
const SLOTS = 1024
/** Behind the slots: whether there may be members that are in none. */
const INCOMPLETE = SLOTS

/**
 * Which threads are members of a group, in memory that a thread's workers inherit from it. Who makes a worker sees it
 * end.
 */
export class Presence {
  private readonly slots: Int32Array
  private readonly self: number

  /** `first`: no other thread can have become a member before this one. */
  constructor(name: string, first: boolean, threads: WorkerThreads) {
    const { getEnvironmentData, setEnvironmentData, threadId } = threads
    const inherited = getEnvironmentData(name) as unknown
    const memory = inherited instanceof SharedArrayBuffer ? inherited : new SharedArrayBuffer((SLOTS + 1) * 4)
    this.slots = new Int32Array(memory)
    this.self = threadId
    if (memory !== inherited) {
      if (!first) Atomics.store(this.slots, INCOMPLETE, 1)
      setEnvironmentData(name, memory as never)
    }
    this.enter(threadId)
    process.on("exit", () => this.leave(threadId))
    process.on("worker", (worker) => this.watch(worker))
  }

  /** How many other members there are; Infinity: nobody knows. */
  get others(): number {
    if (Atomics.load(this.slots, INCOMPLETE) === 1) return Infinity
    let count = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      const thread = Atomics.load(this.slots, slot) - 1
      if (thread >= 0 && thread !== this.self) count++
    }
    return count
  }

  enter(thread: number): void {
    Atomics.store(this.slots, thread % SLOTS, thread + 1)
  }

  leave(thread: number): void {
    Atomics.compareExchange(this.slots, thread % SLOTS, thread + 1, 0)
  }

  /** Sees the end of a worker that this thread made. */
  watch(worker: Worker): void {
    const { threadId } = worker
    worker.once("exit", () => this.leave(threadId))
  }
}
