// What the conductor of a round and its two players say to each other.

export const patterns = ["push", "publish", "dealer", "request"] as const
export type PatternName = (typeof patterns)[number]
export const sides = ["connect", "bind"] as const
export type Side = (typeof sides)[number]

/** Letters that are sent in one go. */
export const BURST = 5
/** Both high-water marks. */
export const MARK = 50

/** What a player is started with. */
export interface PlayerPlan {
  readonly library: "puremq" | "zeromq"
  readonly pattern: PatternName
  readonly side: Side
  readonly endpoint: string
  /** The number of its author; no two players of a round have the same. */
  readonly number: number
  readonly seed: number
  readonly heartbeats: boolean
  /** It may be killed at any time, so that all that it does is told at once. */
  readonly isMortal: boolean
  readonly ipv6: boolean
}

export type Order =
  /** Say what happened up to now. */
  | { readonly order: "tell" }
  /** Read nothing until told to go on, and again as before. */
  | { readonly order: "hold" | "read" }
  /** Send without a pause, and again as before. */
  | { readonly order: "rush" | "pace" }
  /** Send a last letter, which must arrive. */
  | { readonly order: "finish" }
  | { readonly order: "quit" }

/** A letter that was received. */
export interface Arrival {
  readonly sender: number
  readonly sequence: number
  readonly bytesBefore: number
  readonly bytes: number
  readonly queueIsLost: boolean
}

/** What happened since the last such report. */
export interface Progress {
  readonly report: "progress"
  /** The sizes of the letters that were accepted, which have numbers without a gap. */
  readonly sent: readonly number[]
  readonly received: readonly Arrival[]
  /** Handshakes that were made. */
  readonly met: number
  /** The letter that its author was at, at each end of a connection. */
  readonly ends: readonly number[]
  /** Requests that were asked again. */
  readonly retries: number
  /** Messages that a socket says that it dropped; libzmq does not tell. */
  readonly dropped: number
}

export type Report =
  | { readonly report: "bound"; readonly endpoint: string }
  /** A place to bind to was taken. */
  | { readonly report: "taken" }
  | Progress
  | { readonly report: "violation"; readonly text: string }
  /** What happened up to the order to tell has been told. */
  | { readonly report: "told" }
  | { readonly report: "finished"; readonly sequence: number }
  /** All sockets are closed, and all that was asked of them is settled. */
  | { readonly report: "closed" }
