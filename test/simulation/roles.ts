// What each type of socket does, as far as scenarios and their checks go by it.
import type { SocketType } from "./plan.js"

type Types = ReadonlySet<SocketType>

/** They have something to say of themselves. */
export const SENDS: Types = new Set<SocketType>([
  "PUSH",
  "PUB",
  "XPUB",
  "DEALER",
  "PAIR",
  "ROUTER",
  "CLIENT",
  "SERVER",
  "RADIO",
  "SCATTER",
  "PEER",
  "CHANNEL",
])
/** They receive nothing. XPUB hears of subscriptions alone. */
export const NEVER_READS: Types = new Set<SocketType>(["PUSH", "PUB", "RADIO", "SCATTER"])
export const NEVER_SENDS: Types = new Set<SocketType>(["PULL", "SUB", "GATHER", "DISH"])
export const PUBLISHES: Types = new Set<SocketType>(["PUB", "XPUB", "RADIO"])
export const SUBSCRIBES: Types = new Set<SocketType>(["SUB", "XSUB", "DISH"])
/** Messages of theirs have one frame. */
export const SOLE_FRAME: Types = new Set<SocketType>([
  "CLIENT",
  "SERVER",
  "RADIO",
  "DISH",
  "SCATTER",
  "GATHER",
  "PEER",
  "CHANNEL",
])
/** One peer at a time. */
export const EXCLUSIVE: Types = new Set<SocketType>(["PAIR", "CHANNEL"])
/** They name the peer that gets a message by a number. */
export const NUMBERS: Types = new Set<SocketType>(["SERVER", "PEER"])
/** Whose messages may go to any peer that has room. */
export const ANY_PEER: Types = new Set<SocketType>(["PUSH", "DEALER", "PAIR", "CLIENT", "SCATTER", "CHANNEL"])
/** Types whose messages go to one peer each. */
export const SINGLE_COPY: Types = new Set<SocketType>([...ANY_PEER, "REQ", "REP", "ROUTER", "SERVER", "PEER"])
/** Types that take in all that comes, for their users. */
export const TAKES_ALL: Types = new Set<SocketType>([
  "PULL",
  "DEALER",
  "PAIR",
  "XSUB",
  "REP",
  "CLIENT",
  "SERVER",
  "GATHER",
  "PEER",
  "CHANNEL",
])
