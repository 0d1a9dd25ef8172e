// All rounds, a few at a time, and their table.
import { drawTable } from "../../bench/table.js"
import { faults } from "./faults.js"
import { patterns } from "./protocol.js"
import { type Outcome, play, type Round } from "./round.js"
import type { Pairing } from "./stage.js"

const pairings: readonly Pairing[] = [
  { bound: "puremq", dialler: "puremq" },
  { bound: "zeromq", dialler: "puremq" },
  { bound: "puremq", dialler: "zeromq" },
]
const AT_ONCE = 3

export function rounds(fault: string | undefined): Round[] {
  const chosen = Object.keys(faults).filter((name) => fault === undefined || name === fault)
  return chosen.flatMap((name) =>
    patterns.flatMap((pattern) => pairings.map((pairing) => ({ fault: name, pattern, pairing }))),
  )
}

export async function playAll(all: readonly Round[], seed: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) outcomes[at] = await play(all[at] as Round, seed + at)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return outcomes
}

export function describe(outcomes: readonly Outcome[]): string {
  const head = [
    "fault",
    "pattern",
    "bound, dialling",
    "sent",
    "received",
    "lost",
    "where",
    "asked again",
    "reconnects",
    "verdict",
  ]
  const rows = outcomes.map((one) => [
    one.fault,
    one.pattern,
    `${one.pairing.bound}, ${one.pairing.dialler}`,
    ...[one.sent, one.received, one.lost].map(String),
    one.where,
    ...[one.retries, one.reconnects].map(String),
    one.skipped === undefined ? (one.violations.length === 0 ? "kept" : "BROKEN") : "skipped",
  ])
  return drawTable(head, rows)
}
