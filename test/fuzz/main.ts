// Usage: node build/test/fuzz/main.js [inputs] [seed] [target…]
//        node build/test/fuzz/main.js --resume [inputs] [target…]
// Attacks all targets, or those that are named, with so many inputs each. How far it is stands in build/fuzz, and
// `--resume` goes on from there.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { takeHoldings } from "../memory/holdings.js"
import { Chance, freshSeed } from "./chance.js"
import { type Target, targets } from "./targets.js"
import { watch } from "./watchdog.js"

const DEFAULT_INPUTS = 1_000_000
/** Compiled code and caches settle during the first inputs; a leak goes on after them. */
const WARM_UP_SHARE = 0.2
const ALLOWED_GROWTH = 4 << 20
const SAVED_EVERY = 10_000

/** How far a target is: `state` is that of chance. */
interface Progress {
  seed: number
  state: number
  done: number
  classes: Record<string, number>
}

const folder = fileURLToPath(new URL("../../fuzz/", import.meta.url))
const resumes = process.argv.includes("--resume")
const args = process.argv.slice(2).filter((arg) => arg !== "--resume")
if (resumes) args.splice(1, 0, "1")
const inputs = Number(args[0] ?? DEFAULT_INPUTS)
const seed = Number(args[1] ?? freshSeed())
/** Whom to attack: everybody, if it is left out. */
const wanted = args.length > 2 ? args.slice(2) : [...targets.keys()]
if (
  !Number.isInteger(inputs) ||
  inputs < 1 ||
  !Number.isInteger(seed) ||
  wanted.some((name) => !targets.has(name))
) {
  console.error(`Usage: main.js [inputs] [seed] [target…], or main.js --resume [inputs] [target…]`)
  console.error(`The targets are ${[...targets.keys()].join(", ")}.`)
  process.exit(2)
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`
}

function progressOf(target: string): Progress {
  if (resumes) {
    try {
      return JSON.parse(readFileSync(`${folder}${target}.json`, "utf8"))
    } catch {
      // It has not begun.
    }
  }
  const own = resumes ? freshSeed() : seed
  return { seed: own, state: own, done: 0, classes: {} }
}

const beat = watch()

async function fuzz(target: string, once: Target): Promise<void> {
  const progress = progressOf(target)
  const chance = new Chance(progress.state)
  const { classes, done: doneBefore } = progress
  const warmUp = doneBefore + Math.floor((inputs - doneBefore) * WARM_UP_SHARE)
  const save = (): void => {
    progress.state = chance.state
    writeFileSync(`${folder}${target}.json`, JSON.stringify(progress))
  }
  if (doneBefore >= inputs) {
    console.log(`fuzz: ${target}: ${doneBefore} inputs before: nothing is left to do`)
    return
  }
  const began = performance.now()
  let heldBefore = takeHoldings().memory
  for (; progress.done < inputs; progress.done++) {
    if (progress.done === warmUp) heldBefore = takeHoldings().memory
    if (progress.done % SAVED_EVERY === 0) save()
    // The collector's own callbacks want the event loop to turn.
    if (progress.done % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    const { state } = chance
    beat()
    try {
      for (const name of await once(chance)) classes[name] = (classes[name] ?? 0) + 1
    } catch (error) {
      console.error(
        `fuzz: ${target}: input ${progress.done} of seed ${progress.seed} failed; alone: 1 ${state} ${target}`,
      )
      console.error(error)
      process.exit(1)
    }
  }
  save()
  const held = takeHoldings().memory
  const growth = held - heldBefore
  const leaks = growth > ALLOWED_GROWTH
  const rate = Math.round((inputs - doneBefore) / ((performance.now() - began) / 1000))
  const outcomes = Object.entries(classes).map(([name, count]) => `${count} ${name}`)
  console.log(
    `fuzz: ${target}: ${progress.done} inputs, ${rate} a second: ${outcomes.join(", ")}; memory after the first ` +
      `fifth ${megabytes(heldBefore)}, at the end ${megabytes(held)}; seed ${progress.seed}: ${leaks ? "FAILED, memory grew" : "ok"}`,
  )
  if (leaks) process.exitCode = 1
}

mkdirSync(folder, { recursive: true })
for (const target of wanted) await fuzz(target, targets.get(target) as Target)
