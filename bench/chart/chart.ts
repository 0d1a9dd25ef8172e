import type { CaseResult, Results } from "../results.js"
import { drawHead, drawPage, margin, width } from "./page.js"
import { drawPanel } from "./panel.js"

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
  const head = drawHead(
    "puremq beside its peers",
    [
      machine,
      `Medians over rounds: ${rounds}. Two processes over loopback, but for inproc, where libzmq alone has two threads. Logarithmic axes.`,
    ],
    versions,
  )
  const content = [head.svg]
  let y = head.height
  for (const [heading, holds] of panels) {
    const held = cases.filter(holds)
    if (held.length === 0) continue
    y += 20
    const panel = drawPanel(heading, held, y, width - 2 * margin)
    content.push(panel.svg)
    y += panel.height
  }
  return drawPage("Medians of puremq and its peers", y + 2 * margin - 8, ...content)
}
