// Usage: node build/test/fuzz/main.js [streams] [seed]
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { attack } from "./attack.js"
import { Chance, freshSeed } from "./streams.js"

const DEFAULT_STREAMS = 1_000_000
/** Compiled code and caches settle during the first streams; a leak goes on after them. */
const WARM_UP_SHARE = 0.2
const ALLOWED_GROWTH = 4 << 20

setFlagsFromString("--expose-gc")
const collectGarbage = runInNewContext("gc") as () => void

function heldBytes(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const streams = Number(process.argv[2] ?? DEFAULT_STREAMS)
const seed = Number(process.argv[3] ?? freshSeed())
if (!Number.isInteger(streams) || streams < 1 || !Number.isInteger(seed)) {
  console.error("Usage: main.js [streams] [seed], both whole numbers")
  process.exit(2)
}

const chance = new Chance(seed)
const warmUp = Math.floor(streams * WARM_UP_SHARE)
let refused = 0
let heldBefore = heldBytes()
for (let count = 0; count < streams; count++) {
  if (count === warmUp) heldBefore = heldBytes()
  try {
    if (attack(chance).refused) refused++
  } catch (error) {
    console.error(`fuzz: stream ${count} of seed ${seed} failed`)
    console.error(error)
    process.exit(1)
  }
}
const growth = heldBytes() - heldBefore
const leaks = growth > ALLOWED_GROWTH
const verdict = leaks ? "FAILED, memory grew" : "ok"
console.log(
  `fuzz: ${streams} streams, ${refused} refused, memory ${growth >= 0 ? "+" : ""}${growth} bytes, seed ${seed}: ${verdict}`,
)
process.exitCode = leaks ? 1 : 0
