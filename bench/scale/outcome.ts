import type { PeerName } from "../peer.js"
import { median } from "../statistics.js"
import type { Experiment, Row, Target } from "./experiment.js"
import type { Figures } from "./play.js"

/** The older and the newer Node. */
export const runtimes = ["puremq", "puremq-lts"] as const

export type Runtime = (typeof runtimes)[number]

/** The figures of each round, by whom they are of. */
export type Rounds = ReadonlyMap<PeerName, readonly Figures[]>

/** A row with its medians. */
export interface Outcome {
  readonly row: Row
  readonly figures: ReadonlyMap<PeerName, number | null>
  readonly verdicts: ReadonlyMap<Runtime, Verdict>
}

/** What puremq reaches on one runtime. A number that is not there is null. */
interface Verdict {
  /** What the target is about: puremq's over libzmq's, of a curve's points as parts of the first. */
  readonly ratio: number | null
  readonly met: boolean | null
}

export function outcomesOf({ rows }: Experiment, rounds: Rounds): Outcome[] {
  const present = runtimes.filter((name) => rounds.has(name))
  return rows.map((row) => ({
    row,
    figures: new Map(Array.from(rounds, ([name, figures]) => [name, medianOf(figures, row.figure)])),
    verdicts: new Map(present.map((name) => [name, judge(row, name, rounds)])),
  }))
}

function judge({ figure, target }: Row, name: Runtime, rounds: Rounds): Verdict {
  const own = medianOf(rounds.get(name), figure)
  let ratio = toLibzmq(figure, name, rounds)
  if (target?.kind === "curve") ratio = divide(ratio, toLibzmq(target.first, name, rounds))
  return { ratio, met: target === undefined ? null : isMet(target, own, ratio) }
}

/** Null where there is nothing to compare with. */
function isMet(target: Target, own: number | null, ratio: number | null): boolean | null {
  if (target.kind === "most") return own === null ? null : own <= target.most
  if (ratio === null) return null
  return target.kind === "times" ? ratio <= target.most : ratio >= target.least
}

function toLibzmq(figure: string, name: Runtime, rounds: Rounds): number | null {
  return divide(medianOf(rounds.get(name), figure), medianOf(rounds.get("libzmq"), figure))
}

function medianOf(rounds: readonly Figures[] | undefined, figure: string): number | null {
  return median(
    (rounds ?? []).map((figures) => figures[figure]).filter((value) => Number.isFinite(value)) as number[],
  )
}

function divide(value: number | null, by: number | null): number | null {
  if (value === null || by === null) return null
  return by === 0 ? null : value / by
}
