// Usage: node build/test/soak/host.js <plan as JSON>: one side of all lanes, in a process of its own.
import { readdirSync, readlinkSync } from "node:fs"
import { setPriority } from "node:os"
import { Chance } from "../fuzz/chance.js"
import { hearStarter, sayToStarter } from "../interop/lines.js"
import { openDesk } from "../letters/letter.js"
import { watchTimers } from "../memory/holdings.js"
import { eventually, patience, within } from "../suites/deadline.js"
import { DealerEnd, RouterEnd } from "./ends/dealer.js"
import type { End, Room } from "./ends/end.js"
import { FanInEnd, FanOutEnd } from "./ends/fan.js"
import { BoundPairEnd, ConnectedPairEnd } from "./ends/pair.js"
import { PublishEnd, SubscribeEnd } from "./ends/publish.js"
import { PullEnd, PushEnd } from "./ends/push.js"
import { ReplyEnd, RequestEnd } from "./ends/request.js"
import { PromiseLedger } from "./promises.js"
import type { HostPlan, LanePlan, Order, PatternName, Report, Side } from "./protocol.js"
import { PulseTaker } from "./pulse.js"

const ends: Record<PatternName, Record<Side, new (room: Room) => End>> = {
  push: { bind: PullEnd, connect: PushEnd },
  fan: { bind: FanOutEnd, connect: FanInEnd },
  dealer: { bind: RouterEnd, connect: DealerEnd },
  request: { bind: ReplyEnd, connect: RequestEnd },
  publish: { bind: PublishEnd, connect: SubscribeEnd },
  pair: { bind: BoundPairEnd, connect: ConnectedPairEnd },
}

/** Senders of one host; the next host's begin behind them. */
const SENDERS = 100_000
const TALLY_INTERVAL = 200
const PULSE_INTERVAL = 1000

const say = (report: Report): void => sayToStarter(report)

const plan = JSON.parse(process.argv[2] ?? "") as HostPlan
const desk = openDesk(new Chance(plan.seed))
let senders = plan.number * SENDERS
const stage = new Map<string, End>()

function open(lane: LanePlan): End {
  return new ends[lane.pattern][plan.side]({
    lane,
    desk,
    floors: plan.floors[lane.name] ?? [],
    folder: plan.folder,
    largestMark: plan.largestMark,
    nextSender: () => ++senders,
    bound: (endpoint) => say({ report: "bound", lane: lane.name, endpoint }),
    violate: (text) => say({ report: "violation", lane: lane.name, text }),
  })
}

function tally(): void {
  say({
    report: "tally",
    tallies: Array.from(stage.values(), (end) => end.tally),
    floors: Object.fromEntries(Array.from(stage, ([name, end]) => [name, end.floors])),
  })
}

/** Names the lane that does not, before the troupe has lost its patience. */
function finish([name, end]: [string, End]): ReturnType<End["finish"]> {
  return within(end.finish(), `${name} to be finished`, patience * 0.75)
}

async function obey(order: Order): Promise<void> {
  const all = [...stage.values()]
  switch (order.order) {
    case "calm":
      for (const end of all) end.calm()
      say({ report: "calm" })
      return
    case "finish":
      say({ report: "finished", last: (await Promise.all(Array.from(stage, finish))).flat() })
      return
    case "expect":
      await stage.get(order.last.lane)?.arrived(order.last)
      say({ report: "arrived", last: order.last })
      return
    case "rest":
      say({ report: "rest", pulse: pulses.take() })
      return
    case "quit":
      for (const timer of timers) clearInterval(timer)
      pulses.stop()
      await Promise.all(all.map((end) => end.close()))
      tally()
      await leaveNothing()
      // Nothing holds this process any more: if it does not end now something was left open.
      stopHearing()
  }
}

/** The connections that are open besides those that were at first: of this process with its starter. */
function openFiles(first: ReadonlySet<string>): string[] {
  try {
    const files = readdirSync("/proc/self/fd").flatMap((file) => {
      try {
        return [readlinkSync(`/proc/self/fd/${file}`)]
      } catch {
        // That of the listing itself.
        return []
      }
    })
    return files.filter((file) => file.startsWith("socket:") && !first.has(file))
  } catch {
    return []
  }
}

async function leaveNothing(): Promise<void> {
  await eventually(async () => promises.pending === 0, "all promises to be settled").catch(() => {
    const text = `${promises.pending} of ${promises.made} promises were never settled`
    say({ report: "violation", lane: plan.side, text })
  })
  await eventually(async () => openFiles(filesAtFirst).length === 0, "all connections to be closed").catch(
    () => {
      say({ report: "violation", lane: plan.side, text: `left open: ${openFiles(filesAtFirst).join(", ")}` })
    },
  )
  say({ report: "closed", promises: { made: promises.made, pending: promises.pending } })
}

process.on("uncaughtException", (error) => {
  say({ report: "violation", lane: plan.side, text: `uncaught: ${error.stack}` })
})
const stopHearing = hearStarter<Order>((order) => {
  obey(order).catch((error: Error) => {
    say({ report: "violation", lane: plan.side, text: `${order.order}: ${error.stack}` })
  })
})
const filesAtFirst: ReadonlySet<string> = new Set(openFiles(new Set()))
const promises = new PromiseLedger()
promises.watch()
watchTimers()
setPriority(plan.niceness)
const pulses = new PulseTaker(() => promises.pending)
const timers = [
  setInterval(tally, TALLY_INTERVAL),
  setInterval(() => say({ report: "pulse", pulse: pulses.take() }), PULSE_INTERVAL),
]
for (const lane of plan.lanes) stage.set(lane.name, open(lane))
for (const end of stage.values()) end.start()
