import { type PeerName, peerNames } from "../peer.js"
import { border, colors, dark, paper, quiet } from "./style.js"
import { element, text } from "./svg.js"

export const margin = 24
export const width = 880

const note = { top: 36, step: 16 }
const legend = { gap: 12, columns: 2, width: 272, step: 20 }

interface Head {
  readonly height: number
  readonly svg: string
}

/** What stands above the figures: of what, of where and of whom they are. */
export function drawHead(
  heading: string,
  notes: readonly string[],
  versions: Readonly<Partial<Record<PeerName, string>>>,
): Head {
  const known = peerNames.filter((name) => versions[name])
  const top = note.top + notes.length * note.step + legend.gap
  const svg = [
    text({ x: 0, y: 16, "font-size": 18, "font-weight": 700, fill: dark }, heading),
    ...notes.map((words, index) =>
      text({ x: 0, y: note.top + index * note.step, "font-size": 11.5, fill: quiet }, words),
    ),
    ...known.map((name, index) => drawLegend(name, versions[name] ?? name, top, index)),
  ]
  return { height: top + Math.ceil(known.length / legend.columns) * legend.step, svg: svg.join("\n") }
}

/** A whole picture with a margin around its content. */
export function drawPage(title: string, height: number, ...content: readonly string[]): string {
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
      role: "img",
    },
    element("title", {}, title),
    element("rect", {
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      rx: 8,
      fill: paper,
      stroke: border,
    }),
    element("g", { transform: `translate(${margin} ${margin})` }, ...content),
  )
  return `${svg}\n`
}

function drawLegend(name: PeerName, version: string, top: number, index: number): string {
  const x = (index % legend.columns) * legend.width
  const y = top + Math.floor(index / legend.columns) * legend.step
  return [
    element("rect", { x, y: y - 9, width: 22, height: 11, rx: 1.5, fill: colors[name] }),
    text({ x: x + 30, y, "font-size": 12, fill: dark }, version),
  ].join("\n")
}
