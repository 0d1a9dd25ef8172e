// What can happen to two peers, and what may be lost by it.
import { setTimeout as delay } from "node:timers/promises"
import type { Cell } from "./cell.js"
import type { Side } from "./protocol.js"
import type { Ending } from "./relay.js"
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
  readonly prepare?: (cell: Cell) => Promise<void> | void
  readonly strike: (cell: Cell) => Promise<void>
}

/** Letters that arrive while a fault lasts which lets letters through; a REQ asks one question at a time. */
const meanwhile = (cell: Cell): Promise<void> => cell.flow(cell.plan.pattern === "request" ? 30 : 150)

const onRelay = (name: string, set: (cell: Cell) => void, unset: (cell: Cell) => void): Fault => ({
  name,
  way: "relay",
  loses: "nothing",
  stalls: true,
  strike: async (cell) => {
    set(cell)
    await meanwhile(cell)
    unset(cell)
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
      cell.relay.cut(ending)
      await cell.flow(20)
    }
  },
})

const killing = (side: Side): Fault => ({
  name: `SIGKILL of who ${side}s`,
  way: "direct",
  loses: "connection",
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
  onRelay(
    "delay",
    (cell) => (cell.relay.latency = 60),
    (cell) => (cell.relay.latency = 0),
  ),
  onRelay(
    "bandwidth",
    (cell) => (cell.relay.bandwidth = 1_000_000),
    (cell) => (cell.relay.bandwidth = Infinity),
  ),
  onRelay(
    "split",
    (cell) => (cell.relay.splits = true),
    (cell) => (cell.relay.splits = false),
  ),
  {
    name: "stall",
    way: "relay",
    loses: "nothing",
    stalls: true,
    strike: async ({ relay }) => {
      relay.stalls = true
      await delay(LASTING)
      relay.stalls = false
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
      for (let times = 0; times < 2; times++) {
        cell.relay.swallow()
        await cell.flow(20)
      }
    },
  },
  {
    name: "refused",
    way: "relay",
    loses: "connection",
    strike: async ({ relay }) => {
      relay.refuse()
      relay.cut("RST")
      await delay(LASTING)
      await relay.listen()
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
  { name: "port taken", way: "direct", loses: "connection", strike: takePort },
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
      cell.relay.swallow()
      await cell.flow(20)
    },
  },
  {
    name: "IPv6 only",
    way: "version6",
    needsRoot: true,
    loses: "connection",
    strike: async (cell) => {
      await cell.replace("bind")
      await cell.flow(20)
    },
  },
]
