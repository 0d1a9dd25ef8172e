import { parseArgs } from "node:util"
import { type Case, cases } from "./cases.js"
import { type PeerName, peerNames } from "./peers.js"

interface Options {
  readonly rounds: number
  readonly cases: readonly Case[]
  readonly peers: readonly PeerName[]
}

export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string", default: "" },
      peers: { type: "string", default: peerNames.join(",") },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error("--rounds is 1 or more")

  const part = values.only.toLowerCase()
  const chosen = cases.filter(({ title }) => title.toLowerCase().includes(part))
  if (chosen.length === 0) {
    throw new Error(`--only=${values.only} is part of none of: ${cases.map(({ title }) => title).join(", ")}`)
  }
  const wanted = values.peers.split(",")
  const unknown = wanted.filter((name) => !peerNames.some((peerName) => peerName === name))
  if (unknown.length > 0) throw new Error(`--peers knows ${peerNames.join(", ")}, not ${unknown.join(", ")}`)

  return { rounds, cases: chosen, peers: peerNames.filter((name) => wanted.includes(name)) }
}
