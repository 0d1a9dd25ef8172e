import { type PeerName, peerNames } from "../peer.js"
import type { CaseResult, Results } from "../results.js"
import { drawPanel } from "./panel.js"
import { border, colors, dark, paper, quiet } from "./style.js"
import { element, text } from "./svg.js"

const width = 880
const margin = 24
const legend = { top: 80, columns: 2, width: 272, step: 20 }

const panels: readonly (readonly [heading: string, holds: (result: CaseResult) => boolean])[] = [
  [
    "Messages, round trips or deliveries a second: more is better",
    ({ unit }) => unit.endsWith("/s") && unit !== "Gb/s",
  ],
  ["Large messages, gigabits a second: more is better", ({ unit }) => unit === "Gb/s"],
  ["One-way latency, microseconds: less is better", ({ unit }) => unit === "us"],
]

/** Draws medians as an SVG picture: a panel for what shares an axis, a group of bars a case. */
export function drawChart({ machine, versions, rounds, cases }: Results): string {
  const content: string[] = [
    text({ x: 0, y: 16, "font-size": 18, "font-weight": 700, fill: dark }, "puremq beside its peers"),
    text({ x: 0, y: 36, "font-size": 11.5, fill: quiet }, `${machine}`),
    text(
      { x: 0, y: 52, "font-size": 11.5, fill: quiet },
      `Medians over rounds: ${rounds}. Two processes over loopback, but for inproc, where libzmq alone has two threads. Logarithmic axes.`,
    ),
  ]
  const known = peerNames.filter((name) => versions[name])
  known.forEach((name, index) => {
    content.push(drawLegend(name, versions[name] ?? name, index))
  })
  let y = legend.top + Math.ceil(known.length / legend.columns) * legend.step
  for (const [heading, holds] of panels) {
    const held = cases.filter(holds)
    if (held.length === 0) continue
    y += 20
    const panel = drawPanel(heading, held, y, width - 2 * margin)
    content.push(panel.svg)
    y += panel.height
  }
  const height = y + 2 * margin - 8
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
    element("title", {}, "Medians of puremq and its peers"),
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

function drawLegend(name: PeerName, version: string, index: number): string {
  const x = (index % legend.columns) * legend.width
  const y = legend.top + Math.floor(index / legend.columns) * legend.step
  return [
    element("rect", { x, y: y - 9, width: 22, height: 11, rx: 1.5, fill: colors[name] }),
    text({ x: x + 30, y, "font-size": 12, fill: dark }, version),
  ].join("\n")
}
