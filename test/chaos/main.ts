// Faults on real sockets, between processes of puremq and of libzmq.
//
//   npm run test:chaos -- [--seed 1] [--at-once 3] [--only <part of a round's name>] [--patience <seconds>]
//   npm run test:chaos -- --mutants [--only <part of a fault's name>]
import { parseArgs } from "node:util"
import { freshSeed } from "../fuzz/chance.js"
import { chosen } from "../interop/chosen.js"
import { loadZeromq } from "../suites/library.js"
import { faults } from "./faults.js"
import { describe, nameOf, pairings, playAll, roundsOf } from "./matrix.js"
import { plantAll } from "./mutants/plant.js"
import { whyNoNamespaces } from "./namespaces.js"
import { waitUpTo } from "./patience.js"

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    "at-once": { type: "string", default: "3" },
    only: { type: "string", default: "" },
    patience: { type: "string", default: "60" },
    mutants: { type: "boolean", default: false },
  },
})
const seed = Number(values.seed ?? freshSeed())
const [atOnce, patience] = [Number(values["at-once"]), Number(values.patience)]
if (!Number.isInteger(seed) || !(atOnce >= 1) || !(patience > 0)) {
  console.error(
    "Usage: main.js [--mutants] [--seed <whole number>] [--at-once <number>] [--only <text>] [--patience <seconds>]",
  )
  process.exit(2)
}
waitUpTo(patience * 1000)
process.exitCode = (values.mutants ? plantAll(values.only) : await strikeAll()) === 0 ? 0 : 1

/** Returns how many rounds failed. */
async function strikeAll(): Promise<number> {
  const noNamespaces = whyNoNamespaces()
  const zeromq = loadZeromq()
  if (noNamespaces !== undefined) {
    const left = faults.filter(({ needsRoot }) => needsRoot === true).map(({ name }) => name)
    console.log(`left out, for ${noNamespaces}: ${left.join(", ")}`)
  }
  if (typeof zeromq === "string") console.log(`without libzmq: ${zeromq}`)
  const pairs = typeof zeromq === "string" ? pairings.slice(0, 1) : pairings
  const plans = chosen(roundsOf(faults, pairs, seed), nameOf, values.only).filter(
    ({ fault: { needsRoot } }) => needsRoot !== true || noNamespaces === undefined,
  )
  console.log(`chaos: ${plans.length} rounds, seed ${seed}`)
  let failed = 0
  const rows = await playAll(plans, Math.floor(atOnce), ({ plan, outcome: { violations } }) => {
    if (violations.length === 0) return
    failed++
    console.error(`FAILED ${nameOf(plan)}\n  ${violations.join("\n  ")}`)
  })
  console.log(describe(rows))
  const lost = rows.filter(({ outcome }) => outcome.lost > 0).length
  console.log(`chaos: seed ${seed}: ${rows.length} rounds, ${lost} with losses, ${failed} failed`)
  return failed
}
