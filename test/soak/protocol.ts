// What the conductor of a soak and its hosts say to each other.
import type { Floors } from "../letters/ledger.js"
import type { Pulse } from "./pulse.js"

export const patterns = ["push", "fan", "dealer", "request", "publish", "pair"] as const
export type PatternName = (typeof patterns)[number]
export type Side = "bind" | "connect"

/** One pattern over one transport between two hosts. */
export interface LanePlan {
  readonly name: string
  readonly pattern: PatternName
  readonly transport: "tcp" | "ipc"
  /** The relays' endpoints, one for each connecting socket. */
  readonly relays: readonly string[]
}

/** What a host is started with. */
export interface HostPlan {
  readonly seed: number
  readonly side: Side
  /** Numbers hosts, so that no two senders have the same number. */
  readonly number: number
  readonly folder: string
  readonly lanes: readonly LanePlan[]
  /** What a killed predecessor had received, by lane. */
  readonly floors: Readonly<Record<string, Floors>>
  /** Added to the process's priority: who is measured comes before who is not. */
  readonly niceness: number
  /** The largest high-water mark: what is measured is to be more than what waits in queues. */
  readonly largestMark: number
}

/** A letter that must arrive, after which its sender says no more. */
export interface LastWord {
  readonly lane: string
  readonly sender: number
  readonly sequence: number
}

export type Order =
  /** Close and open no more sockets: what is sent when all connections stand must arrive. */
  | { readonly order: "calm" }
  | { readonly order: "finish" }
  | { readonly order: "expect"; readonly last: LastWord }
  /** Say what is held, now that nothing waits to be sent or read. */
  | { readonly order: "rest" }
  | { readonly order: "quit" }

export interface Tally {
  readonly lane: string
  readonly sent: number
  readonly received: number
  /** Gaps in what came, the letters in them, and the bytes that were lost while no queue was. */
  readonly gaps: number
  readonly lost: number
  readonly lostBytes: number
  /** The most of them that were lost in one gap. */
  readonly largestGap: number
  /** Sockets that were closed and replaced, and requests that were given up. */
  readonly reopened: number
  readonly abandoned: number
}

export type Report =
  | { readonly report: "bound"; readonly lane: string; readonly endpoint: string }
  | { readonly report: "violation"; readonly lane: string; readonly text: string }
  | { readonly report: "tally"; readonly tallies: readonly Tally[]; readonly floors: HostPlan["floors"] }
  | { readonly report: "pulse"; readonly pulse: Pulse }
  | { readonly report: "calm" }
  | { readonly report: "finished"; readonly last: readonly LastWord[] }
  | { readonly report: "arrived"; readonly last: LastWord }
  | { readonly report: "rest"; readonly pulse: Pulse }
  /** All sockets are closed. */
  | { readonly report: "closed"; readonly promises: { readonly made: number; readonly pending: number } }
