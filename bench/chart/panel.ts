import { type PeerName, peerNames } from "../peer.js"
import type { CaseResult } from "../results.js"
import { formatFigure } from "../unit.js"
import { formatTick, LogScale } from "./log-scale.js"
import { colors, dark, grid, paper, quiet } from "./style.js"
import { element, text } from "./svg.js"

const bar = { height: 11, step: 14 }
const group = { gap: 10, label: 272 }
/** The longest figure stands behind the longest bar. */
const figureWidth = 136
const headHeight = 46
/** Keeps the lines of the grid out of the figures. */
const halo = { stroke: paper, "stroke-width": 3, "paint-order": "stroke" }

interface Panel {
  readonly height: number
  readonly svg: string
}

/** Cases that share an axis: a group of bars each, one bar a peer. */
export function drawPanel(heading: string, cases: readonly CaseResult[], top: number, width: number): Panel {
  const medians = cases.flatMap(({ peers }) => Object.values(peers).map((peer) => peer.median ?? 0))
  const scale = new LogScale(medians, width - group.label - figureWidth)
  const groups: string[] = []
  let y = headHeight
  for (const result of cases) {
    const names = peerNames.filter((name) => result.peers[name])
    groups.push(drawGroup(result, names, scale, y))
    y += names.length * bar.step + group.gap
  }
  const title = text({ x: 0, y: 14, "font-size": 14, "font-weight": 600, fill: dark }, heading)
  const axis = scale.ticks.map((tick) => drawTick(tick, scale, y))
  const transform = `translate(0 ${top})`
  return { height: y, svg: element("g", { transform }, title, ...axis, ...groups) }
}

function drawTick(tick: number, scale: LogScale, bottom: number): string {
  const x = group.label + scale.position(tick)
  return [
    element("line", { x1: x, y1: headHeight - 6, x2: x, y2: bottom - 4, stroke: grid }),
    text({ x, y: headHeight - 12, "font-size": 10, fill: quiet, "text-anchor": "middle" }, formatTick(tick)),
  ].join("\n")
}

function drawGroup(
  { title, unit, peers }: CaseResult,
  names: readonly PeerName[],
  scale: LogScale,
  top: number,
): string {
  const middle = top + (names.length * bar.step) / 2 + 2
  const label = text(
    { x: group.label - 12, y: middle, "font-size": 12, fill: dark, "text-anchor": "end" },
    title,
  )
  const bars = names.map((name, index) => {
    const y = top + index * bar.step
    const median = peers[name]?.median ?? null
    const length = median === null ? 0 : scale.position(median)
    const figure = median === null ? "failed" : formatFigure(unit, median)
    return [
      element("rect", {
        x: group.label,
        y,
        width: length,
        height: bar.height,
        rx: 1.5,
        fill: colors[name],
      }),
      text({ x: group.label + length + 5, y: y + 9.2, "font-size": 10.5, fill: dark, ...halo }, figure),
    ].join("\n")
  })
  return [label, ...bars].join("\n")
}
