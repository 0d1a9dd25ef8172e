// A process that runs mutants of one module, one after the other. It tells its parent which one is next, so that he
// knows which one it was that never came back.
import { register } from "node:module"
import type { TestContext } from "node:test"
import { pathToFileURL } from "node:url"
import type { Answer, Coverage, Status, Task } from "./protocol.js"

/** A test that takes so many times what it took without a mutant, and a second more, has failed. */
const PATIENCE = 5

/** What the mutants of Stryker's instrumenter look at. */
interface Switches {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}

const TOO_LATE = new Error("It took too long.")

const switches: Switches = {}
Object.assign(globalThis, { __stryker__: switches })

const stray: unknown[] = []
process.on("unhandledRejection", (reason) => stray.push(reason))
process.on("uncaughtException", (error) => stray.push(error))

let round = 0

function answer(message: Answer): void {
  process.send?.(message)
}

/** The tests of a file, in modules of their own. */
async function testsOf(file: string): Promise<{ id: string; body: (context: TestContext) => unknown }[]> {
  const { takeTests } = await import("./node-test.js")
  takeTests()
  await import(`${pathToFileURL(file).href}?round=${round}`)
  return takeTests().map(({ name, body }) => ({ id: `${file}: ${name}`, body }))
}

async function runTest(body: (context: TestContext) => unknown, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(TOO_LATE), limit)
  })
  try {
    await Promise.race([body({} as TestContext), late])
  } finally {
    clearTimeout(timer)
  }
  if (stray.length > 0) throw stray[0]
}

/** Which mutants each test comes by, and how long it takes; without any mutant all tests have to pass. */
async function look({ files }: Task): Promise<Coverage> {
  const times: Record<string, number> = {}
  for (const file of files) {
    round++
    switches.currentTestId = undefined
    for (const { id, body } of await testsOf(file)) {
      switches.currentTestId = id
      const began = performance.now()
      await runTest(body, 60_000)
      times[id] = performance.now() - began
    }
  }
  const { static: atLoad = {}, perTest = {} } = switches.mutantCoverage ?? {}
  return { times, atLoad, perTest }
}

/** What comes of a mutant, and by which test. */
async function kill(
  mutant: string,
  files: readonly string[],
  coverage: Coverage,
): Promise<{ status: Status; by?: string }> {
  const { times, atLoad, perTest } = coverage
  const everywhere = mutant in atLoad
  const wanted = Object.keys(times).filter((id) => everywhere || mutant in (perTest[id] ?? {}))
  const cost = (file: string): number =>
    wanted.reduce((sum, id) => sum + (id.startsWith(`${file}: `) ? (times[id] ?? 0) : 0), 0)
  round++
  for (const file of [...files].sort((one, other) => cost(one) - cost(other))) {
    if (!wanted.some((id) => id.startsWith(`${file}: `))) continue
    answer({ kind: "next", mutant, limit: 3000 + PATIENCE * cost(file) })
    try {
      const tests = (await testsOf(file)).filter(({ id }) => wanted.includes(id))
      for (const { id, body } of tests.sort((one, other) => (times[one.id] ?? 0) - (times[other.id] ?? 0))) {
        try {
          await runTest(body, 1000 + PATIENCE * (times[id] ?? 0))
        } catch (error) {
          return { status: error === TOO_LATE ? "timeout" : "killed", by: id }
        }
      }
    } catch {
      return { status: "killed", by: `${file}: (loading)` }
    }
  }
  return { status: "survived" }
}

function hitsOf(mutant: string, { atLoad, perTest }: Coverage): number {
  return Object.values(perTest).reduce((sum, hits) => sum + (hits[mutant] ?? 0), atLoad[mutant] ?? 0)
}

async function work(task: Task): Promise<void> {
  const root = pathToFileURL(`${process.cwd()}/`).href
  register("./loader.js", import.meta.url, {
    data: {
      target: pathToFileURL(task.module).href,
      source: task.source,
      standIns: {
        "node:test": new URL("./node-test.js", import.meta.url).href,
        "fast-check": new URL("./fast-check.js", import.meta.url).href,
      },
      root,
      outside: new URL(".", import.meta.url).href,
    },
  })
  const coverage = task.coverage ?? (await look(task))
  switches.currentTestId = undefined
  if (task.coverage === undefined) answer({ kind: "coverage", coverage })
  for (const mutant of task.mutants) {
    const hits = hitsOf(mutant, coverage)
    if (hits === 0) {
      answer({ kind: "result", mutant, status: "uncovered" })
      continue
    }
    stray.length = 0
    switches.activeMutant = mutant
    // A loop that a mutant keeps going ends here, most times.
    switches.hitCount = 0
    switches.hitLimit = 1000 + 3 * hits
    const outcome = await kill(mutant, task.files, coverage)
    switches.activeMutant = undefined
    answer({ kind: "result", mutant, ...outcome })
  }
  answer({ kind: "done" })
}

process.once("message", (task) => {
  work(task as Task).then(
    () => process.disconnect(),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
