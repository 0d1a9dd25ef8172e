// What has to hold at the end of a soak, of each host that lived through all of it.
import { median } from "../../bench/statistics.js"
import { type Holdings, rise } from "../memory/holdings.js"
import type { HostPulses } from "./troupe.js"

export interface Verdict {
  readonly what: string
  readonly figure: string
  readonly limit: string
  readonly met: boolean
}

/** When memory is looked at first, in seconds: all that a program loads and compiles it has by then. */
const SETTLED = 300
/** How many seconds a look takes the median of. */
const WINDOW = 300
/** How much more memory there may be in the end. */
const GROWTH = 0.1
/** How late the event loop may be, in milliseconds, but for one time in a hundred. */
const LATENESS = 20
/** Fewer samples than this say nothing. */
const FEWEST_SAMPLES = 20

/**
 * How much a host's holdings may rise. Most go up and down around a level, so they are judged by the slope of all
 * that was measured after the first third. Memory follows what waits in queues, by tens of megabytes: what leaked
 * is what is left above its lowest point when the queues are empty.
 */
const ALLOWED_RISE: Readonly<Record<"rss" | "memory" | "files" | "timers", number>> = {
  rss: 64 << 20,
  memory: 16 << 20,
  files: 8,
  timers: 20,
}

const measures = Object.keys(ALLOWED_RISE) as readonly (keyof typeof ALLOWED_RISE)[]

export function verdictsOf(host: HostPulses): Verdict[] {
  const { side, during, promises } = host
  const last = during.at(-1)
  const late = last?.lateInAll.p99 ?? Infinity
  return [
    ...(["memory", "rss"] as const).map((what) => growthOf(host, what)),
    {
      what: `event loop of the ${side} side late by, p99`,
      // What a busy machine withholds is no fault of the loop's, but nobody can tell the two apart.
      figure: `${late.toFixed(1)} ms, ${((last?.starved ?? 0) * 100).toFixed(0)} % of the time without a processor`,
      limit: `${LATENESS} ms`,
      met: late < LATENESS,
    },
    {
      what: `promises of the ${side} side never settled`,
      figure: promises === undefined ? "unknown" : `${promises.pending} of ${promises.made}`,
      limit: "0",
      met: promises?.pending === 0,
    },
    ...measures.flatMap((what) => (late === Infinity ? [] : risesOf(host, what))),
  ]
}

/** The end beside the time when all had settled; a short run, which has not, tells but is not judged by it. */
function growthOf({ side, during }: HostPulses, what: "memory" | "rss"): Verdict {
  const isLong = during.length >= 2 * SETTLED
  const from = isLong ? SETTLED : Math.floor(during.length / 3)
  const window = Math.min(WINDOW, Math.ceil(during.length / 4))
  const of = (some: readonly Holdings[]): number => median(some.map((one) => one[what])) ?? Number.NaN
  const [before, after] = [of(during.slice(from, from + window)), of(during.slice(-window))]
  const growth = after / before - 1
  return {
    what: `${what === "rss" ? "resident memory" : "memory held"} of the ${side} side, after ${from} s and at the end`,
    figure: `${mebibytes(before)}, ${mebibytes(after)}: ${growth < 0 ? "" : "+"}${(growth * 100).toFixed(1)} %`,
    limit: isLong ? `+${GROWTH * 100} %` : "none in less than 10 minutes",
    met: !isLong || growth <= GROWTH,
  }
}

function risesOf(host: HostPulses, what: keyof typeof ALLOWED_RISE): Verdict[] {
  const late = host.during.slice(Math.ceil(host.during.length / 3))
  if (late.length < FEWEST_SAMPLES) return []
  const values = late.map((one) => one[what])
  const risen = riseOf(host, what, values)
  const write = (value: number): string =>
    what === "rss" || what === "memory" ? mebibytes(value) : `${Math.round(value)}`
  return [
    {
      what: `${what} of the ${host.side} side over the last two thirds`,
      figure: `${write(Math.min(...values))} to ${write(Math.max(...values))}, rise ${write(risen)}`,
      limit: `rise ${write(ALLOWED_RISE[what])}`,
      met: risen <= ALLOWED_RISE[what],
    },
  ]
}

function riseOf({ during, atRest }: HostPulses, what: keyof Holdings, values: readonly number[]): number {
  if (what !== "memory") return rise(values)
  // Without it the run has failed already.
  return atRest === undefined ? 0 : atRest.memory - Math.min(...during.map(({ memory }) => memory))
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
