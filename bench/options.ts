import { parseArgs } from "node:util"
import { type Case, cases } from "./cases.js"
import { type PeerName, peerNames } from "./peer.js"

export interface Options {
  readonly rounds: number
  readonly cases: readonly Case[]
  readonly peers: readonly PeerName[]
  /** Draw what was measured before, and measure nothing. */
  readonly draw: boolean
}

const usage = `Usage: npm run bench -- [<part of a case's title>] [--rounds=5] [--peers=${peerNames.join(",")}]
       npm run bench -- --draw

Writes bench/results.json and draws docs/benchmarks.svg from it. With a part of a title, the cases that were measured
take their places among the others there, if machine, versions and rounds are the same; else nothing is
written. With --peers nothing is written, because ratios are those of runs in the same round. --draw draws
again from the file alone.`

export function readOptions(): Options {
  try {
    return parseOptions()
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

function parseOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      peers: { type: "string", default: peerNames.join(",") },
      draw: { type: "boolean", default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error("--rounds is 1 or more")

  const part = positionals.join(" ").toLowerCase()
  const chosen = cases.filter(({ title }) => title.toLowerCase().includes(part))
  if (chosen.length === 0) {
    throw new Error(`${part} is part of none of: ${cases.map(({ title }) => title).join("; ")}`)
  }
  const wanted = values.peers.split(",")
  const unknown = wanted.filter((name) => !peerNames.some((peerName) => peerName === name))
  if (unknown.length > 0) throw new Error(`--peers knows ${peerNames.join(", ")}, not ${unknown.join(", ")}`)

  const peers = peerNames.filter((name) => wanted.includes(name))
  return { rounds, cases: chosen, peers, draw: values.draw }
}
