// Measures what puremq costs and how it scales, on the older and the newer Node, beside libzmq doing the same.
//
//   npm run bench:scale -- [--rounds=3] [--only=part of an experiment's title]
import { writeFileSync } from "node:fs"
import { fromRoot } from "../../test/interop/package-root.js"
import { findPeers } from "../find-peer.js"
import { describeMachine } from "../machine.js"
import { experiments } from "./experiments.js"
import { growths } from "./growth.js"
import { scaleKit } from "./kit.js"
import { readOptions } from "./options.js"
import { outcomesOf, runtimes } from "./outcome.js"
import { drawPlot } from "./plot.js"
import { drawReport, type Report, toJson } from "./report.js"
import { takeRounds } from "./rounds.js"

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { rounds, chosen } = readOptions(experiments, "3")
  const found = findPeers([...runtimes, "libzmq"], scaleKit)
  const extra = found.get("puremq")
  if (!extra) throw new Error("There is nothing to measure")

  const measured = await takeRounds(chosen, rounds, found, extra)
  const outcomes = new Map(chosen.map((one) => [one, outcomesOf(one, measured.get(one) ?? new Map())]))
  const report: Report = {
    machine: describeMachine(),
    versions: Object.fromEntries(Array.from(found, ([name, { version }]) => [name, version])),
    rounds,
    outcomes: [...outcomes.values()].flat(),
  }
  console.log(drawReport(report))
  // What stands there is of whole runs.
  if (chosen.length < experiments.length) return
  writeFileSync(fromRoot("bench/scale.json"), toJson(report))
  const pictures = growths.map((growth) => ({ growth, outcomes: outcomes.get(growth) ?? [] }))
  writeFileSync(fromRoot("docs/scale.svg"), drawPlot(pictures, report))
}
