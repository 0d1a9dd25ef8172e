// Usage: npm run simulate -- [--seeds N] [--from S] [--hours H] [--minutes M] [--shrink] [--quick]
//        npm run simulate -- --seed S [--drafts yes|no] [--minutes M] [--trace] [--shrink]
// A batch goes on where the last one ended, unless it is told where to begin; with --quick it ends with the first seed
// that fails. Whether a seed is for the draft types follows from it, unless it is told.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { type Plan, planOf } from "./plan.js"
import { play } from "./play.js"
import { scriptOf, shrink } from "./shrink.js"

const STATE_FILE = "build/simulation-state.json"
const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string" },
    hours: { type: "string" },
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    drafts: { type: "string" },
    trace: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
})
const minutes = Number(values.minutes)
const isWhole = (text: string | undefined): boolean => text === undefined || /^[1-9]\d*$/.test(text)
const isTime = (text: string | undefined): boolean => text === undefined || Number(text) > 0
if (
  ![values.seeds, values.from, values.seed].every(isWhole) ||
  ![values.hours, values.minutes].every(isTime) ||
  ![undefined, "yes", "no"].includes(values.drafts)
) {
  console.error(
    "Usage: main.js [--seeds <number>] [--from <seed>] [--hours <number>] [--minutes <number>] [--seed <seed>]\n" +
      "  [--drafts yes|no] [--trace] [--shrink] [--quick]",
  )
  process.exit(2)
}

function planFor(seed: number): Plan {
  return planOf(seed, minutes, values.drafts === undefined ? undefined : values.drafts === "yes")
}

/** How far earlier batches came. */
function readState(): { next: number; clean: number; failed: number[] } {
  if (existsSync(STATE_FILE)) return JSON.parse(readFileSync(STATE_FILE, "utf8"))
  return { next: 1, clean: 0, failed: [] }
}

async function showOne(seed: number): Promise<void> {
  const plan = planFor(seed)
  const { failure, hash, events } = await play(plan, values.trace ? (line) => console.log(line) : undefined)
  console.log(`simulate: seed ${seed}: ${events} events, trace ${(hash >>> 0).toString(16)}`)
  if (failure === undefined) return
  process.exitCode = 1
  console.log(failure.stack)
  tellToKeep(plan)
  if (values.shrink) await showShrunk(seed)
}

/** With this line every test run plays the scenario. */
function tellToKeep({ seed, drafts }: Plan): void {
  const line = `{ "seed": ${seed}, "minutes": ${minutes}, "drafts": ${drafts} }`
  console.log(`simulate: to keep it, add this to test/simulation/seeds.json: ${line}`)
}

async function showShrunk(seed: number): Promise<void> {
  const { plan, failure } = await shrink(planFor(seed))
  console.log(`simulate: the smallest scenario of seed ${seed}: ${failure.message}`)
  console.log(scriptOf(plan))
}

async function runMany(): Promise<void> {
  const state = readState()
  const resumes = values.from === undefined
  const first = resumes ? state.next : Number(values.from)
  const count = Number(values.seeds ?? (values.hours === undefined ? 1000 : Infinity))
  const end = performance.now() + Number(values.hours ?? Infinity) * 3_600_000
  const began = performance.now()
  let [seed, failed, events, received] = [first, 0, 0, 0]
  const keep = (): void => {
    if (resumes) writeFileSync(STATE_FILE, JSON.stringify({ ...state, next: seed }))
  }
  for (; seed < first + count && performance.now() < end; seed++) {
    const plan = planFor(seed)
    const outcome = await play(plan)
    events += outcome.events
    received += outcome.received
    if (seed % 200 === 0) keep()
    if (outcome.failure === undefined) {
      state.clean++
      continue
    }
    failed++
    state.failed.push(seed)
    process.exitCode = 1
    console.log(`simulate: seed ${seed} FAILED: ${outcome.failure.message}`)
    tellToKeep(plan)
    if (values.quick) break
    if (values.shrink) await showShrunk(seed)
  }
  keep()
  const seconds = (performance.now() - began) / 1000
  const seeds = seed - first
  console.log(
    `simulate: ${seeds} seeds from ${first}, ${failed} failed; ${(seeds / seconds).toFixed(1)} seeds a second, ` +
      `${events} events, ${received} messages` +
      (resumes ? `; ${state.clean} clean in all batches` : ""),
  )
}

if (values.seed === undefined) await runMany()
else await showOne(Number(values.seed))
