// Mixed traffic between processes over connections that break, for as long as it is told to.
//
//   npm run test:soak -- [--seconds 60] [--seed 1]
import { parseArgs } from "node:util"
import { freshSeed } from "../fuzz/chance.js"
import { soak } from "./soak.js"

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } })
const seconds = Number(values.seconds ?? 60)
const seed = Number(values.seed ?? freshSeed())
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error("Usage: main.js [--seconds <number>] [--seed <whole number>]")
  process.exit(2)
}

console.log(`soak: ${seconds} s, seed ${seed}`)
const { report, violations } = await soak({ seconds, seed })
console.log(report)
for (const violation of violations) console.error(`\nVIOLATION ${violation}`)
console.log(
  `soak: seed ${seed}: ${violations.length === 0 ? "ok" : `FAILED, ${violations.length} violations`}`,
)
process.exitCode = violations.length === 0 ? 0 : 1
