// Measures puremq and its peers, writes what came out and draws it; options.ts tells how to ask for less.
import { join } from "node:path"
import { compete } from "./contest.js"
import { findPeers } from "./find-peer.js"
import { describeMachine } from "./machine.js"
import { readOptions } from "./options.js"
import type { PeerName } from "./peer.js"
import { drawReport } from "./report.js"
import type { Results } from "./results.js"
import { keepResults, redraw } from "./results-file.js"

const kit = { folder: join(import.meta.dirname, "meters"), libzmq: "bench/peers/libzmq" }

async function main(): Promise<void> {
  const options = readOptions()
  if (options.draw) {
    console.log(redraw())
    return
  }
  const mixed = options.cases.some(({ libzmqPlays }) => libzmqPlays)
  const wanted = new Set<PeerName>([...options.peers, ...(mixed ? (["libzmq"] as const) : [])])
  const found = findPeers(wanted, kit)
  const { results: cases, failures } = await compete(options, found)
  if (cases.length === 0) throw new Error("There is no peer to measure")

  const versions = Object.fromEntries(Array.from(found, ([name, { version }]) => [name, version]))
  const results: Results = { machine: describeMachine(), versions, rounds: options.rounds, cases }
  console.log(drawReport(results))
  console.log(`\n${keepResults(results, options)}`)
  if (failures.length > 0) throw new Error(`\nRuns that failed:\n\n${failures.join("\n\n")}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
