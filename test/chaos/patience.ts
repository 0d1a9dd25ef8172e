// How long a round waits for what must happen: long, since what is late on a busy machine is no fault.
import { eventually } from "../suites/deadline.js"

let milliseconds = 60_000

export function waitUpTo(most: number): void {
  milliseconds = most
}

/** Asks again and again until the answer is neither false nor undefined, and returns it. */
export function until<T>(ask: () => Promise<T | false | undefined>, what: string): Promise<T> {
  return eventually(ask, what, milliseconds)
}
