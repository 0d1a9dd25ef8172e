// The cells of the matrix, some at a time, and their table.
import { drawTable } from "../../bench/table.js"
import { Chance } from "../fuzz/chance.js"
import { Cell, type CellPlan } from "./cell.js"
import type { Fault } from "./faults.js"
import { type PatternName, patterns } from "./protocol.js"
import { judge, type Outcome } from "./verdict.js"

export interface Row {
  readonly plan: CellPlan
  readonly outcome: Outcome
}

/** Who connects to whom. */
export const pairings: readonly CellPlan["libraries"][] = [
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

export function cellsOf(
  some: readonly Fault[],
  pairs: readonly CellPlan["libraries"][],
  seed: number,
): CellPlan[] {
  const chance = new Chance(seed)
  return some.flatMap((fault) =>
    patterns.flatMap((pattern) =>
      pairs.map((libraries) => ({ fault, pattern, libraries, seed: 1 + chance.below(2 ** 31 - 1) })),
    ),
  )
}

/** Plays one cell from beginning to end; what goes wrong is among the violations. */
export async function playCell(plan: CellPlan): Promise<Outcome> {
  const cell = new Cell(plan)
  try {
    await cell.start()
    await cell.strike()
    await cell.finish()
  } catch (error) {
    cell.violations.push(error instanceof Error ? error.message : String(error))
  } finally {
    await cell[Symbol.asyncDispose]()
  }
  return judge(cell.books)
}

/** Plays all, so many at a time. */
export async function playAll(
  plans: readonly CellPlan[],
  atOnce: number,
  told: (row: Row) => void = () => {},
): Promise<Row[]> {
  const rows: Row[] = []
  const left = [...plans.entries()]
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, plan] = next
      const row = { plan, outcome: await playCell(plan) }
      rows[at] = row
      told(row)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return rows
}

export function nameOf({ fault, pattern, libraries }: CellPlan): string {
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
  const cells = rows.map(({ plan, outcome }) => {
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
  return drawTable(head, cells)
}
