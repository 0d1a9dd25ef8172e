import { mkdtempSync, rmSync } from "node:fs"
import { setPriority, tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { drawTable } from "../../bench/table.js"
import { Chance } from "../fuzz/chance.js"
import { LARGEST_LETTER } from "../letters/letter.js"
import { kernelBytes } from "../memory/kernel.js"
import { RELAYED } from "../relay/relay.js"
import type { LanePlan, PatternName } from "./protocol.js"
import { type HostPulses, type LaneResult, Troupe } from "./troupe.js"
import { type Verdict, verdictsOf } from "./verdict.js"

export interface SoakOptions {
  readonly seconds: number
  readonly seed: number
}

export interface SoakResult {
  readonly report: string
  readonly lanes: readonly LaneResult[]
  /** Those that lived through all of it. */
  readonly hosts: readonly HostPulses[]
  readonly kills: number
  readonly verdicts: readonly Verdict[]
  readonly violations: readonly string[]
}

/** Hosts of the second troupe have numbers from here on. */
const SECOND_NUMBERS = 1_000
/** Milliseconds from one kill to the next. */
const KILL_INTERVAL = 1000
/** Those who are killed, and the relays, give way to those who are measured. */
const NICENESS = 10

/** So many connections may end, one behind the other, before a letter comes again: what they lose is one gap. */
const MOST_BARREN = 2

/** Ways that are counted for gaps; where messages may be dropped, or shared among receivers, gaps mean nothing. */
const DIRECTIONS: Readonly<Record<PatternName, number>> = {
  push: 1,
  fan: Infinity,
  dealer: 2,
  request: Infinity,
  publish: Infinity,
  pair: 2,
}

/** Two troupes: one whose hosts live and must not grow, and one whose hosts are killed. */
export async function soak({ seconds, seed }: SoakOptions): Promise<SoakResult> {
  const chance = new Chance(seed)
  const folder = mkdtempSync(join(tmpdir(), "puremq-soak-"))
  const open = (name: string, niceness: number, largestMark: number): Troupe =>
    new Troupe({ name, seed: chance.below(2 ** 31), folder, niceness, largestMark })
  const [steady, mortal] = [open("steady", 0, 100), open("mortal", NICENESS, 1000)]
  const violations: string[] = []
  try {
    await steady.start(0)
    // Not before: a process has the priority of who started it, and only a superuser may raise it.
    setPriority(NICENESS)
    await mortal.start(SECOND_NUMBERS)
    const end = Date.now() + seconds * 1000
    while (Date.now() + KILL_INTERVAL < end) {
      await delay(KILL_INTERVAL)
      await mortal.kill()
    }
    await delay(Math.max(0, end - Date.now()))
    for (const troupe of [steady, mortal]) {
      await troupe.finish().catch((error: unknown) => violations.push(String(error)))
    }
  } finally {
    await steady[Symbol.asyncDispose]()
    await mortal[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  const lanes = [...steady.results, ...mortal.results]
  const hosts = steady.pulses
  const verdicts = hosts.flatMap(verdictsOf)
  violations.push(...steady.violations, ...mortal.violations, ...lanes.flatMap(judge))
  violations.push(
    ...verdicts
      .filter(({ met }) => !met)
      .map(({ what, figure, limit }) => `${what}: ${figure}, not ${limit}`),
  )
  const { kills } = mortal
  return { report: describe(lanes, verdicts, kills), lanes, hosts, kills, verdicts, violations }
}

/** The most bytes that can be lost in one gap. */
export function largestLoss(transport: LanePlan["transport"]): number {
  // Two connections one behind the other, with the relay between, and a read and a write at the ends.
  const underWay =
    2 * kernelBytes(transport) + RELAYED + 2 * (LARGEST_SHARED_CHUNK + LARGE_BATCH_BYTES + LARGEST_LETTER)
  return MOST_BARREN * underWay
}

/** What is wrong with a lane: nothing may be lost but with a connection, and then no more than can be on its way. */
export function judge({ name, plan, gaps, ended, received, largestGap }: LaneResult): string[] {
  const violations: string[] = []
  if (received === 0) violations.push(`${name}: nothing was received`)
  const directions = DIRECTIONS[plan.pattern]
  if (gaps > ended * directions) {
    violations.push(`${name}: ${gaps} gaps in ${directions} directions, but ${ended} connections ended`)
  }
  const most = largestLoss(plan.transport)
  if (largestGap > most) {
    violations.push(
      `${name}: ${largestGap} bytes were lost at once, more than ${most} that can be on their way`,
    )
  }
  return violations
}

function describe(results: readonly LaneResult[], verdicts: readonly Verdict[], kills: number): string {
  const head = [
    "lane",
    "sent",
    "received",
    "lost",
    "gaps",
    "lost bytes",
    "at once",
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
      lane.largestGap,
      lane.ended,
      lane.reopened,
      lane.abandoned,
    ].map(String),
  ])
  const verdictRows = verdicts.map(({ what, figure, limit, met }) => [
    what,
    figure,
    limit,
    met ? "met" : "MISSED",
  ])
  return [
    drawTable(head, rows),
    drawTable(["what", "figure", "limit", "verdict"], verdictRows),
    `${kills} processes were killed`,
  ].join("\n\n")
}
