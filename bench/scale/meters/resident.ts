import { setTimeout as sleep } from "node:timers/promises"
import { collectGarbage, takeHoldings } from "../../../test/memory/holdings.js"

const STEADY_BYTES = 256 << 10
const STEADY_LOOKS = 4
const MOST_LOOKS = 60
const PAUSE = 50

export function residentBytes(): number {
  return process.memoryUsage.rss()
}

/** The most that was resident at a time. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

/** What the JavaScript heap and the memory outside it hold, after garbage collection. */
export function heldBytes(): number {
  return takeHoldings().memory
}

/** Resident bytes after garbage collection, once they neither fall nor rise any more. */
export async function settledBytes(): Promise<number> {
  let last = Infinity
  let steady = 0
  for (let look = 0; look < MOST_LOOKS && steady < STEADY_LOOKS; look++) {
    collectGarbage()
    const bytes = residentBytes()
    steady = Math.abs(bytes - last) < STEADY_BYTES ? steady + 1 : 0
    last = bytes
    await sleep(PAUSE)
  }
  return last
}
