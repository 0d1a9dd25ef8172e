// Faults on real sockets, between processes of puremq and of libzmq.
//
//   npm run test:chaos -- [--seed 1] [--at-once 3] [--only <part of a cell's name>]
import { parseArgs } from "node:util"
import { freshSeed } from "../fuzz/chance.js"
import { loadZeromq } from "../suites/library.js"
import { faults } from "./faults.js"
import { cellsOf, describe, nameOf, pairings, playAll } from "./matrix.js"
import { whyNoNamespaces } from "./namespaces.js"

const { values } = parseArgs({
  options: { seed: { type: "string" }, "at-once": { type: "string" }, only: { type: "string" } },
})
const seed = Number(values.seed ?? freshSeed())
const atOnce = Number(values["at-once"] ?? 3)
if (!Number.isInteger(seed) || !(atOnce >= 1)) {
  console.error("Usage: main.js [--seed <whole number>] [--at-once <number>] [--only <text>]")
  process.exit(2)
}

const noNamespaces = whyNoNamespaces()
const zeromq = loadZeromq()
if (noNamespaces !== undefined) {
  const left = faults.filter(({ needsRoot }) => needsRoot === true).map(({ name }) => name)
  console.log(`left out, for ${noNamespaces}: ${left.join(", ")}`)
}
if (typeof zeromq === "string") console.log(`without libzmq: ${zeromq}`)

const possible = faults.filter(({ needsRoot }) => needsRoot !== true || noNamespaces === undefined)
const pairs = typeof zeromq === "string" ? pairings.slice(0, 1) : pairings
const plans = cellsOf(possible, pairs, seed).filter((plan) => nameOf(plan).includes(values.only ?? ""))
console.log(`chaos: ${plans.length} cells, seed ${seed}`)
let failed = 0
const rows = await playAll(plans, Math.floor(atOnce), ({ plan, outcome: { violations } }) => {
  if (violations.length === 0) return
  failed++
  console.error(`FAILED ${nameOf(plan)}\n  ${violations.join("\n  ")}`)
})
console.log(describe(rows))
const lost = rows.filter(({ outcome }) => outcome.lost > 0).length
console.log(`chaos: seed ${seed}: ${rows.length} cells, ${lost} with losses, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
