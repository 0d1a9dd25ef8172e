// What a cell came to, and whether anything was lost where nothing may be.
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { LARGEST_LETTER } from "../letters/letter.js"
import { kernelBytes } from "../memory/kernel.js"
import type { Account } from "./account.js"
import type { Cell, Window } from "./cell.js"
import type { PlayerProcess } from "./player-process.js"
import type { Side } from "./protocol.js"
import { RELAYED } from "./relay.js"

/** A row of the table. */
export interface Outcome {
  readonly sent: number
  readonly received: number
  readonly lost: number
  /** Where that may be. */
  readonly where: string
  readonly reconnects: number
  readonly retries: number
  readonly violations: readonly string[]
}

/** Letters of one author, numbered without a gap, that did not arrive. */
export interface Hole {
  readonly author: number
  readonly first: number
  readonly last: number
  readonly bytes: number
  /** Its author's queue outlives connections. */
  readonly queueIsKept: boolean
}

/** The most of one direction that may be on its way: two connections with the relay between, and what both ends hold. */
const MOST_UNDER_WAY =
  2 * kernelBytes("tcp") + 2 * RELAYED + 2 * (LARGEST_SHARED_CHUNK + LARGE_BATCH_BYTES + LARGEST_LETTER)

/** Judges a cell that has ended. */
export function judge(cell: Cell): Outcome {
  const { pattern } = cell.plan
  const connecting = cell.players.filter(({ plan }) => plan.side === "connect")
  const retries = sum(connecting, (player) => player.retries)
  const kills = cell.players.length - 2
  const reconnects = Math.max(0, sum(connecting, (player) => player.met) - 1 - retries)
  // A REP sends back what it got, so that what a REQ gets back tells of both ways.
  const ways = [...cell.accounts].filter(([side]) => pattern !== "request" || side === "connect")
  const authors = ways.flatMap(([side, account]) =>
    cell.players
      .filter(({ plan }) => plan.side === authorOf(cell, side))
      .map((player) => ({ player, account })),
  )
  const holes = authors.flatMap(({ player, account }) => holesOf(player, account, pattern === "publish"))
  const lost = holes.reduce((total, { first, last }) => total + last - first + 1, 0)
  const { where, violation } = excuse(cell, holes, { lost, retries, reconnects, kills })
  return {
    sent: authors.reduce((total, { player }) => total + player.sent.length, 0),
    received: ways.reduce((total, [, account]) => total + account.received, 0),
    ...{ lost, where, reconnects, retries },
    violations: violation === undefined ? cell.violations : [...cell.violations, violation],
  }
}

interface Counts {
  readonly lost: number
  readonly retries: number
  readonly reconnects: number
  readonly kills: number
}

/** Where what is missing may be lost, or what is wrong about it. */
function excuse(
  cell: Cell,
  holes: readonly Hole[],
  { lost, retries, reconnects, kills }: Counts,
): { where: string; violation?: string } {
  const { fault, pattern, libraries } = cell.plan
  if (lost === 0) return { where: "" }
  if (pattern === "request") {
    const where = "asked again"
    // Who was killed may have had one question.
    if (lost <= retries + kills) return { where }
    return { where, violation: `${lost} requests had no answer, but only ${retries} were asked again` }
  }
  if (fault.loses === "nothing") {
    const where = "a PUB's queue was full"
    if (pattern !== "publish" || fault.stalls !== true)
      return { where: "", violation: `lost: ${tell(holes)}` }
    const dropped = sum(cell.players, (player) => player.dropped)
    if (libraries.bind === "zeromq" || lost <= dropped) return { where }
    return { where, violation: `${lost} letters are missing, of which the PUB dropped ${dropped}` }
  }
  const where = kills > 0 ? "with a process" : "with a connection"
  const outside = holes.filter((hole) => !cell.windows.some((window) => isWithin(cell, hole, window)))
  if (outside.length > 0) return { where, violation: `lost while all was well: ${tell(outside)}` }
  const kept = holes.filter(({ queueIsKept }) => queueIsKept)
  if (kept.length > reconnects + kills) {
    return { where, violation: `${kept.length} gaps with ${reconnects + kills} connections: ${tell(kept)}` }
  }
  const large = kept.filter(({ bytes }) => bytes > MOST_UNDER_WAY)
  if (large.length > 0) return { where, violation: `more was lost than can be on its way: ${tell(large)}` }
  return { where }
}

function isWithin(cell: Cell, { author, first, last }: Hole, { before, after }: Window): boolean {
  const isDead = !cell.isPlaying(author)
  return first > (before.get(author) ?? 0) && (isDead || last <= (after.get(author) ?? 0))
}

function holesOf(player: PlayerProcess, account: Account, fromFirstArrival: boolean): Hole[] {
  const { number, side } = player.plan
  // To who is not yet there a PUB sends nothing.
  const from = fromFirstArrival ? account.lowest(number) : 1
  const to = Math.max(player.sent.length, account.highest(number))
  const holes: Hole[] = []
  let first: number | undefined
  for (let sequence = from; sequence <= to + 1; sequence++) {
    const isMissing = sequence <= to && !account.has(number, sequence)
    if (isMissing) first ??= sequence
    else if (first !== undefined) {
      const bytes = player.sent.slice(first - 1, sequence - 1).reduce((total, size) => total + size, 0)
      holes.push({ author: number, first, last: sequence - 1, bytes, queueIsKept: side === "connect" })
      first = undefined
    }
  }
  return holes
}

function authorOf(cell: Cell, receiving: Side): Side {
  return cell.plan.pattern === "request" || receiving === "bind" ? "connect" : "bind"
}

function tell(holes: readonly Hole[]): string {
  return holes.map(({ author, first, last }) => `${first} to ${last} of author ${author}`).join(", ")
}

function sum(players: readonly PlayerProcess[], count: (player: PlayerProcess) => number): number {
  return players.reduce((total, player) => total + count(player), 0)
}
