// What a host is like each second: what it holds, how late its event loop is, what it waits for.
import { readFileSync } from "node:fs"
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks"
import { type Holdings, takeHoldings } from "../memory/holdings.js"

/** How late the event loop was, in milliseconds. */
export interface Lateness {
  readonly p50: number
  readonly p99: number
  readonly most: number
}

export interface Pulse extends Holdings {
  /** Seconds since the host was started. */
  readonly second: number
  readonly heap: number
  readonly external: number
  /** Of the last second. */
  readonly late: Lateness
  /** Since the host was started. */
  readonly lateInAll: Lateness
  /** Of the time since then, the part in which its thread was ready to run and had no processor; 0 where that is unknown. */
  readonly starved: number
  /** Promises of sockets that are not settled yet. */
  readonly pending: number
}

/** Milliseconds between two looks at the clock. */
const RESOLUTION = 1
/** Nanoseconds in a millisecond. */
const MILLISECOND = 1e6

export class PulseTaker {
  readonly #second: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  readonly #whole: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  readonly #start: number = performance.now()
  readonly #pending: () => number

  constructor(pending: () => number) {
    this.#pending = pending
    this.#second.enable()
    this.#whole.enable()
  }

  /** What is measured is not how long the collections take that measuring needs. */
  take(): Pulse {
    this.stop()
    const holdings = takeHoldings()
    const { heapUsed, external } = process.memoryUsage()
    const pulse = {
      ...holdings,
      second: Math.round((performance.now() - this.#start) / 1000),
      heap: heapUsed,
      external,
      late: latenessOf(this.#second),
      lateInAll: latenessOf(this.#whole),
      starved: waitedForProcessor() / (performance.now() - this.#start),
      pending: this.#pending(),
    }
    this.#second.reset()
    this.#second.enable()
    this.#whole.enable()
    return pulse
  }

  /** Its timers would keep the process. */
  stop(): void {
    this.#second.disable()
    this.#whole.disable()
  }
}

/** Milliseconds that the main thread has waited for in the system's queues. */
function waitedForProcessor(): number {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / MILLISECOND
  } catch {
    return 0
  }
}

function latenessOf(histogram: IntervalHistogram): Lateness {
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / MILLISECOND - RESOLUTION)
  return {
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    most: late(histogram.max),
  }
}
