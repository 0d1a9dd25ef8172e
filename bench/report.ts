import { type PeerName, peerNames } from "./peer.js"
import type { CaseResult, Results } from "./results.js"
import { drawTable } from "./table.js"
import { formatFigure } from "./unit.js"

export function drawReport({ machine, versions, rounds, cases }: Results): string {
  return `
${[machine, ...Object.values(versions)].join("\n")}

Medians over rounds: ${rounds}. On inproc libzmq has a thread for each side, the others do both in one
thread. Where libzmq plays one side, its own figure is that of libzmq on both.

${drawMedians(cases)}

Ratios are of speed, round by round: above 1.00 puremq is the faster one.

${drawRatios(cases)}`
}

/** A row a case: each peer's median. */
function drawMedians(results: readonly CaseResult[]): string {
  const names = peerNames.filter((name) => results.some(({ peers }) => peers[name]))
  const cell = ({ unit, peers }: CaseResult, name: PeerName) => {
    const result = peers[name]
    if (!result) return ""
    return result.median === null ? "failed" : formatFigure(unit, result.median)
  }
  return drawTable(
    ["case", ...names],
    results.map((result) => [result.title, ...names.map((name) => cell(result, name))]),
  )
}

/** A row a comparison: how many times as fast puremq is, and whether that is what it should be. */
function drawRatios(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ title, ratios }) =>
    ratios.map(({ of, to, median, min, max, target }) => [
      title,
      `${of}/${to}`,
      ...[median, min, max, target].map((ratio) => ratio?.toFixed(2) ?? ""),
      judge(median, target),
    ]),
  )
  return drawTable(["case", "speed of", "median", "min", "max", "target", "verdict"], rows)
}

function judge(ratio: number | null, target: number | null): string {
  if (ratio === null) return "failed"
  if (target === null) return ""
  return ratio >= target ? "met" : "missed"
}
