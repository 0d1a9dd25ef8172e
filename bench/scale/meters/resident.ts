import { setTimeout as sleep } from "node:timers/promises"
import { collectGarbage } from "../../../test/memory/holdings.js"

const STEADY_BYTES = 256 << 10
const STEADY_LOOKS = 4
const MOST_LOOKS = 60
const PAUSE = 50

export function residentBytes(): number {
  return process.memoryUsage.rss()
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
