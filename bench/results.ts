import type { Case } from "./cases.js"
import { type PeerName, peerNames } from "./peer.js"
import { median } from "./statistics.js"
import { speedRatio, type Unit } from "./unit.js"

/** What bench/results.json holds. */
export interface Results extends Setting {
  readonly cases: readonly CaseResult[]
}

/** Results that share it may stand beside each other. */
export interface Setting {
  readonly machine: string
  readonly versions: ByPeer<string>
  readonly rounds: number
}

export interface CaseResult {
  readonly title: string
  readonly unit: Unit
  readonly peers: ByPeer<PeerResult>
  readonly ratios: readonly Ratio[]
}

interface PeerResult {
  /** One a round, in the order of the rounds; `null` where the run failed. */
  readonly runs: Runs
  readonly median: number | null
}

/** How many times as fast `of` is as `to`, over the rounds in which neither failed. */
interface Ratio {
  readonly of: PeerName
  readonly to: PeerName
  readonly median: number | null
  readonly min: number | null
  readonly max: number | null
  readonly target: number | null
}

export type Runs = readonly (number | null)[]

type ByPeer<T> = Readonly<Partial<Record<PeerName, T>>>

/** zeromq.js runs on the older Node alone, so beside libzmq only is the other one compared. */
const comparisons: readonly (readonly [of: PeerName, to: PeerName])[] = [
  ["puremq", "libzmq"],
  ["puremq-lts", "libzmq"],
  ["puremq-native", "libzmq"],
  ["puremq", "zeromq"],
  ["puremq", "pyzmq"],
]

export function summarize(
  { title, unit, targets, nativeTargets = {} }: Pick<Case, "title" | "unit" | "targets" | "nativeTargets">,
  runsByPeer: ReadonlyMap<PeerName, Runs>,
): CaseResult {
  const peers: Partial<Record<PeerName, PeerResult>> = {}
  for (const name of peerNames) {
    const runs = runsByPeer.get(name)
    if (runs) peers[name] = { runs: runs.map(round), median: round(median(runs.filter(isNumber))) }
  }
  const ratios: Ratio[] = []
  for (const [of, to] of comparisons) {
    const ours = runsByPeer.get(of)
    const others = runsByPeer.get(to)
    if (!ours || !others) continue
    const values = ours
      .map((run, index) => pairRatio(unit, run, others[index]))
      .filter(isNumber)
      .sort((a, b) => a - b)
    ratios.push({
      of,
      to,
      median: round(median(values)),
      min: round(values[0] ?? null),
      max: round(values.at(-1) ?? null),
      target: round((of === "puremq-native" ? nativeTargets : targets)[to] ?? null),
    })
  }
  return { title, unit, peers, ratios }
}

/** Puts new cases in the place of the old ones, or tells why they may not stand beside the others. */
export function mergeResults(old: Results, fresh: Results): Results | { readonly refused: string } {
  for (const key of ["machine", "versions", "rounds"] as const) {
    const [was, is] = [JSON.stringify(old[key]), JSON.stringify(fresh[key])]
    if (was !== is) return { refused: `its ${key} are ${was}, not ${is}` }
  }
  const byTitle = new Map([...old.cases, ...fresh.cases].map((result) => [result.title, result]))
  return { ...old, cases: [...byTitle.values()] }
}

function pairRatio(unit: Unit, run: number | null, other: number | null | undefined): number | null {
  return isNumber(run) && isNumber(other) ? speedRatio(unit, run, other) : null
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number"
}

/** Four digits tell more than the noise leaves. */
function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4))
}
