// What the import itself takes.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
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
  measure: async (_, { node }) => {
    const empty: number[] = []
    const imported: number[] = []
    for (let run = 0; run < RUNS; run++) {
      empty.push(timeOf(node, "empty"))
      imported.push(timeOf(node, "imported"))
    }
    return { empty: median(empty), added: median(imported) - median(empty) }
  },
}

function timeOf(node: string, program: string): number {
  const start = performance.now()
  const { status } = spawnSync(node, [join(import.meta.dirname, "programs", `${program}.js`)])
  if (status !== 0) throw new Error(`${program} failed`)
  return performance.now() - start
}
