// The curves of growth, one picture beside the other.
import type { Growth } from "./growth.js"
import type { Outcome } from "./outcome.js"

export interface Picture {
  readonly growth: Growth
  readonly outcomes: readonly Outcome[]
}

interface Curve {
  readonly name: string
  readonly color: string
  readonly rates: readonly (number | null)[]
}

const WIDTH = 480
const HEIGHT = 400
const AREA = { left: 64, right: 456, top: 72, bottom: 320 }
const GRID_LINES = 5

export function drawPlot(pictures: readonly Picture[], caption: string): string {
  const width = WIDTH * pictures.length
  const parts = pictures.map(
    (picture, at) => `<g transform="translate(${WIDTH * at} 0)">\n${drawPicture(picture)}\n</g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="${width}" height="${HEIGHT}" fill="#fff"/>
${parts.join("\n")}
${text(width / 2, HEIGHT - 14, caption, 'text-anchor="middle" font-size="11" fill="#555"')}
</svg>
`
}

function drawPicture({ growth, outcomes }: Picture): string {
  const curves: Curve[] = [
    { name: "puremq", color: "#0b62c4", rates: outcomes.map(({ puremq }) => puremq) },
    { name: "libzmq", color: "#c4500b", rates: outcomes.map(({ libzmq }) => libzmq) },
  ].filter(({ rates }) => rates.every((rate) => rate !== null))

  const step = gridStep(Math.max(...curves.flatMap(({ rates }) => rates.map(Number))))
  const x = scale(growth.points.map(Math.log10), AREA.left + 16, AREA.right - 16)
  const y = scale([0, step * GRID_LINES], AREA.bottom, AREA.top)
  return [
    text(AREA.left, 28, growth.title, 'font-size="15" font-weight="bold"'),
    text(AREA.left, AREA.top - 14, "million messages of 64 B a second", 'font-size="11" fill="#555"'),
    ...drawGrid(step, y),
    ...growth.points.map((point) =>
      text(x(Math.log10(point)), AREA.bottom + 20, point.toLocaleString("en"), 'text-anchor="middle"'),
    ),
    text((AREA.left + AREA.right) / 2, AREA.bottom + 42, growth.axis, 'text-anchor="middle" fill="#555"'),
    ...curves.map((curve, at) => drawCurve(curve, growth.points, x, y) + drawKey(curve, at)),
  ].join("\n")
}

function drawGrid(step: number, y: (value: number) => number): string[] {
  return Array.from({ length: GRID_LINES + 1 }, (_, line) => {
    const at = y(line * step)
    const label = ((line * step) / 1e6).toLocaleString("en", { maximumFractionDigits: 2 })
    return `<line x1="${AREA.left}" x2="${AREA.right}" y1="${at}" y2="${at}" stroke="#ddd"/>${text(AREA.left - 8, at + 4, label, 'text-anchor="end"')}`
  })
}

function drawCurve(
  { color, rates }: Curve,
  points: readonly number[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const places = points.map((point, at) => [x(Math.log10(point)), y(Number(rates[at]))].map(Math.round))
  const dots = places.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="4" fill="${color}"/>`)
  return `<polyline points="${places.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}`
}

function drawKey({ name, color }: Curve, at: number): string {
  const left = AREA.right - 160 + at * 84
  return `<circle cx="${left}" cy="${AREA.top - 18}" r="4" fill="${color}"/>${text(left + 10, AREA.top - 14, name)}`
}

/** A round number of which the grid's lines reach the highest point. */
function gridStep(highest: number): number {
  const rough = highest / GRID_LINES
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10)
}

function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (value) => Math.round(from + ((value - low) / (high - low)) * (to - from))
}

function text(x: number, y: number, words: string, attributes = ""): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`
}
