import { type PeerName, peerNames } from "../peer.js"
import type { Setting } from "../results.js"
import { drawTable } from "../table.js"
import type { Row } from "./experiment.js"
import { type Outcome, type Runtime, runtimes } from "./outcome.js"

/** What bench/scale.json tells. */
export interface Report extends Setting {
  readonly outcomes: readonly Outcome[]
}

export function drawReport({ machine, versions, rounds, outcomes }: Report): string {
  const names = peerNames.filter((name) => versions[name])
  const compared = runtimes.filter((name) => versions[name])
  const head = ["case", ...names, "target", ...compared.flatMap((name) => [`${name}/libzmq`, "verdict"])]
  const rows = outcomes.map((outcome) => [
    outcome.row.title,
    ...names.map((name) => cell(outcome, name)),
    describeTarget(outcome.row),
    ...compared.flatMap((name) => cellsOfVerdict(outcome, name)),
  ])
  return `
${[machine, ...Object.values(versions)].join("\n")}

Medians over rounds: ${rounds}. Ratios are of puremq's number to libzmq's; beside libzmq's curve each
of the two is first divided by its own at the curve's first point.

${drawTable(head, rows)}`
}

/** The same for programs. */
export function toJson({ machine, versions, rounds, outcomes }: Report): string {
  const results = outcomes.map(({ row, figures, verdicts }) => ({
    case: row.title,
    unit: row.unit.name,
    ...byName(figures, shorten),
    target: describeTarget(row) || null,
    ratio: byName(verdicts, ({ ratio }) => shorten(ratio)),
    met: byName(verdicts, ({ met }) => met),
  }))
  return `${JSON.stringify({ machine, versions, rounds, results }, undefined, 2)}\n`
}

function cell({ row, figures }: Outcome, name: PeerName): string {
  const figure = figures.get(name) ?? null
  return figure === null ? "" : row.unit.format(figure)
}

function cellsOfVerdict({ verdicts }: Outcome, name: Runtime): string[] {
  const { ratio = null, met = null } = verdicts.get(name) ?? {}
  return [ratio?.toFixed(2) ?? "", met === null ? "" : met ? "met" : "MISSED"]
}

function describeTarget({ target, unit }: Row): string {
  switch (target?.kind) {
    case "times":
      return `ratio <= ${target.most}`
    case "curve":
      return `no worse than libzmq's curve: ratio >= ${target.least}`
    case "most":
      return `<= ${unit.format(target.most)}`
    default:
      return ""
  }
}

function byName<Value, Result>(
  values: ReadonlyMap<string, Value>,
  of: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, of(value)]))
}

function shorten(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4))
}
