// The curves of growth, one picture beside the other. On logarithmic axes two curves of one form keep their distance.
import { formatTick, LogScale } from "../chart/log-scale.js"
import { drawHead, drawPage, margin, width } from "../chart/page.js"
import { colors, dark, grid, quiet } from "../chart/style.js"
import { element, text } from "../chart/svg.js"
import { type PeerName, peerNames } from "../peer.js"
import type { Setting } from "../results.js"
import type { Growth } from "./growth.js"
import type { Outcome } from "./outcome.js"

export interface Picture {
  readonly growth: Growth
  readonly outcomes: readonly Outcome[]
}

const gap = 24
const height = 330
const area = { left: 44, inset: 14, top: 52, bottom: 280 }

export function drawPlot(pictures: readonly Picture[], { machine, versions, rounds }: Setting): string {
  const notes = [machine, `Medians over rounds: ${rounds}. Two processes over loopback. Logarithmic axes.`]
  const head = drawHead("What speed remains", notes, versions)
  const each = (width - 2 * margin - gap * (pictures.length - 1)) / pictures.length
  const panels = pictures.map((picture, index) => {
    const transform = `translate(${index * (each + gap)} ${head.height + 20})`
    return element("g", { transform }, drawPicture(picture, each))
  })
  return drawPage("Curves of puremq and libzmq", head.height + height + 2 * margin, head.svg, ...panels)
}

function drawPicture({ growth, outcomes }: Picture, right: number): string {
  const { title, axis, points } = growth
  const rates = outcomes.flatMap(({ figures }) => [...figures.values()].map((rate) => rate ?? 0))
  const across = new LogScale(points, right - area.inset - area.left)
  const up = new LogScale(rates, area.bottom - area.top)
  const x = (point: number) => area.left + across.position(point)
  const y = (rate: number) => area.bottom - up.position(rate)
  const curves = peerNames.map((name) => drawCurve(name, places(name, points, outcomes, x, y)))
  return [
    text({ x: 0, y: 14, "font-size": 14, "font-weight": 600, fill: dark }, title),
    text({ x: 0, y: 32, "font-size": 11.5, fill: quiet }, "Messages of 64 B a second: more is better"),
    ...up.ticks.map((tick) => drawTick(tick, y(tick), right)),
    ...points.map((point) =>
      text(
        { x: x(point), y: area.bottom + 18, "font-size": 10, fill: quiet, "text-anchor": "middle" },
        point.toLocaleString("en"),
      ),
    ),
    text(
      {
        x: (area.left + right) / 2,
        y: area.bottom + 36,
        "font-size": 12,
        fill: dark,
        "text-anchor": "middle",
      },
      axis,
    ),
    ...curves,
  ].join("\n")
}

function drawTick(tick: number, y: number, right: number): string {
  return [
    element("line", { x1: area.left, y1: y, x2: right, y2: y, stroke: grid }),
    text(
      { x: area.left - 8, y: y + 3.5, "font-size": 10, fill: quiet, "text-anchor": "end" },
      formatTick(tick),
    ),
  ].join("\n")
}

/** Where a peer's figures are in the picture, as far as there are any. */
function places(
  name: PeerName,
  points: readonly number[],
  outcomes: readonly Outcome[],
  x: (point: number) => number,
  y: (rate: number) => number,
): [number, number][] {
  return points.flatMap((point, index) => {
    const rate = outcomes[index]?.figures.get(name)
    return rate ? [[Math.round(x(point)), Math.round(y(rate))] as [number, number]] : []
  })
}

function drawCurve(name: PeerName, places: readonly (readonly [number, number])[]): string {
  if (places.length === 0) return ""
  const color = colors[name]
  return [
    element("polyline", { points: places.join(" "), fill: "none", stroke: color, "stroke-width": 2 }),
    ...places.map(([cx, cy]) => element("circle", { cx, cy, r: 3.5, fill: color })),
  ].join("\n")
}
