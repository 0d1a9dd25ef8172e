// Usage: node build/test/chaos/player.js <plan as JSON>: one socket of a round, in a process of its own.
import { hearStarter, sayToStarter } from "../interop/lines.js"
import { within } from "../suites/deadline.js"
import { loadZeromq, puremq } from "../suites/library.js"
import { play } from "./parts.js"
import type { Order, PlayerPlan, Report } from "./protocol.js"
import { Stage } from "./stage.js"

const REPORT_INTERVAL = 20
/** Milliseconds within which everything that is pending is settled by the end of its socket. */
const LONGEST_END = 10_000

const say = (report: Report): void => sayToStarter(report)
const plan = JSON.parse(process.argv[2] ?? "") as PlayerPlan
const library = plan.library === "puremq" ? puremq : loadZeromq()
if (typeof library === "string") throw new Error(library)

function violate(error: unknown): void {
  say({ report: "violation", text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

async function obey({ order }: Order): Promise<void> {
  switch (order) {
    case "tell":
      say(stage.progress())
      say({ report: "told" })
      return
    case "hold":
    case "read":
      stage.holds = order === "hold"
      return
    case "rush":
    case "pace":
      stage.rushes = order === "rush"
      return
    case "finish":
      stage.isFinishing = true
      return
    case "quit":
      stage.close()
      await within(part, "everything to be settled", LONGEST_END)
      clearInterval(timer)
      say(stage.progress())
      await within(stage.end(), "the context to end", LONGEST_END)
      say({ report: "closed" })
      // Nothing holds this process any more: if it does not end now something was left open.
      stopHearing()
  }
}

process.on("uncaughtException", violate)
process.on("unhandledRejection", violate)
const stopHearing = hearStarter<Order>((order) => void obey(order).catch(violate))
const stage = new Stage(plan, library.zmq, say)
const part = play(stage).catch(violate)
const timer = setInterval(() => say(stage.progress()), REPORT_INTERVAL)
