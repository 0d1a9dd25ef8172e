// What a round tells its two sides, and what they answer.

export const patterns = ["request", "push", "publish", "dealer"] as const
export type PatternName = (typeof patterns)[number]
export type Role = "bound" | "dialler"
export type LibraryName = "puremq" | "zeromq"

export interface SidePlan {
  /** Nobody else's, so that who comes after a killed one begins anew. */
  readonly name: string
  readonly role: Role
  readonly pattern: PatternName
  readonly library: LibraryName
  readonly endpoint: string
  readonly options: Readonly<Record<string, boolean | number>>
}

export type Order = "pause" | "resume" | "hasten" | "slow" | "jump" | "stop" | "end"

/** What a side has sent and received so far. */
export interface Tally {
  readonly sent: number
  /** Sent again, since no answer came. */
  readonly retries: number
  readonly received: number
  /** The last number received of each sender. */
  readonly last: Readonly<Record<string, number>>
  readonly gaps: number
  readonly lost: number
  /** Each sending ended with an answer, or with the last message. */
  readonly stopped: boolean
  readonly lastSent: { readonly sender: string; readonly number: number }
}

export type Report =
  | { readonly said: "bound"; readonly endpoint: string }
  | { readonly said: "refused"; readonly code: string }
  | { readonly said: "violation"; readonly text: string }
  | { readonly said: "tally"; readonly tally: Tally }
