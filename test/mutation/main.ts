// Usage: npm run mutate [-- part of a module's name…]
// Runs the mutants of routing/, patterns/ and wire/ against the tests that table.ts names. What came of them stays in
// build/, and only modules that have changed, or whose tests have, are run again. Fails below the least score of a
// folder, for a survivor that survivors.json does not explain, and for what that explains and does not survive.
import { type ChildProcess, fork } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { setPriority } from "node:os"
import { fileURLToPath } from "node:url"
import { chosen } from "../interop/chosen.js"
import { instrument, type Mutant } from "./instrument.js"
import type { Answer, Coverage, Status } from "./protocol.js"
import { table } from "./table.js"

const LEAST_SCORE = 85
/** Every mutant leaves modules behind, which are never collected: a new process then. */
const MUTANTS_A_PROCESS = 100
/** Milliseconds that the tests may take before there is a mutant. */
const FIRST_LOOK = 120_000
const RESULTS = "build/mutation.json"
const SURVIVORS = "test/mutation/survivors.json"

interface Outcome extends Mutant {
  readonly status: Status
  readonly by?: string | undefined
}

interface Survivor {
  readonly module: string
  readonly line: string
  readonly change: string
  /** So many lines are the same, and it survives in all of them. */
  readonly times?: number
  readonly reason: string
}

type Results = Record<string, { readonly hash: string; readonly outcomes: readonly Outcome[] }>

const wanted = process.argv.slice(2)
for (const part of wanted) chosen(Object.keys(table), (module) => module, part)

function pathsOf(module: string): string[] {
  return (table[module] as readonly string[]).map((name) => `build/test/unit/${name}.test.js`)
}

/** Of all that what comes of a module's mutants goes by, but for other modules. */
function hashOf(module: string): string {
  const hash = createHash("sha256")
  const runner = ["instrument", "loader", "node-test", "fast-check", "worker"].map(
    (name) => `build/test/mutation/${name}.js`,
  )
  const helpers = [
    "sample-messages",
    "decoder-stage",
    "borrowing",
    "counted-pool",
    "patterns/peers",
    "patterns/publishers",
  ].map((name) => `build/test/unit/${name}.js`)
  for (const path of [`dist/${module}.js`, ...pathsOf(module), ...helpers, ...runner])
    hash.update(readFileSync(path))
  return hash.digest("hex")
}

async function run(module: string): Promise<Outcome[]> {
  const path = `${process.cwd()}/dist/${module}.js`
  const { source, mutants } = await instrument(path)
  const files = pathsOf(module).map((file) => `${process.cwd()}/${file}`)
  const statuses = new Map<string, { status: Status; by?: string | undefined }>()
  let coverage: Coverage | undefined
  while (statuses.size < mutants.length) {
    const left = mutants.map(({ id }) => id).filter((id) => !statuses.has(id))
    const before = statuses.size
    await new Promise<void>((resolve, reject) => {
      const worker = startWorker()
      let current: string | undefined
      let timer = setTimeout(() => {}, 0)
      const expect = (limit: number): void => {
        clearTimeout(timer)
        timer = setTimeout(() => worker.kill("SIGKILL"), limit)
      }
      expect(FIRST_LOOK)
      worker.on("message", (answer: Answer) => {
        if (answer.kind === "coverage") coverage = answer.coverage
        current = answer.kind === "next" ? answer.mutant : undefined
        if (answer.kind === "result") statuses.set(answer.mutant, answer)
        expect(answer.kind === "next" ? answer.limit : FIRST_LOOK)
      })
      worker.on("exit", () => {
        clearTimeout(timer)
        if (current !== undefined) statuses.set(current, { status: "timeout" })
        if (statuses.size === before) reject(new Error(`${module}: its tests fail without any mutant.`))
        else resolve()
      })
      worker.send({ module: path, source, files, coverage, mutants: left.slice(0, MUTANTS_A_PROCESS) })
    })
  }
  return mutants.map((mutant) => ({ ...mutant, ...(statuses.get(mutant.id) as { status: Status }) }))
}

