// Waiting in tests: for an event or for a condition, and never longer than a deadline that says what was missed.
import { setTimeout as delay } from "node:timers/promises"

export const patience = 20_000

/** The promise's result, or an error that says what did not happen in time. */
export async function within<T>(promise: Promise<T>, what: string, milliseconds = patience): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${milliseconds} ms in vain for ${what}`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Asks again and again until the answer is neither false nor undefined, and returns it. */
export async function eventually<T>(
  ask: () => Promise<T | false | undefined>,
  what: string,
  milliseconds = patience,
): Promise<T> {
  const end = Date.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== false && answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`Waited ${milliseconds} ms in vain for ${what}`)
    await delay(1)
  }
}
