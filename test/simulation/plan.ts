// What happens in a scenario: data, so that it can be made smaller.
import type { SocketType as AnyType } from "#src/peer.js"
import type { Chance } from "../fuzz/chance.js"
import { chanceFor } from "./loop.js"
import { EXCLUSIVE, NEVER_READS, NEVER_SENDS, PUBLISHES } from "./roles.js"

/** Those that speak ZMTP. */
export type SocketType = Exclude<AnyType, "STREAM" | "DGRAM">

export interface SocketPlan {
  readonly id: number
  readonly host: number
  readonly type: SocketType
  readonly group: number
  readonly options: Readonly<Record<string, unknown>>
  readonly binds: readonly string[]
  readonly connects: readonly string[]
  /** Receives that it has pending at a time. */
  readonly readers: number
  /** Topics from the start. */
  readonly topics: readonly string[]
}

/** What is done at a time; `value` says how much or how. */
export interface Step {
  readonly at: number
  readonly kind: StepKind
  /** The socket; for a crash the host. */
  readonly target: number
  readonly value: number
}

export type StepKind =
  | "send"
  | "trySend"
  | "pause"
  | "resume"
  | "subscribe"
  | "unsubscribe"
  | "abort"
  | "look"
  | "disconnectPeer"
  | "reopen"
  | "reconnect"
  | "rebind"
  | "stall"
  | "break"
  | "swallow"
  | "refuse"
  | "crash"

export interface Plan {
  readonly seed: number
  readonly minutes: number
  /** It is for the draft types. */
  readonly drafts: boolean
  readonly hosts: number
  readonly calm: boolean
  readonly sockets: readonly SocketPlan[]
  readonly steps: readonly Step[]
}

type Pairing = readonly [SocketType, SocketType]

const PAIRINGS: readonly Pairing[] = [
  ["PUSH", "PULL"],
  ["PUB", "SUB"],
  ["PUB", "XSUB"],
  ["XPUB", "SUB"],
  ["XPUB", "XSUB"],
  ["REQ", "REP"],
  ["REQ", "ROUTER"],
  ["DEALER", "REP"],
  ["DEALER", "DEALER"],
  ["DEALER", "ROUTER"],
  ["ROUTER", "ROUTER"],
  ["PAIR", "PAIR"],
]

export const DRAFT_PAIRINGS: readonly Pairing[] = [
  ["CLIENT", "SERVER"],
  ["RADIO", "DISH"],
  ["SCATTER", "GATHER"],
  ["PEER", "PEER"],
  ["CHANNEL", "CHANNEL"],
]

/** Also the groups of RADIO and DISH. */
export const TOPICS: readonly string[] = ["", "A", "B", "AB", "ABC"]

const TRAFFIC: readonly StepKind[] = [
  "send",
  "send",
  "send",
  "trySend",
  "trySend",
  "subscribe",
  "unsubscribe",
]
const READING: readonly StepKind[] = ["pause", "resume", "abort"]
const FAULTS: readonly StepKind[] = [
  "reopen",
  "reconnect",
  "rebind",
  "stall",
  "stall",
  "break",
  "break",
  "swallow",
  "refuse",
  "crash",
]

const MEDDLING: readonly StepKind[] = ["look", "look", "look", "disconnectPeer"]
const MEDDLING_STEPS = 40

/** Each fourth seed is for the draft types. */
function isForDrafts(seed: number): boolean {
  return seed % 4 === 3
}

/** Everything about a scenario follows from its seed, and from which types it is for. */
export function planOf(seed: number, minutes: number, drafts = isForDrafts(seed)): Plan {
  const pairings = drafts ? DRAFT_PAIRINGS : PAIRINGS
  const chance = chanceFor(seed, 1)
  const calm = chance.below(3) === 0
  const hosts = 1 + chance.below(3)
  const sockets: SocketPlan[] = []
  const groups = 1 + chance.below(2)
  for (let group = 0; group < groups; group++) addGroup(seed, chance, group, hosts, sockets, pairings)
  const count = 30 + chance.below(50)
  const steps: Step[] = []
  for (let at = 0; at < count; at++) steps.push(stepOf(chance, minutes, hosts, sockets, calm))
  // Drawn apart, and for each fifth seed alone, so that the others stay what they were.
  const apart = chanceFor(seed, 7)
  for (let at = 0; seed % 5 === 0 && at < MEDDLING_STEPS; at++) {
    steps.push({ ...stepOf(apart, minutes, hosts, sockets, calm), kind: apart.of(MEDDLING) })
  }
  steps.sort((one, other) => one.at - other.at)
  return { seed, minutes, drafts, hosts, calm, sockets, steps }
}

