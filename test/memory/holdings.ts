// What this process holds: for checks that it does not hold more and more.
import { readdirSync } from "node:fs"
import { setImmediate as turn } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** What a process holds. */
export interface Holdings {
  readonly rss: number
  /** The JavaScript heap, external memory and array buffers, after a garbage collection. */
  readonly memory: number
  /** Open file descriptors; 0 where they cannot be listed. */
  readonly files: number
  /** Timers that were set and have neither fired nor been cleared since {@link watchTimers}. */
  readonly timers: number
}

setFlagsFromString("--expose-gc")
const collectOnce = runInNewContext("gc") as () => void

/** The first collection lets go of memory that the second one finds unused. */
export function collectGarbage(): void {
  collectOnce()
  collectOnce()
}

const liveTimers: Set<unknown> = new Set()

export function takeHoldings(): Holdings {
  collectGarbage()
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  // External memory has the array buffers in it.
  return {
    rss,
    memory: heapUsed + Math.max(external, arrayBuffers),
    files: countFiles(),
    timers: liveTimers.size,
  }
}

/** Bytes of memory that are held once finalizers have had their turns. */
export async function heldAtRest(): Promise<number> {
  for (let turns = 0; turns < 2; turns++) {
    collectGarbage()
    await turn()
  }
  return takeHoldings().memory
}

function countFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length
  } catch {
    return 0
  }
}

/** Counts the timers that are set from now on, also those that do not hold the process. */
export function watchTimers(): void {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  const watchedSet = (task: (...values: unknown[]) => void, milliseconds?: number, ...values: unknown[]) => {
    const timer = set(() => {
      liveTimers.delete(timer)
      task(...values)
    }, milliseconds)
    liveTimers.add(timer)
    return timer
  }
  globalThis.setTimeout = Object.assign(watchedSet, { __promisify__: set.__promisify__ }) as typeof setTimeout
  globalThis.clearTimeout = (timer) => {
    liveTimers.delete(timer)
    clear(timer)
  }
}

/** How much a series of equally spaced numbers rises from its beginning to its end: by the median of its slopes. */
export function rise(values: readonly number[]): number {
  const slopes: number[] = []
  values.forEach((early, from) => {
    values.slice(from + 1).forEach((late, distance) => {
      slopes.push((late - early) / (distance + 1))
    })
  })
  slopes.sort((one, other) => one - other)
  return (slopes[slopes.length >> 1] ?? 0) * Math.max(values.length - 1, 0)
}
