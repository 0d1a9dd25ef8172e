// Measures what puremq costs and how it scales, beside libzmq doing the same.
//
//   npm run bench:scale -- [--rounds=3] [--only=part of an experiment's title] [--node=path of a Node binary]
import { writeFileSync } from "node:fs"
import { fromRoot } from "../../test/interop/package-root.js"
import { describeMachine } from "../machine.js"
import type { Experiment } from "./experiment.js"
import { experiments } from "./experiments.js"
import { growths } from "./growth.js"
import { readOptions } from "./options.js"
import { outcomesOf, type Rounds } from "./outcome.js"
import { drawPlot } from "./plot.js"
import { drawReport, toJson } from "./report.js"
import { findSides, type Sides } from "./sides.js"

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { rounds, chosen, node } = readOptions()
  const sides = findSides(node)
  const measured = new Map<Experiment, Rounds>(
    chosen.map((experiment) => [experiment, { puremq: [], libzmq: [] }]),
  )
  for (let round = 1; round <= rounds; round++) {
    for (const [experiment, figures] of measured) {
      console.error(`round ${round}/${rounds}, ${experiment.title}`)
      await measure(experiment, figures, sides)
    }
  }

  const outcomes = new Map(chosen.map((one) => [one, outcomesOf(one, measured.get(one) as Rounds)]))
  const all = [...outcomes.values()].flat()
  const peers = sides.libzmq === undefined ? [sides.puremq] : [sides.puremq, sides.libzmq]
  const machine = describeMachine(peers)
  console.log(`\n${machine}`)
  console.log(`Medians over rounds: ${rounds}. Ratios are of puremq's number to libzmq's;`)
  console.log(
    "where a target says so, each of the two is first divided by its own at the curve's first point.\n",
  )
  console.log(drawReport(all))
  // What stands there is of whole runs.
  if (chosen.length < experiments.length) return
  writeFileSync(fromRoot("bench/scale.json"), toJson(machine, rounds, all))
  const pictures = growths.map((growth) => ({ growth, outcomes: outcomes.get(growth) ?? [] }))
  writeFileSync(fromRoot("docs/scale.svg"), drawPlot(pictures, machine))
}

async function measure(experiment: Experiment, rounds: Rounds, sides: Sides): Promise<void> {
  const { puremq, libzmq } = sides
  rounds.puremq.push(await experiment.measure(puremq, sides))
  if (libzmq === undefined || experiment.puremqOnly) return
  rounds.libzmq.push(await experiment.measure(libzmq, sides))
}
