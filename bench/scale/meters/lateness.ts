import { percentile } from "../../statistics.js"

/** Watches how late a timer of 1 ms fires, in milliseconds. */
export class Lateness {
  readonly #latenesses: number[] = []
  readonly #timer: NodeJS.Timeout
  #last: number = performance.now()

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#latenesses.push(Math.max(0, now - this.#last - 1))
      this.#last = now
    }, 1)
  }

  end(): { p50: number; p99: number; most: number } {
    clearInterval(this.#timer)
    const times = this.#latenesses
    return { p50: percentile(times, 50), p99: percentile(times, 99), most: percentile(times, 100) }
  }
}
