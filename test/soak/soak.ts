import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { drawTable } from "../../bench/table.js"
import { Chance } from "../fuzz/chance.js"
import { type Holdings, rise } from "../memory/holdings.js"
import { kernelBytes } from "../memory/kernel.js"
import { LARGEST_LETTER } from "./letter.js"
import type { PatternName } from "./protocol.js"
import { type HostHoldings, type LaneResult, Troupe } from "./troupe.js"

export interface SoakOptions {
  readonly seconds: number
  readonly seed: number
}

export interface SoakResult {
  readonly report: string
  readonly violations: readonly string[]
}

/** Hosts of the second troupe have numbers from here on. */
const SECOND_NUMBERS = 2000
const SHORTEST_LIFE = 2000
const LONGEST_LIFE = 8000
/** Fewer samples than this say nothing. */
const FEWEST_SAMPLES = 20

/**
 * How much a host's holdings may rise. Most go up and down around a level, so they are judged by the slope of all
 * that was measured after the first third. Memory follows what waits in queues, by tens of megabytes: what leaked
 * is what is left above its lowest point when the queues are empty.
 */
const ALLOWED_RISE: Readonly<Record<keyof Holdings, number>> = {
  rss: 64 << 20,
  memory: 16 << 20,
  files: 8,
  timers: 20,
}

const measures = Object.keys(ALLOWED_RISE) as readonly (keyof Holdings)[]

/** Ways that are counted for gaps; where messages may be dropped, or shared among receivers, gaps mean nothing. */
const DIRECTIONS: Readonly<Record<PatternName, number>> = {
  push: 1,
  fan: Infinity,
  dealer: 2,
  request: Infinity,
  publish: Infinity,
  pair: 2,
}
/** What a relay holds of one direction: a read, and what its writer has not taken. */
const RELAYED = 65_536 * 4

/** Two troupes: one whose hosts live and must not grow, and one whose hosts are killed. */
export async function soak({ seconds, seed }: SoakOptions): Promise<SoakResult> {
  const chance = new Chance(seed)
  const folder = mkdtempSync(join(tmpdir(), "puremq-soak-"))
  const [steady, mortal] = ["steady", "mortal"].map(
    (name) => new Troupe({ name, seed: chance.below(2 ** 31), folder }),
  ) as [Troupe, Troupe]
  const violations: string[] = []
  try {
    await steady.start(0)
    await mortal.start(SECOND_NUMBERS)
    const end = Date.now() + seconds * 1000
    for (let left = end - Date.now(); left > 0; left = end - Date.now()) {
      await delay(Math.min(left, SHORTEST_LIFE + chance.below(LONGEST_LIFE - SHORTEST_LIFE)))
      if (Date.now() < end) await mortal.kill()
    }
    for (const troupe of [steady, mortal]) {
      await troupe.finish().catch((error: unknown) => violations.push(String(error)))
    }
  } finally {
    await steady[Symbol.asyncDispose]()
    await mortal[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  const results = [...steady.results, ...mortal.results]
  violations.push(...steady.violations, ...mortal.violations)
  violations.push(...results.flatMap(judge), ...steady.holdings.flatMap(judgeHoldings))
  return { report: describe(results, steady, mortal), violations }
}

/** Nothing may be lost but with a connection, and then no more than can be on its way. */
function judge({ name, plan, gaps, ended, received, lostBytes }: LaneResult): string[] {
  const violations: string[] = []
  if (received === 0) violations.push(`${name}: nothing was received`)
  const directions = DIRECTIONS[plan.pattern]
  if (gaps > ended * directions) {
    violations.push(`${name}: ${gaps} gaps in ${directions} directions, but ${ended} connections ended`)
  }
  // Two connections one behind the other, with the relay between, and a read and a write at the ends.
  const most =
    2 * kernelBytes(plan.transport) +
    RELAYED +
    2 * (LARGEST_SHARED_CHUNK + LARGE_BATCH_BYTES + LARGEST_LETTER)
  if (lostBytes > ended * most) {
    violations.push(
      `${name}: ${lostBytes} bytes were lost with ${ended} connections, more than ${most} with each`,
    )
  }
  return violations
}

function judgeHoldings(holdings: HostHoldings): string[] {
  const late = secondThirdOn(holdings)
  if (late.length < FEWEST_SAMPLES) return []
  return measures.flatMap((what) => {
    const risen = riseOf(holdings, what)
    if (risen <= ALLOWED_RISE[what]) return []
    const series = late.map((one) => one[what]).join(" ")
    const rest = holdings.atRest?.[what] ?? "unknown"
    return [`the ${holdings.side} side's ${what} rose by ${Math.round(risen)}: ${series}, at rest ${rest}`]
  })
}

function secondThirdOn({ during }: HostHoldings): readonly Holdings[] {
  return during.slice(Math.ceil(during.length / 3))
}

function riseOf(holdings: HostHoldings, what: keyof Holdings): number {
  const { during, atRest } = holdings
  if (what !== "memory") return rise(secondThirdOn(holdings).map((one) => one[what]))
  // Without it the run has failed already.
  return atRest === undefined ? 0 : atRest.memory - Math.min(...during.map(({ memory }) => memory))
}

function describe(results: readonly LaneResult[], steady: Troupe, mortal: Troupe): string {
  const head = [
    "lane",
    "sent",
    "received",
    "lost",
    "gaps",
    "lost bytes",
    "connections ended",
    "reopened",
    "given up",
  ]
  const rows = results.map((lane) => [
    lane.name,
    ...[
      lane.sent,
      lane.received,
      lane.lost,
      lane.gaps,
      lane.lostBytes,
      lane.ended,
      lane.reopened,
      lane.abandoned,
    ].map(String),
  ])
  const holdings = steady.holdings.map((all) => {
    const late = secondThirdOn(all)
    const figures = measures.map((what) => {
      const values = late.map((one) => one[what])
      const [low, high, risen] = [Math.min(...values), Math.max(...values), riseOf(all, what)].map((value) =>
        what === "rss" || what === "memory" ? `${(value / 2 ** 20).toFixed(1)} MiB` : `${Math.round(value)}`,
      )
      return `${what} ${low} to ${high}, rise ${risen}`
    })
    return `${all.side} side over the last two thirds: ${figures.join("; ")}`
  })
  return [drawTable(head, rows), ...holdings, `${mortal.kills} processes were killed`].join("\n")
}
