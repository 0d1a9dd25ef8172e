// Who has sent what, and whether it came as it should: in order, once, and lost only where it may be.
import type { Letter } from "./letter.js"

/** How the letters of one sender may come. */
export type Course =
  /** Each connection brings an unbroken run; a later connection's may come while an earlier one is still read. */
  | "runs"
  /** Each higher than the one before, some missing. */
  | "rising"

/** A place in what one sender sent. */
interface Place {
  readonly sequence: number
  /** What the sender had sent up to here; unknown of what a process got that was killed. */
  readonly bytes: number | undefined
  /** Which of the receiving sockets saw it; -1: none of this process. */
  readonly socket: number
  /** What the sender has queued is lost with each connection. */
  readonly queueIsLost: boolean
}

/** Letters that came one after the other, from before the first up to the last. */
interface Run {
  readonly from: Place
  to: Place
}

/** What did not come between two letters that did. */
export interface Gap {
  readonly letters: number
  readonly bytes: number | undefined
  /** Neither side's queue was lost: all of it was on its way between the two processes. */
  readonly underWay: boolean
}

/** The highest letter of each sender. */
export type Floors = readonly (readonly [sender: number, sequence: number])[]

/** More connections of one sender than could be read at the same time. */
const MOST_RUNS = 500
/** Senders come and go; who came so long ago says nothing any more. */
const MOST_SENDERS = 50

/** The record of one receiving socket and its successors. */
export class Ledger {
  #socket = 0
  readonly #course: Course
  readonly #lost: (gap: Gap) => void
  readonly #runs: Map<number, Run[]> = new Map()

  /** `floors` are what a predecessor in another process had got. */
  constructor(course: Course, lost: (gap: Gap) => void, floors: Floors = []) {
    this.#course = course
    this.#lost = lost
    for (const [sender, sequence] of floors) this.#begin(sender, sequence, undefined)
  }

  /** From now on another socket receives; what the last one had queued is lost. */
  nextSocket(): void {
    this.#socket++
  }

  /** Throws when the letter cannot have come now. */
  enter(letter: Letter): void {
    const { sender, sequence, bytesBefore, bytes, queueIsLost } = letter
    const runs = this.#runs.get(sender) ?? this.#begin(sender, 0, 0)
    let at = runs.length - 1
    while (at > 0 && (runs[at] as Run).from.sequence >= sequence) at--
    const run = runs[at] as Run
    if (sequence <= run.to.sequence) {
      const known = runs.map(({ from, to }) => `${from.sequence + 1} to ${to.sequence}`).join(", ")
      throw new Error(`letter ${sequence} of sender ${sender} came twice or late, after ${known}`)
    }
    // No spread: each object that one makes has a shape of its own, which takes more memory than itself.
    const socket = this.#socket
    const from = { sequence: sequence - 1, bytes: bytesBefore, socket, queueIsLost }
    const to = { sequence, bytes: bytesBefore + bytes, socket, queueIsLost }
    if (sequence === run.to.sequence + 1) run.to = to
    else if (this.#course === "rising") {
      this.#count(run.to, from)
      run.to = to
    } else {
      runs.splice(at + 1, 0, { from, to })
      if (runs.length > MOST_RUNS) this.#join(runs)
    }
  }

  /** The highest number that came from a sender; 0 before the first. */
  highest(sender: number): number {
    return this.#runs.get(sender)?.at(-1)?.to.sequence ?? 0
  }

  get floors(): Floors {
    return Array.from(this.#runs.keys(), (sender) => [sender, this.highest(sender)] as const)
  }

  /** Counts what is missing still. To be called when nothing can come any more. */
  close(): void {
    for (const runs of this.#runs.values()) while (runs.length > 1) this.#join(runs)
  }

  #begin(sender: number, sequence: number, bytes: number | undefined): Run[] {
    const from = { sequence, bytes, socket: -1, queueIsLost: true }
    const runs = [{ from, to: from }]
    this.#runs.set(sender, runs)
    dropOldest(this.#runs)
    return runs
  }

  /** Nothing more can come between the two oldest runs. */
  #join(runs: Run[]): void {
    const [oldest, second] = runs as [Run, Run]
    this.#count(oldest.to, second.from)
    runs.splice(0, 2, { from: oldest.from, to: second.to })
  }

  #count(after: Place, before: Place): void {
    const letters = before.sequence - after.sequence
    // Two runs may have met in the end.
    if (letters === 0) return
    const bytes =
      after.bytes === undefined || before.bytes === undefined ? undefined : before.bytes - after.bytes
    const underWay = after.socket === before.socket && !before.queueIsLost
    this.#lost({ letters, bytes, underWay })
  }
}

/** Sees to it that each letter of a sender is given to one receiver alone. */
export class Once {
  readonly #seen: Map<number, Uint8Array> = new Map()

  /** Throws when the letter was entered before. */
  enter({ sender, sequence }: Letter): void {
    let seen = this.#seen.get(sender)
    const at = sequence >> 3
    if (seen === undefined || at >= seen.length) {
      const larger = new Uint8Array(Math.max(1024, at * 2))
      if (seen !== undefined) larger.set(seen)
      this.#seen.set(sender, (seen = larger))
      dropOldest(this.#seen)
    }
    const bit = 1 << (sequence & 7)
    const byte = seen[at] as number
    if ((byte & bit) !== 0) throw new Error(`letter ${sequence} of sender ${sender} went to two receivers`)
    seen[at] = byte | bit
  }
}

function dropOldest(map: Map<number, unknown>): void {
  if (map.size <= MOST_SENDERS) return
  for (const sender of map.keys()) {
    map.delete(sender)
    return
  }
}
