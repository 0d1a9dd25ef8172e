// What the import itself takes.
import { spawnSync } from "node:child_process"
import type { Peer } from "../peer.js"
import { median } from "../statistics.js"
import type { Experiment } from "./experiment.js"
import { milliseconds } from "./units.js"

const RUNS = 20

export const importExperiment: Experiment = {
  title: "Import",
  puremqOnly: true,
  rows: [
    { title: "a program that is empty", figure: "empty", unit: milliseconds },
    { title: "import adds", figure: "added", unit: milliseconds, target: { kind: "most", most: 25 } },
  ],
  measure: async (peer) => {
    const empty: number[] = []
    const imported: number[] = []
    for (let run = 0; run < RUNS; run++) {
      empty.push(timeOf(peer, "empty"))
      imported.push(timeOf(peer, "imported"))
    }
    const middle = (times: readonly number[]) => median(times) ?? Number.NaN
    return { empty: middle(empty), added: middle(imported) - middle(empty) }
  },
}

function timeOf(peer: Peer, meter: string): number {
  const [program, ...words] = peer.meter(meter)
  const start = performance.now()
  const { status } = spawnSync(program, words)
  if (status !== 0) throw new Error(`${meter} failed`)
  return performance.now() - start
}
