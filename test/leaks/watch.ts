// Fails a process that ends with something of the library's still open.
import { setTimeout as delay } from "node:timers/promises"
import { collectGarbage } from "../memory/holdings.js"
import { type Belonging, watchBelongings } from "./belongings.js"

/** What a closed socket may still take: a goodbye that the peer has to answer. */
const PATIENCE = 10_000
const LOOK_EVERY = 20
/** More than these are the same again. */
const MOST_NAMED = 5

/** To be called before the library is loaded; with the milliseconds that closed sockets have in the end. */
export function watch(patience: number = PATIENCE): void {
  const take = watchBelongings()
  let looked = false
  process.on("beforeExit", () => {
    if (looked) return
    looked = true
    void settle(take, patience)
  })
  process.on("exit", () => {
    // Whoever ends by process.exit() has not waited for anything.
    if (!looked) return
    const left = take()
    if (left.length === 0) return
    process.exitCode = 1
    console.error(complaint(left))
  })
}

/**
 * Keeps the process until all is closed, or patience is at its end. Sockets that nobody can reach any more close once
 * they are collected, which is not to depend on whether there was a collection.
 */
async function settle(take: () => Belonging[], patience: number): Promise<void> {
  for (const end = Date.now() + patience; take().length > 0 && Date.now() < end; ) {
    collectGarbage()
    await delay(LOOK_EVERY)
  }
}

function complaint(left: readonly Belonging[]): string {
  const named = left.slice(0, MOST_NAMED).map(({ what, madeAt }) => `- ${what}, made\n${madeAt}`)
  const more = left.length - named.length
  const rest = more > 0 ? [`- and ${more} more`] : []
  return [`This process ended and left ${left.length} things of the library's open:`, ...named, ...rest].join(
    "\n",
  )
}
