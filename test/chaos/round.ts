// One fault, one pattern, one pair of libraries: what was sent, what was lost and where, and what must not be.
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { kernelBytes } from "../memory/kernel.js"
import { faults } from "./faults.js"
import type { PatternName } from "./protocol.js"
import { type Pairing, Stage } from "./stage.js"

export interface Round {
  readonly fault: string
  readonly pattern: PatternName
  readonly pairing: Pairing
}

export interface Outcome extends Round {
  readonly sent: number
  readonly received: number
  readonly lost: number
  /** Where what was lost may be lost. */
  readonly where: string
  readonly retries: number
  readonly reconnects: number
  readonly violations: readonly string[]
  readonly skipped?: string
}

/** The largest message is 3 KiB; a smaller one on the average has a half of that. */
const USUAL_BYTES = 1400

export async function play(round: Round, seed: number): Promise<Outcome> {
  const { fault: name, pattern, pairing } = round
  const fault = faults[name]?.()
  if (fault === undefined) throw new TypeError(`There is no fault "${name}"`)
  const nothing = { ...round, sent: 0, received: 0, lost: 0, where: "", retries: 0, reconnects: 0 }
  if (fault.skip !== undefined) return { ...nothing, violations: [], skipped: fault.skip }
  const fills = fault.fills === true && pattern === "publish"
  const setting = fills
    ? { ...fault.setting, options: { ...fault.setting?.options, sendHighWaterMark: 1000 } }
    : (fault.setting ?? {})
  const stage = new Stage(pattern, pairing, setting, seed)
  try {
    await stage.start()
    await stage.flows()
    await fault.act(stage)
    await stage.flows()
    await stage.finish()
  } catch (error) {
    stage.violations.push(error instanceof Error ? error.message : String(error))
  } finally {
    stage.close()
  }
  return judge(round, stage, fills)
}

function judge(round: Round, stage: Stage, fills: boolean): Outcome {
  const { pattern } = round
  const { relay, kills, violations, sides } = stage
  const tallies = sides.flatMap(({ tally }) => tally ?? [])
  const sum = (count: (tally: (typeof tallies)[number]) => number): number =>
    tallies.reduce((total, tally) => total + count(tally), 0)
  const [sent, received] = [sum((tally) => tally.sent), sum((tally) => tally.received)]
  const [gaps, lost, retries] = [
    sum((tally) => tally.gaps),
    sum((tally) => tally.lost),
    sum((tally) => tally.retries),
  ]
  // Questions that found no answer are asked again: none is lost.
  const directions = pattern === "dealer" ? 2 : 1
  const cuts = relay.ended
  if (!fills && kills === 0 && gaps > cuts * directions) {
    violations.push(`lost: ${gaps} gaps in ${directions} directions, but ${cuts} connections ended`)
  }
  const most =
    2 * kernelBytes("tcp") + 4 * 65_536 + 2 * (LARGEST_SHARED_CHUNK + LARGE_BATCH_BYTES) + USUAL_BYTES
  if (!fills && pattern !== "publish" && lost * USUAL_BYTES > cuts * directions * most) {
    violations.push(`lost: ${lost} messages with ${cuts} connections`)
  }
  if (received === 0) violations.push("nothing was received")
  const away = pattern === "publish" ? "nobody there" : "in flight at a cut"
  const where = lost === 0 ? "" : fills ? "full PUB pipe" : kills > 0 ? "killed" : away
  return {
    ...round,
    sent,
    received,
    lost,
    where,
    retries,
    reconnects: Math.max(0, relay.opened - 1),
    violations,
  }
}
