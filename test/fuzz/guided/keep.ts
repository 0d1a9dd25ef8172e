// Usage: keep.js target folder
// Keeps of a folder's inputs, in test/fuzz/corpus, the few that reach all that the others reach, by V8's own count of what
// has run. It counts blocks only in what is compiled after it has begun to count, hence a process of its own.

import { readdirSync, readFileSync } from "node:fs"
import { type Profiler, Session } from "node:inspector"
import { join } from "node:path"
import { ByteChance } from "../byte-chance.js"
import { keepInputs } from "../corpus.js"

const [name = "", folder = ""] = process.argv.slice(2)

// The session answers before it returns.
const session = new Session()
session.connect()
session.post("Profiler.enable")
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true })

const { targets } = await import("../targets.js")
const target = targets.get(name)
if (target === undefined) throw new Error(`There is no target ${name}.`)

/** How often a piece of code ran, roughly: 1, 2, 3, up to 7, up to 15, and so on. */
function magnitude(count: number): number {
  return count < 4 ? count : 2 + Math.floor(Math.log2(count))
}

/** What of the library has run since it was asked last, and how often. */
function takeFeatures(): string[] {
  const features: string[] = []
  session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
    for (const { url, scriptId, functions } of result as Profiler.ScriptCoverage[]) {
      if (!url.includes("/dist/")) continue
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          features.push(`${scriptId} ${startOffset} ${endOffset} ${magnitude(count)}`)
        }
      }
    }
  })
  return features
}

// Short ones first, since what a longer one reaches besides is all that it is kept for.
const inputs = readdirSync(folder)
  .map((file) => readFileSync(join(folder, file)))
  .sort((one, other) => one.length - other.length || Buffer.compare(one, other))
const reached = new Set<string>()
const kept: Buffer[] = []
// What is made at first use counts for nobody.
for (const input of inputs.slice(0, 20)) await target(new ByteChance(input))
takeFeatures()
for (const input of inputs) {
  await target(new ByteChance(input))
  const before = reached.size
  for (const feature of takeFeatures()) reached.add(feature)
  if (reached.size > before) kept.push(input)
}
keepInputs(name, kept)
const bytes = kept.reduce((sum, input) => sum + input.length, 0)
console.log(`fuzz:guided: ${name}: of ${inputs.length} inputs ${kept.length} are kept, ${bytes} bytes`)
