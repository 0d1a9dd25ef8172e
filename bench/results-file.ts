import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fromRoot } from "../test/interop/package-root.js"
import { cases } from "./cases.js"
import { drawChart } from "./chart/chart.js"
import type { Options } from "./options.js"
import { peerNames } from "./peer.js"
import { mergeResults, type Results } from "./results.js"

const file = "bench/results.json"
const picture = "docs/benchmarks.svg"

/** Resolves with what became of the results: a partial run may not pass for a full one. */
export function keepResults(fresh: Results, options: Options): string {
  if (options.peers.length < peerNames.length) return "Nothing was written, because of --peers"
  if (options.cases.length === cases.length) return writeResults(fresh)

  if (!existsSync(fromRoot(file))) return `Nothing was written, because ${file} is not there to be completed`
  const merged = mergeResults(readResults(), fresh)
  if ("refused" in merged) return `${file} was left as it is: ${merged.refused}`
  return writeResults(merged)
}

/** Draws what was measured before. */
export function redraw(): string {
  return writeChart(readResults())
}

function readResults(): Results {
  return JSON.parse(readFileSync(fromRoot(file), "utf8"))
}

function writeResults(results: Results): string {
  const text = JSON.stringify(results, null, 2).replace(/\[[^[\]{}]+\]/g, oneLine)
  writeFileSync(fromRoot(file), `${text}\n`)
  return `Wrote ${file}. ${writeChart(results)}`
}

function writeChart(results: Results): string {
  writeFileSync(fromRoot(picture), drawChart(results))
  return `Drew ${picture}.`
}

/** The runs of a peer are read side by side. */
function oneLine(list: string): string {
  return list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]")
}