function stepOf(
  chance: Chance,
  minutes: number,
  hosts: number,
  sockets: readonly SocketPlan[],
  calm: boolean,
): Step {
  const drawn = chance.below(10)
  const kind = chance.of(drawn < 6 ? TRAFFIC : drawn < 8 || calm ? READING : FAULTS)
  return {
    // In clusters: what happens alone seldom hits anything.
    at: Math.floor(
      chance.below(12) * minutes * 5000 + chance.of([100, 3000, 30_000]) * (chance.below(1000) / 1000),
    ),
    kind,
    target: kind === "crash" ? chance.below(hosts) : chance.of(sockets).id,
    value: chance.below(1 << 20),
  }
}

function addGroup(
  seed: number,
  chance: Chance,
  group: number,
  hosts: number,
  sockets: SocketPlan[],
  pairings: readonly Pairing[],
): void {
  const pairing = chance.of(pairings)
  const [binderType, connecterType] = chance.below(2) === 0 ? pairing : [pairing[1], pairing[0]]
  const local = chance.below(5) === 0
  const home = chance.below(hosts)
  const single = EXCLUSIVE.has(binderType)
  const binders = single ? 1 : chance.below(4) === 0 ? 2 : 1
  const addresses: string[] = []
  const add = (type: SocketType, binds: string[], connects: string[], host: number): void => {
    const id = sockets.length
    const readers = chance.of([1, 1, 3])
    const topics = [chance.of(TOPICS), chance.of(TOPICS)]
    sockets.push({
      id,
      host,
      type,
      group,
      options: { ...optionsFor(chance, type, id), ...lateOptionsFor(seed, type, id) },
      binds,
      connects,
      readers,
      topics,
    })
  }
  for (let at = 0; at < binders; at++) {
    const host = local ? home : chance.below(hosts)
    const id = sockets.length
    const address = local ? `inproc://name-${id}` : `tcp://10.0.0.${host + 1}:${5000 + id}`
    addresses.push(address)
    add(binderType, [address], [], host)
  }
  const connecters = single ? 1 : 1 + chance.below(3)
  for (let at = 0; at < connecters; at++)
    add(connecterType, [], addresses, local ? home : chance.below(hosts))
}

/** Drawn apart, so that the rest of each scenario stays what it was. */
function lateOptionsFor(seed: number, type: SocketType, id: number): Record<string, unknown> {
  if (type === "REQ" || NEVER_READS.has(type)) return {}
  return { receiveTimeout: chanceFor(seed, 6, id).of([-1, -1, 40_000]) }
}

function optionsFor(chance: Chance, type: SocketType, id: number): Record<string, unknown> {
  const options: Record<string, unknown> = {
    linger: chance.of([0, 500, 5000]),
    reconnectInterval: chance.of([100, 1000, 5000]),
    reconnectMaxInterval: chance.of([0, 8000]),
    handshakeInterval: chance.of([1000, 30_000]),
    heartbeatInterval: chance.of([0, 0, 10_000, 20_000]),
    heartbeatTimeToLive: chance.of([0, 45_000]),
    immediate: chance.below(6) === 0,
    socksUsername: "",
  }
  if (!NEVER_SENDS.has(type)) {
    options.sendHighWaterMark = chance.of([1, 2, 5, 20, 1000])
    options.sendTimeout = chance.of([-1, -1, 300, 15_000])
  }
  if (!NEVER_READS.has(type)) options.receiveHighWaterMark = chance.of([1, 2, 5, 20, 1000])
  if (PUBLISHES.has(type)) options.noDrop = chance.below(4) === 0
  // Otherwise it knows nobody to send to before it has heard of him.
  if (type === "PEER") options.immediate = false
  if (type === "REQ") {
    options.correlate = chance.below(2) === 0
    options.relaxed = options.correlate === true && chance.below(2) === 0
    options.receiveTimeout = 5000
  }
  if (type === "ROUTER") {
    options.handover = true
    options.mandatory = chance.below(4) === 0
  }
  if (type === "ROUTER" || ((type === "DEALER" || type === "REQ") && chance.below(2) === 0)) {
    options.routingId = `peer-${id}`
  }
  return options
}
