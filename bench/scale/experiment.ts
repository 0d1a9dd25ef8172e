import type { Peer } from "../peer.js"
import type { Figures } from "./play.js"
import type { Unit } from "./units.js"

/** What is to be reached. */
export type Target =
  /** So many times what libzmq takes, at most. */
  | { readonly kind: "times"; readonly most: number }
  | { readonly kind: "most"; readonly most: number }
  /** Of the speed at the curve's first point at least such a part of what libzmq keeps of its own. */
  | { readonly kind: "curve"; readonly first: string; readonly least: number }

/** One number that an experiment measures: a row of the report. */
export interface Row {
  readonly title: string
  /** Its name among the figures. */
  readonly figure: string
  readonly unit: Unit
  readonly target?: Target
}

/** What is measured in one go. */
export interface Experiment {
  readonly title: string
  readonly rows: readonly Row[]
  /** It is about what only Node has: an event loop, modules. */
  readonly puremqOnly?: true
  /** With a peer to play those whom nobody measures. */
  measure(peer: Peer, extra: Peer): Promise<Figures>
}
