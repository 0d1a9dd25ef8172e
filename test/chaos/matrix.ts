// The rounds of the matrix, some at a time, and their table.
import { drawTable } from "../../bench/table.js"
import { Chance } from "../fuzz/chance.js"
import type { Fault } from "./faults.js"
import { type PatternName, patterns } from "./protocol.js"
import { Round, type RoundPlan } from "./round.js"
import { judge, type Outcome } from "./verdict.js"

export interface Row {
  readonly plan: RoundPlan
  readonly outcome: Outcome
}

/** Who connects to whom. */
export const pairings: readonly RoundPlan["libraries"][] = [
  { connect: "puremq", bind: "puremq" },
  { connect: "puremq", bind: "zeromq" },
  { connect: "zeromq", bind: "puremq" },
]

/** How each pattern is called, who connects first. */
const TITLES: Readonly<Record<PatternName, string>> = {
  push: "PUSH to PULL",
  publish: "SUB to PUB",
  dealer: "DEALER to ROUTER",
  request: "REQ to REP",
}

export function roundsOf(
  some: readonly Fault[],
  pairs: readonly RoundPlan["libraries"][],
  seed: number,
): RoundPlan[] {
  const chance = new Chance(seed)
  return some.flatMap((fault) =>
    patterns.flatMap((pattern) =>
      pairs.map((libraries) => ({ fault, pattern, libraries, seed: 1 + chance.below(2 ** 31 - 1) })),
    ),
  )
}

/** Plays one round from beginning to end; what goes wrong is among the violations. */
export async function playRound(plan: RoundPlan): Promise<Outcome> {
  const round = new Round(plan)
  try {
    await round.start()
    await round.strike()
    await round.finish()
  } catch (error) {
    round.violations.push(error instanceof Error ? error.message : String(error))
  } finally {
    await round[Symbol.asyncDispose]()
  }
  return judge(round.books)
}

/** Plays all, so many at a time. */
export async function playAll(
  plans: readonly RoundPlan[],
  atOnce: number,
  told: (row: Row) => void = () => {},
): Promise<Row[]> {
  const rows: Row[] = []
  const left = [...plans.entries()]
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, plan] = next
      const row = { plan, outcome: await playRound(plan) }
      rows[at] = row
      told(row)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return rows
}

export function nameOf({ fault, pattern, libraries }: RoundPlan): string {
  return `${fault.name}, ${TITLES[pattern]}, ${libraries.connect} to ${libraries.bind}`
}

export function describe(rows: readonly Row[]): string {
  const head = [
    "fault",
    "pattern",
    "libraries",
    "sent",
    "received",
    "lost",
    "where",
    "reconnects",
    "asked again",
  ]
  const lines = rows.map(({ plan, outcome }) => {
    const { sent, received, lost, where, reconnects, retries } = outcome
    const libraries = `${plan.libraries.connect} to ${plan.libraries.bind}`
    const counts = [sent, received, lost].map(String)
    return [
      plan.fault.name,
      TITLES[plan.pattern],
      libraries,
      ...counts,
      where,
      ...[reconnects, retries].map(String),
    ]
  })
  return drawTable(head, lines)
}
