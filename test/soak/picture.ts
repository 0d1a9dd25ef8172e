// A soak over its time: what its hosts held, and how late their event loops were.
import { drawHead, drawPage, margin, width } from "../../bench/chart/page.js"
import { colors, dark, grid, quiet } from "../../bench/chart/style.js"
import { element, text } from "../../bench/chart/svg.js"
import type { Pulse } from "./pulse.js"
import type { HostPulses } from "./troupe.js"

interface Line {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
}

interface Panel {
  readonly title: string
  readonly lines: readonly Line[]
}

const panelHeight = 210
const area = { left: 56, top: 44, height: 120 }
/** More points than this cannot be told apart. */
const MOST_POINTS = 400
const TICKS = 4

export function drawSoak(title: string, notes: readonly string[], hosts: readonly HostPulses[]): string {
  const head = drawHead(title, notes, {})
  const seconds = Math.max(1, ...hosts.flatMap(({ during }) => during.map(({ second }) => second)))
  const panels = hosts.flatMap(panelsOf)
  const drawn = panels.map((panel, at) => {
    const transform = `translate(0 ${head.height + 12 + at * panelHeight})`
    return element("g", { transform }, drawPanel(panel, seconds))
  })
  const height = head.height + panels.length * panelHeight + 2 * margin
  return drawPage(title, height, head.svg, ...drawn)
}

function panelsOf({ side, during }: HostPulses): Panel[] {
  const line = (name: string, color: string, of: (pulse: Pulse) => number): Line => ({
    name,
    color,
    values: thin(during.map(of)),
  })
  return [
    {
      title: `The ${side} side's memory, MiB`,
      lines: [
        line("resident", colors.libzmq, ({ rss }) => rss / 2 ** 20),
        line("heap and external, collected", colors.puremq, ({ memory }) => memory / 2 ** 20),
      ],
    },
    {
      title: `How late the ${side} side's event loop is, ms of each second`,
      lines: [
        line("at most", colors.libzmq, ({ late }) => late.most),
        line("p99", colors.zeromq, ({ late }) => late.p99),
        line("p50", colors.puremq, ({ late }) => late.p50),
      ],
    },
    {
      title: `What the ${side} side has open`,
      lines: [
        line("files", colors.puremq, ({ files }) => files),
        line("timers", colors.zeromq, ({ timers }) => timers),
        line("promises", colors.pyzmq, ({ pending }) => pending),
      ],
    },
  ]
}

/** The highest of several neighbours stands for them. */
function thin(values: readonly number[]): number[] {
  const each = Math.ceil(values.length / MOST_POINTS)
  const thinned: number[] = []
  for (let at = 0; at < values.length; at += each) thinned.push(Math.max(...values.slice(at, at + each)))
  return thinned
}

function drawPanel({ title, lines }: Panel, seconds: number): string {
  const step = niceStep(Math.max(1, ...lines.flatMap(({ values }) => values)) / TICKS)
  const across = width - 2 * margin - area.left
  const y = (value: number): number => area.top + area.height * (1 - value / (step * TICKS))
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => tick * step)
  const minutes = niceStep(seconds / 60 / 6)
  const times = Array.from({ length: Math.floor(seconds / 60 / minutes) + 1 }, (_, at) => at * minutes)
  return [
    text({ x: 0, y: 14, "font-size": 14, "font-weight": 600, fill: dark }, title),
    ...lines.map(({ name, color }, at) =>
      text({ x: at * 190, y: 32, "font-size": 11.5, fill: color, "font-weight": 600 }, name),
    ),
    ...ticks.map((tick) => drawTick(tick, y(tick))),
    ...times.map((minute) =>
      text(
        {
          x: area.left + (across * minute * 60) / seconds,
          y: area.top + area.height + 16,
          "font-size": 10,
          fill: quiet,
          "text-anchor": "middle",
        },
        `${Number(minute.toPrecision(3))} min`,
      ),
    ),
    ...lines.map(({ values, color }) => {
      const points = values.map((value, at) => {
        const x = area.left + (across * at) / Math.max(1, values.length - 1)
        return `${x.toFixed(1)},${y(value).toFixed(1)}`
      })
      return element("polyline", {
        points: points.join(" "),
        fill: "none",
        stroke: color,
        "stroke-width": 1.5,
      })
    }),
  ].join("\n")
}

function drawTick(tick: number, y: number): string {
  return [
    element("line", { x1: area.left, y1: y, x2: width - 2 * margin, y2: y, stroke: grid }),
    text(
      { x: area.left - 8, y: y + 3.5, "font-size": 10, fill: quiet, "text-anchor": "end" },
      `${Number(tick.toPrecision(3))}`,
    ),
  ].join("\n")
}

/** 1, 2 or 5 times a power of ten, and not below. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5].find((digit) => digit * power >= least) ?? 10) * power
}
