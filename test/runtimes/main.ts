// `npm run test:runtimes`: plays the suite on all runtimes and prints one table. Arguments: parts of names of checks.
import { pageBugs, playInBrowser } from "./browser.js"
import type { Outcome } from "./check.js"
import { complaintOf, type Found, findRuntimes, playOn } from "./runtimes.js"

interface Column {
  readonly title: string
  readonly bugs: Found["bugs"]
  readonly outcomes: ReadonlyMap<string, Outcome>
}

const parts = process.argv.slice(2)
const columns: Column[] = []
const complaints: string[] = []

function add(title: string, bugs: Found["bugs"], outcomes: readonly Outcome[]): void {
  columns.push({ title, bugs, outcomes: new Map(outcomes.map((outcome) => [outcome.name, outcome])) })
  for (const outcome of outcomes) {
    const complaint = complaintOf({ bugs }, outcome)
    if (complaint !== undefined) complaints.push(`${title}, ${complaint}`)
  }
}

function without(name: string, reason: string): void {
  console.log(`Without ${name}: ${reason}`)
  if (process.env.PUREMQ_PEERS === "required") complaints.push(`${name} is missing`)
}

for (const runtime of findRuntimes()) {
  if ("missing" in runtime) {
    without(runtime.name, runtime.missing)
    continue
  }
  const name = runtime.name.replace(/^(this )?Node.*/, "Node")
  try {
    add(`${name} ${runtime.version}`, runtime.bugs, await playOn(runtime, parts))
  } catch (error) {
    complaints.push(`${runtime.name}: ${error}`)
  }
}
const page = await playInBrowser()
if ("missing" in page) without("Chromium", page.missing)
else add(`Chromium ${page.version}`, pageBugs, page.outcomes)

const names = new Set(columns.flatMap(({ outcomes }) => [...outcomes.keys()]))
const notes: string[] = []
const cell = ({ title, bugs, outcomes }: Column, name: string): string => {
  const outcome = outcomes.get(name)
  if (outcome === undefined) return "–"
  if (outcome.skipped !== undefined) return "skipped"
  if (outcome.failure === undefined) return "✓"
  if (bugs[name] === undefined) return "FAILS"
  notes.push(`${title}, ${name}: ${bugs[name]}`)
  return `✗ (${notes.length})`
}
console.log(`| | ${columns.map(({ title }) => title).join(" | ")} |`)
console.log(`|---|${columns.map(() => ":-:|").join("")}`)
for (const name of names) {
  console.log(`| ${name} | ${columns.map((column) => cell(column, name)).join(" | ")} |`)
}
for (const [index, note] of notes.entries()) console.log(`\n(${index + 1}) ${note}`)
for (const complaint of complaints) console.error(`\n${complaint}`)
process.exit(complaints.length > 0 ? 1 : 0)
