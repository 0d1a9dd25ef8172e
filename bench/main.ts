// Measures puremq and its peers in turn, so that whatever else the machine does falls on all of them.
//
//   npm run bench -- [--rounds=5] [--only=part of a case's title] [--peers=puremq,libzmq,pyzmq,zeromq]
import type { Case } from "./cases.js"
import { describeMachine } from "./machine.js"
import { measure } from "./measure.js"
import { readOptions } from "./options.js"
import { findPeer, type Peer } from "./peers.js"
import { drawReport, formatResult } from "./report.js"

async function main(): Promise<void> {
  const { rounds, cases, peers: wanted } = readOptions()

  const peers: Peer[] = []
  for (const name of wanted) {
    const found = findPeer(name)
    if ("missing" in found) console.log(`Without ${name}: ${found.missing}`)
    else peers.push(found)
  }
  if (peers.length === 0) throw new Error("There is no peer to measure")

  const results = new Map<Case, Map<Peer, number[]>>(
    cases.map((measured) => [measured, new Map(peers.map((peer) => [peer, []]))]),
  )
  for (let round = 1; round <= rounds; round++) {
    for (const [measured, byPeer] of results) {
      for (const [peer, numbers] of byPeer) {
        const result = await measure(measured, peer)
        numbers.push(result)
        console.error(
          `round ${round}/${rounds}, ${measured.title}, ${peer.name}: ${formatResult(measured, result)}`,
        )
      }
    }
  }

  console.log(`\n${describeMachine(peers)}`)
  console.log(`Medians over rounds: ${rounds}. Ratios are of speed: above 1.00 puremq is the faster one.`)
  console.log("On inproc libzmq has a thread for each side, the others do both in one thread.\n")
  console.log(drawReport(results, peers))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
