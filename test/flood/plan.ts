// What the processes of a flood tell each other.
import type { Holdings } from "../memory/holdings.js"

export type AttackName =
  | "silence"
  | "half-a-greeting"
  | "trickle"
  | "half-a-command"
  | "too-large-a-frame"
  | "an-announcement"
  | "endless-message"
  | "endless-subscriptions"
  | "come-and-go"
  | "unread-replies"
  | "unread-publications"

export interface ServerPlan {
  /** A ROUTER that answers, or a PUB that publishes all the time. */
  readonly kind: "Router" | "Publisher"
  readonly options: object
}

export interface AttackerPlan {
  readonly attack: AttackName
  readonly address: string
  /** So many at a time: who is hung up on comes again. */
  readonly connections: number
}

/** Events with the codes of their errors, counted. */
export type Seen = Readonly<Record<string, number>>

/** What the server says: where it is, then, each time it is asked, how it is. */
export type ServerReport =
  | { readonly address: string }
  | { readonly seen: Seen }
  | { readonly seen: Seen; readonly holdings: Holdings }

/** What an attacker says: that all his connections have been made. */
export interface AttackerReport {
  readonly complete: true
}

/** The largest frame that an attacked socket takes. */
export const LARGEST_FRAME = 2 ** 31 - 1
/** Bytes of each message that a PUB publishes, besides its number. */
export const PUBLISHED_BYTES = 1024
/** Bytes of each request whose reply nobody reads. */
export const REQUEST_BYTES = 1024
