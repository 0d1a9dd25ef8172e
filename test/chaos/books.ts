// All that is known of a round when it has ended, and all that its verdict goes by.
import type { Account } from "./account.js"
import type { PatternName, Side } from "./protocol.js"

/** What one author wrote, and where it went. */
export interface AuthorBook {
  readonly number: number
  /** An author who connects keeps what is queued when a connection ends; one who is bound loses it. */
  readonly side: Side
  readonly isDead: boolean
  /** The sizes of its letters, which have numbers from 1 on without a gap. */
  readonly sent: readonly number[]
  /** The letter that it was at each time that its socket told of the end of a connection. */
  readonly ends: readonly number[]
  /** Who receives them. */
  readonly account: Pick<Account, "has" | "highest" | "jumps" | "lowest">
}

/** From before a fault until everything arrived again: the highest letter of each author. */
export interface Window {
  readonly before: ReadonlyMap<number, number>
  readonly after: ReadonlyMap<number, number>
}

/** Letters that waited in their author's queue when its connection ended, which he keeps. */
export interface Kept {
  readonly author: number
  readonly first: number
  readonly last: number
}

export interface Books {
  readonly pattern: PatternName
  /** What may be lost: nothing, or what went over or waited for a connection or a process that ended. */
  readonly loses: "nothing" | "connection"
  /** Letters waited for so long that a PUB's queue may have been full. */
  readonly stalls: boolean
  /** Those whose letters are missed when they do not come; of REQ and REP the REQ's, since a REP sends them back. */
  readonly authors: readonly AuthorBook[]
  readonly windows: readonly Window[]
  readonly kept: readonly Kept[]
  readonly received: number
  /** Processes that were killed, by their side. */
  readonly killed: readonly Side[]
  readonly reconnects: number
  /** Requests that were asked again. */
  readonly retries: number
  /** What a PUB says that it dropped; libzmq does not tell. */
  readonly dropped: number | undefined
  /** Bytes that were at most on their way outside of the two processes when a connection ended. */
  readonly underWay: number
  /** What went wrong before all was over. */
  readonly violations: readonly string[]
}
