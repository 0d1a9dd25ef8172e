import type { Case } from "./cases.js"
import type { Peer } from "./peers.js"
import { median } from "./statistics.js"
import { drawTable } from "./table.js"

/** One number a round, in the order of the rounds. */
type Results = ReadonlyMap<Peer, readonly number[]>

/** A row a case: each peer's median, then puremq's speed over that of each other peer. */
export function drawReport(results: ReadonlyMap<Case, Results>, peers: readonly Peer[]): string {
  const puremq = peers.find((peer) => peer.name === "puremq")
  const rivals = puremq ? peers.filter((peer) => peer !== puremq) : []
  const head = ["case", ...peers.map((peer) => peer.name), ...rivals.map((rival) => `puremq/${rival.name}`)]

  const rows = Array.from(results, ([measured, byPeer]) => {
    const numbers = (peer: Peer) => byPeer.get(peer) ?? []
    const medians = peers.map((peer) => formatResult(measured, median(numbers(peer))))
    const ratios = rivals.map((rival) => medianRatio(measured, numbers(rival), puremq ? numbers(puremq) : []))
    return [measured.title, ...medians, ...ratios]
  })
  return drawTable(head, rows)
}

export function formatResult({ meter, size }: Case, result: number): string {
  if (meter === "lat") return `${result.toFixed(1)} us`
  if (size >= 65536) return `${((result * size * 8) / 1e9).toFixed(1)} Gb/s`
  return result >= 1e6 ? `${(result / 1e6).toFixed(2)} M msg/s` : `${(result / 1e3).toFixed(0)} k msg/s`
}

/** Above 1 where puremq is the faster one: of two latencies that is the smaller one. */
function medianRatio({ meter }: Case, rival: readonly number[], puremq: readonly number[]): string {
  const ratios = puremq.map((own, round) => {
    const other = rival[round] ?? Number.NaN
    return meter === "lat" ? other / own : own / other
  })
  return median(ratios).toFixed(2)
}
