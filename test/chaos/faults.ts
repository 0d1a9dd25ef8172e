// What can happen to two peers, and what may be lost by it.
import { setTimeout as delay } from "node:timers/promises"
import type { Chance } from "../fuzz/chance.js"
import { clear, delaying, type Ending, type Manner, narrow, splitting, standing } from "../relay/manners.js"
import type { Cell } from "./cell.js"
import { until } from "./patience.js"
import type { Side } from "./protocol.js"
import {
  exhaustFiles,
  giveNames,
  holdReaders,
  LASTING,
  loseName,
  makeClocksJump,
  makePoor,
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
  readonly prepare?: (cell: Cell) => Promise<void> | void
  readonly strike: (cell: Cell) => Promise<void>
}

/** Letters that arrive while a fault lasts which lets letters through; a REQ asks one question at a time. */
const meanwhile = (cell: Cell): Promise<void> => cell.flow(cell.plan.pattern === "request" ? 30 : 150)

const through = (name: string, manner: (chance: Chance) => Manner): Fault => ({
  name,
  way: "relay",
  loses: "nothing",
  stalls: true,
  strike: async (cell) => {
    cell.relay.manner = manner(cell.chance)
    await meanwhile(cell)
    cell.relay.manner = clear
  },
})

const onWire = (name: string, faults: object, healed: object): Fault => ({
  name,
  way: "wire",
  needsRoot: true,
  loses: "nothing",
  stalls: true,
  strike: async (cell) => {
    await cell.namespace?.set(faults)
    if ("parted" in faults) await delay(LASTING)
    else await meanwhile(cell)
    await cell.namespace?.set(healed)
  },
})

const cutting = (ending: Ending): Fault => ({
  name: `cut by ${ending}`,
  way: "relay",
  loses: "connection",
  strike: async (cell) => {
    for (let times = 0; times < 4; times++) {
      await cell.cut(ending)
      await cell.flow(20)
    }
  },
})

const killing = (side: Side): Fault => ({
  name: `SIGKILL of who ${side}s`,
  way: "direct",
  loses: "connection",
  kills: true,
  strike: async (cell) => {
    for (let times = 0; times < 2; times++) {
      await cell.replace(side)
      await cell.flow(20)
    }
  },
})

const stopping = (side: Side): Fault => ({
  name: `SIGSTOP of who ${side}s`,
  way: "direct",
  loses: "nothing",
  stalls: true,
  strike: async (cell) => {
    cell.player(side).signal("SIGSTOP")
    await delay(LASTING)
    cell.player(side).signal("SIGCONT")
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
    strike: async (cell) => {
      await cell.swallow()
      await cell.flow(20)
    },
  },
  {
    name: "nobody answers",
    way: "relay",
    loses: "connection",
    heartbeats: true,
    strike: async (cell) => {
      const { relay } = cell
      const { accepted } = relay
      relay.swallowsAll = true
      await cell.swallow()
      await until(async () => relay.accepted > accepted, "who connects to give up, and to try again")
      relay.swallowsAll = false
      await cell.flow(20)
    },
  },
  {
    name: "refused",
    way: "relay",
    loses: "connection",
    strike: async (cell) => {
      cell.relay.refuse()
      await cell.cut("RST")
      await delay(LASTING)
      await cell.relay.listen()
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
    strike: async (cell) => {
      await meanwhile(cell)
      if (cell.player("connect").met > 1 + cell.player("connect").retries) {
        cell.violations.push("a connection was given up when the clock jumped")
      }
      await cell.swallow()
      await cell.flow(20)
    },
  },
  { ...cutting("RST"), name: "IPv6, cut by RST", ipv6: true },
  {
    name: "IPv6 only",
    way: "version6",
    needsRoot: true,
    loses: "connection",
    kills: true,
    strike: async (cell) => {
      await cell.replace("bind")
      await cell.flow(20)
    },
  },
]
