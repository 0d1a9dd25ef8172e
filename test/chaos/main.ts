// Faults on real sockets, each with each pattern, puremq on both sides or libzmq on one.
//
//   npm run test:chaos -- [--fault "cut with RST"] [--seed 1]
import { parseArgs } from "node:util"
import { freshSeed } from "../fuzz/chance.js"
import { faults } from "./faults.js"
import { describe, playAll, rounds } from "./matrix.js"

const { values } = parseArgs({ options: { fault: { type: "string" }, seed: { type: "string" } } })
const seed = Number(values.seed ?? freshSeed())
if (!Number.isInteger(seed) || (values.fault !== undefined && !(values.fault in faults))) {
  console.error(
    `Usage: main.js [--fault <one of: ${Object.keys(faults).join(", ")}>] [--seed <whole number>]`,
  )
  process.exit(2)
}

const outcomes = await playAll(rounds(values.fault), seed)
console.log(describe(outcomes))
for (const { fault, skipped } of outcomes) if (skipped !== undefined) console.log(`${fault}: ${skipped}`)
const broken = outcomes.filter(({ violations }) => violations.length > 0)
for (const { fault, pattern, pairing, violations } of broken) {
  const where = `${fault}, ${pattern}, ${pairing.bound} bound, ${pairing.dialler} dialling`
  for (const violation of violations) console.error(`VIOLATION ${where}: ${violation}`)
}
console.log(`chaos: ${outcomes.length} rounds, seed ${seed}: ${broken.length === 0 ? "ok" : "FAILED"}`)
process.exitCode = broken.length === 0 ? 0 : 1
