// Reaches for large numbers, beside libzmq doing the same: fails when one is out of reach.
//
//   npm run scale -- [--rounds=1] [--only=part of a title]
import { writeFileSync } from "node:fs"
import { fromRoot } from "../../test/interop/package-root.js"
import { findPeers } from "../find-peer.js"
import { describeMachine } from "../machine.js"
import type { Peer } from "../peer.js"
import type { Experiment } from "./experiment.js"
import { feats } from "./feats.js"
import { scaleKit } from "./kit.js"
import { readOptions } from "./options.js"
import { type Outcome, outcomesOf, type Rounds, runtimes } from "./outcome.js"
import type { Figures } from "./play.js"
import { drawReport, type Report, toJson } from "./report.js"
import { takeRounds } from "./rounds.js"

const { rounds, chosen } = readOptions(feats, "1")
const found = findPeers([...runtimes, "libzmq"], scaleKit)
const extra = found.get("puremq")
if (!extra) throw new Error("There is nothing to measure")
const failures: string[] = []
const outcomes: Outcome[] = []
for (const feat of chosen) outcomes.push(...outcomesOf(feat, await reach(feat, extra)))
const report: Report = {
  machine: describeMachine(),
  versions: Object.fromEntries(Array.from(found, ([name, { version }]) => [name, version])),
  rounds,
  outcomes,
}
console.log(drawReport(report))
for (const failure of failures) console.error(`\nNOT REACHED: ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1
// What stands there is of whole runs.
if (chosen.length === feats.length) writeFileSync(fromRoot("bench/feats.json"), toJson(report))

/** One peer's failure leaves the others their figures. */
async function reach(feat: Experiment, extra: Peer): Promise<Rounds> {
  const reached = new Map<Peer["name"], readonly Figures[]>()
  for (const [name, peer] of found) {
    try {
      const measured = await takeRounds([feat], rounds, new Map([[name, peer]]), extra)
      reached.set(name, measured.get(feat)?.get(name) ?? [])
    } catch (error) {
      failures.push(`${feat.title}, ${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return reached
}
