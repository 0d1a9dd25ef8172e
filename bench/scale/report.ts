import { drawTable } from "../table.js"
import type { Row } from "./experiment.js"
import type { Outcome } from "./outcome.js"

export function drawReport(outcomes: readonly Outcome[]): string {
  const head = ["case", "puremq", "libzmq", "ratio", "target", "verdict"]
  const rows = outcomes.map(({ row, puremq, libzmq, ratio, met }) => [
    row.title,
    row.unit.format(puremq),
    libzmq === null ? "" : row.unit.format(libzmq),
    ratio === null ? "" : ratio.toFixed(2),
    describeTarget(row),
    met === null ? "" : met ? "met" : "MISSED",
  ])
  return drawTable(head, rows)
}

/** The same for programs. */
export function toJson(machine: string, rounds: number, outcomes: readonly Outcome[]): string {
  const results = outcomes.map(({ row, puremq, libzmq, ratio, met }) => ({
    case: row.title,
    unit: row.unit.name,
    puremq: shorten(puremq),
    libzmq: shorten(libzmq),
    ratio: shorten(ratio),
    target: describeTarget(row) || null,
    met,
  }))
  return `${JSON.stringify({ machine, rounds, results }, undefined, 2)}\n`
}

function describeTarget({ target, unit }: Row): string {
  switch (target?.kind) {
    case "times":
      return `ratio <= ${target.most}`
    case "curve":
      return `of the first, ratio >= ${target.least}`
    case "most":
      return `<= ${unit.format(target.most)}`
    default:
      return ""
  }
}

function shorten(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4))
}
