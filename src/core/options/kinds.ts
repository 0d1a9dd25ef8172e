import type { SocketType } from "../../peer.js"

/** What an option's values are: see {@link ValueOf}. */
export type OptionKind = "int" | "bool" | "id" | "text" | "bytes" | "key" | "choice" | "properties"

/** The sockets that have an option. */
export type OptionHolders = "all" | "readers" | "writers" | readonly SocketType[]

/** One line of an option table. */
export interface OptionEntry {
  /** Its number in zmq.h; the first, where one property stands for two. Options of our own have none. */
  readonly id?: number
  readonly kind: OptionKind
  readonly default: number | boolean | string | null
  /** The least value of an `int`, 0 where it is not told; 0 of a `text` that may be empty, which is none. */
  readonly min?: number
  /** The greatest value of an `int`, or the most bytes of the others. */
  readonly max?: number
  /** What an `int` is rounded down to a multiple of; 1 where it is not told. */
  readonly step?: number
  /** What a `text` has to be. */
  readonly form?: "acceptFilter"
  readonly choices?: readonly string[]
  readonly on: OptionHolders
  /** When a new value counts: at once, or for the next bind or connect. */
  readonly effect: "now" | "next" | "none"
}
