import { median } from "../statistics.js"
import type { Experiment, Row, Target } from "./experiment.js"
import type { Figures } from "./play.js"

/** The figures of each round. */
export interface Rounds {
  readonly puremq: Figures[]
  readonly libzmq: Figures[]
}

/** A row with its medians. A number that is not there is null. */
export interface Outcome {
  readonly row: Row
  readonly puremq: number
  readonly libzmq: number | null
  /** What the target is about: puremq's over libzmq's, of a curve's points as parts of the first. */
  readonly ratio: number | null
  readonly met: boolean | null
}

export function outcomesOf({ rows }: Experiment, { puremq, libzmq }: Rounds): Outcome[] {
  const own = (figure: string) => medianOf(puremq, figure)
  const other = (figure: string) => medianOf(libzmq, figure)
  return rows.map((row) => {
    const { figure, target } = row
    let ratio = own(figure) / other(figure)
    if (target?.kind === "curve") ratio /= own(target.first) / other(target.first)
    return {
      row,
      puremq: own(figure),
      libzmq: orNull(other(figure)),
      ratio: orNull(ratio),
      met: target === undefined ? null : isMet(target, own(figure), ratio),
    }
  })
}

/** Null where there is nothing to compare with. */
function isMet(target: Target, own: number, ratio: number): boolean | null {
  if (target.kind === "most") return own <= target.most
  if (Number.isNaN(ratio)) return null
  return target.kind === "times" ? ratio <= target.most : ratio >= target.least
}

function medianOf(rounds: readonly Figures[], figure: string): number {
  return median(rounds.map((figures) => figures[figure] ?? Number.NaN))
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
