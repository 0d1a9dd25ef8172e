// Mixed traffic between processes over connections that break, for as long as it is told to.
//
//   npm run soak -- [--minutes 1] [--seed 1] [--folder build/soak]
import { parseArgs } from "node:util"
import { freshSeed } from "../fuzz/chance.js"
import { fromRoot } from "../interop/package-root.js"
import { record } from "./record.js"
import { soak } from "./soak.js"

const { values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" }, folder: { type: "string" } },
})
const minutes = Number(values.minutes ?? 1)
const seed = Number(values.seed ?? freshSeed())
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error("Usage: main.js [--minutes <number>] [--seed <whole number>] [--folder <path>]")
  process.exit(2)
}

console.log(`soak: ${minutes} min, seed ${seed}`)
const options = { seconds: minutes * 60, seed }
const result = await soak(options)
const folder = values.folder ?? fromRoot("build/soak")
record(folder, options, result)
console.log(result.report)
for (const violation of result.violations) console.error(`\nVIOLATION ${violation}`)
const failed = result.violations.length
console.log(`soak: seed ${seed}: ${failed === 0 ? "ok" : `FAILED, ${failed} violations`}; see ${folder}`)
process.exitCode = failed === 0 ? 0 : 1
