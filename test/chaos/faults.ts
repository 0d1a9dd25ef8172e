// What can happen to two peers, and what may be lost by it.
import { setTimeout as delay } from "node:timers/promises"
import type { Chance } from "../fuzz/chance.js"
import { clear, delaying, type Ending, type Manner, narrow, splitting, standing } from "../relay/manners.js"
import { until } from "./patience.js"
import type { Side } from "./protocol.js"
import type { Round } from "./round.js"
import {
  cutFull,
  exhaustFiles,
  giveNames,
  holdReaders,
  LASTING,
  loseName,
  makeClocksJump,
  makePoor,
  silence,
  takePort,
} from "./strikes.js"

export interface Fault {
  readonly name: string
  /** What is between the players. A wire and version6 need root. */
  readonly way: "relay" | "direct" | "wire" | "version6"
  readonly needsRoot?: true
  /** What may be lost while it lasts: nothing, or what went over or waited for a connection or a process that ended. */
  readonly loses: "nothing" | "connection"
  /** Letters wait for so long that a PUB's queue may be full, and a request be asked again. */
  readonly stalls?: true
  readonly heartbeats?: true
  /** Processes are killed. */
  readonly kills?: true
  /** All goes over ::1, with IPv4 there too. */
  readonly ipv6?: true
  readonly prepare?: (round: Round) => Promise<void> | void
  readonly strike: (round: Round) => Promise<void>
}

/** Letters that arrive while a fault lasts which lets letters through; a REQ asks one question at a time. */
const meanwhile = (round: Round): Promise<void> => round.flow(round.plan.pattern === "request" ? 30 : 150)

const through = (name: string, manner: (chance: Chance) => Manner): Fault => ({
  name,
  way: "relay",
  loses: "nothing",
  stalls: true,
  strike: async (round) => {
    round.relay.manner = manner(round.chance)
    await meanwhile(round)
    round.relay.manner = clear
  },
})

const onWire = (name: string, faults: object, healed: object): Fault => ({
  name,
  way: "wire",
  needsRoot: true,
  loses: "nothing",
  stalls: true,
  strike: async (round) => {
    await round.namespace?.set(faults)
    if ("parted" in faults) await delay(LASTING)
    else await meanwhile(round)
    await round.namespace?.set(healed)
  },
})

const cutting = (ending: Ending): Fault => ({
  name: `cut by ${ending}`,
  way: "relay",
  loses: "connection",
  strike: async (round) => {
    for (let times = 0; times < 4; times++) {
      await round.cut(ending)
      await round.flow(20)
    }
  },
})

const killing = (side: Side): Fault => ({
  name: `SIGKILL of who ${side}s`,
  way: "direct",
  loses: "connection",
  kills: true,
  strike: async (round) => {
    for (let times = 0; times < 2; times++) {
      await round.replace(side)
      await round.flow(20)
    }
  },
})

const stopping = (side: Side): Fault => ({
  name: `SIGSTOP of who ${side}s`,
  way: "direct",
  loses: "nothing",
  stalls: true,
  strike: async (round) => {
    round.player(side).signal("SIGSTOP")
    await delay(LASTING)
    round.player(side).signal("SIGCONT")
  },
})

export const faults: readonly Fault[] = [
  { name: "none", way: "relay", loses: "nothing", strike: meanwhile },
  through("delay", (chance) => delaying(chance, 60)),
  through("bandwidth", () => narrow(1_000_000)),
  through("split", splitting),
  {
    name: "stall",
    way: "relay",
    loses: "nothing",
    stalls: true,
    strike: async ({ relay }) => {
      relay.manner = standing
      await delay(LASTING)
      relay.manner = clear
    },
  },
  cutting("FIN"),
  cutting("RST"),
  {
    name: "half-open",
    way: "relay",
    loses: "connection",
    heartbeats: true,
    strike: silence,
  },
  {
    name: "nobody answers",
    way: "relay",
    loses: "connection",
    heartbeats: true,
    strike: async (round) => {
      const { relay } = round
      const { accepted } = relay
      relay.swallowsAll = true
      await silence(round, async () => {
        await until(async () => relay.accepted > accepted, "who connects to give up, and to try again")
        relay.swallowsAll = false
      })
    },
  },
  {
    name: "refused",
    way: "relay",
    loses: "connection",
    strike: async (round) => {
      round.relay.refuse()
      await round.cut("RST")
      await delay(LASTING)
      await round.relay.listen()
    },
  },
  onWire("packets lost", { latency: 0.005, loss: 0.03 }, { latency: 0, loss: 0 }),
  onWire("packets reordered", { latency: 0.005, jitter: 0.01 }, { latency: 0, jitter: 0 }),
  onWire("packets doubled", { latency: 0.002, double: 0.3 }, { latency: 0, double: 0 }),
  onWire("partition", { parted: true }, { parted: false }),
  killing("connect"),
  killing("bind"),
  stopping("connect"),
  stopping("bind"),
  {
    name: "reads nothing",
    way: "direct",
    loses: "nothing",
    stalls: true,
    strike: holdReaders,
  },
  { name: "cut while full", way: "relay", loses: "connection", strike: cutFull },
  {
    name: "no files left",
    way: "relay",
    loses: "connection",
    prepare: makePoor,
    strike: exhaustFiles,
  },
  { name: "port taken", way: "direct", loses: "connection", kills: true, strike: takePort },
  {
    name: "name not found",
    way: "relay",
    needsRoot: true,
    loses: "connection",
    prepare: giveNames,
    strike: loseName,
  },
  {
    name: "clock jumps",
    way: "relay",
    loses: "connection",
    heartbeats: true,
    prepare: makeClocksJump,
    strike: async (round) => {
      await meanwhile(round)
      if (round.player("connect").met > 1 + round.player("connect").retries) {
        round.violations.push("a connection was given up when the clock jumped")
      }
      await silence(round)
    },
  },
  { ...cutting("RST"), name: "over IPv6", ipv6: true },
  {
    name: "IPv6 only",
    way: "version6",
    needsRoot: true,
    loses: "connection",
    kills: true,
    strike: async (round) => {
      await round.replace("bind")
      await round.flow(20)
    },
  },
]