function startWorker(): ChildProcess {
  const program = fileURLToPath(new URL("worker.js", import.meta.url))
  // A mutant may ask for all the memory that there is, and what a process says then is long.
  const worker = fork(program, {
    execArgv: ["--max-old-space-size=1024"],
    stdio: ["ignore", "ignore", process.env.MUTATE_VERBOSE === "1" ? "inherit" : "ignore", "ipc"],
  })
  setPriority(worker.pid as number, 5)
  return worker
}

function survives({ status }: Outcome): boolean {
  return status === "survived" || status === "uncovered"
}

function scoreOf(outcomes: readonly Outcome[]): number {
  return (100 * outcomes.filter((outcome) => !survives(outcome)).length) / outcomes.length
}

function tell(name: string, outcomes: readonly Outcome[]): void {
  if (outcomes.length === 0) return
  const left = outcomes.filter(survives).length
  const late = outcomes.filter(({ status }) => status === "timeout").length
  console.log(
    `mutate: ${name.padEnd(24)} ${scoreOf(outcomes).toFixed(1).padStart(5)} % of ${outcomes.length}: ` +
      `${left} left, ${late} that never ended`,
  )
}

const read = <Value>(path: string, none: Value): Value =>
  existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : none

const results = read<Results>(RESULTS, {})
const explained = read<Survivor[]>(SURVIVORS, [])
const keyOf = ({ line, change }: Pick<Survivor, "line" | "change">): string => `${line}: ${change}`

/** What is wrong with what is left of a module: survivors that nobody explains, and explanations of none. */
function judge(module: string, outcomes: readonly Outcome[]): string[] {
  const own = explained.filter((survivor) => survivor.module === module)
  const explanations = new Map(own.map((survivor) => [keyOf(survivor), survivor.times ?? 1]))
  const isExplained = (outcome: Outcome): boolean => {
    const times = explanations.get(keyOf(outcome)) ?? 0
    explanations.set(keyOf(outcome), times - 1)
    return times > 0
  }
  const unexplained = outcomes.filter((outcome) => survives(outcome) && !isExplained(outcome))
  // On a busy machine also what makes no difference may take too long.
  for (const outcome of outcomes) if (outcome.status === "timeout") isExplained(outcome)
  const stale = [...explanations].filter(([, times]) => times > 0)
  return [
    ...unexplained.map(
      ({ lineNumber, status, mutator, change }) =>
        `src/${module}.ts:${lineNumber}: ${status}: ${mutator}: ${change}`,
    ),
    ...stale.map(([key, times]) => `survivors.json explains what does not survive: ${key} (${times})`),
  ]
}

for (const folder of ["routing", "patterns", "wire"]) {
  for (const file of readdirSync(`dist/${folder}`).filter((name) => name.endsWith(".js"))) {
    const module = `${folder}/${file.slice(0, -3)}`
    if (table[module] === undefined) throw new Error(`${module} has no tests in table.ts.`)
  }
  const whole: Outcome[] = []
  for (const module of Object.keys(table)) {
    if (!module.startsWith(`${folder}/`)) continue
    if (wanted.length > 0 && !wanted.some((part) => module.includes(part))) continue
    const hash = hashOf(module)
    if (results[module]?.hash !== hash) {
      results[module] = { hash, outcomes: await run(module) }
      mkdirSync("build", { recursive: true })
      writeFileSync(RESULTS, JSON.stringify(results, undefined, 1))
    }
    const { outcomes } = results[module] as Results[string]
    whole.push(...outcomes)
    tell(module, outcomes)
    for (const wrong of judge(module, outcomes)) {
      process.exitCode = 1
      console.log(`  ${wrong}`)
    }
  }
  tell(`${folder}/`, whole)
  if (wanted.length === 0 && scoreOf(whole) < LEAST_SCORE) {
    process.exitCode = 1
    console.log(`mutate: ${folder}/ has less than ${LEAST_SCORE} %.`)
  }
}
