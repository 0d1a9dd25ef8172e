// Usage: node build/test/fuzz/main.js [streams] [seed] [target]
import { collectGarbage } from "../memory/holdings.js"
import { attack } from "./attack.js"
import { attackHandshake } from "./attack-handshake.js"
import { attackMechanism } from "./attack-mechanism.js"
import { Chance, freshSeed } from "./chance.js"
import { attackWithDatagrams } from "./datagrams.js"

const DEFAULT_STREAMS = 1_000_000
/** Compiled code and caches settle during the first streams; a leak goes on after them. */
const WARM_UP_SHARE = 0.2
const ALLOWED_GROWTH = 4 << 20

function heldBytes(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const streams = Number(process.argv[2] ?? DEFAULT_STREAMS)
const seed = Number(process.argv[3] ?? freshSeed())
/** Whom to attack: everybody, if it is left out. */
const wanted = process.argv[4]
if (!Number.isInteger(streams) || streams < 1 || !Number.isInteger(seed)) {
  console.error("Usage: main.js [streams] [seed] [target], the first two whole numbers")
  process.exit(2)
}

/** Attacks so many times; `once` tells into which classes an outcome falls. */
async function fuzz(target: string, once: (chance: Chance) => Promise<string[]> | string[]): Promise<void> {
  if (wanted !== undefined && wanted !== target) return
  const chance = new Chance(seed)
  const warmUp = Math.floor(streams * WARM_UP_SHARE)
  const counts = new Map<string, number>()
  const began = performance.now()
  let heldBefore = heldBytes()
  for (let count = 0; count < streams; count++) {
    if (count === warmUp) heldBefore = heldBytes()
    // The collector's own callbacks want the event loop to turn.
    if (count % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    try {
      for (const name of await once(chance)) counts.set(name, (counts.get(name) ?? 0) + 1)
    } catch (error) {
      console.error(`fuzz: ${target}: stream ${count} of seed ${seed} failed`)
      console.error(error)
      process.exit(1)
    }
  }
  const held = heldBytes()
  const growth = held - heldBefore
  const leaks = growth > ALLOWED_GROWTH
  const rate = Math.round(streams / ((performance.now() - began) / 1000))
  const classes = [...counts].map(([name, count]) => `${count} ${name}`).join(", ")
  console.log(
    `fuzz: ${target}: ${streams} streams, ${rate} a second: ${classes}; ` +
      `memory ${held} bytes, ${growth >= 0 ? "+" : ""}${growth}; seed ${seed}: ${leaks ? "FAILED, memory grew" : "ok"}`,
  )
  if (leaks) process.exitCode = 1
}

await fuzz("decoder", (chance) => (attack(chance).refused ? ["refused"] : ["decoded"]))
await fuzz("mechanisms", (chance) => attackMechanism(chance))
await fuzz("handshake", async (chance) => {
  const { events, received } = await attackHandshake(chance)
  const classes = events
    .filter((event) => event.startsWith("handshake"))
    .map((event) => event.split(" ", 1)[0] as string)
  return received.length > 0 ? [...classes, "heard"] : classes
})
await fuzz("datagrams", (chance) => {
  const { delivered, dropped } = attackWithDatagrams(chance)
  return [...(delivered > 0 ? ["delivered"] : []), ...(dropped > 0 ? ["dropped"] : [])]
})
