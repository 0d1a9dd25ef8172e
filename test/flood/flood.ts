// One attack: the attacked and the attackers in processes of their own, honest peers here.
import { type ChildProcess, fork } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { fromRoot } from "../interop/package-root.js"
import type { Holdings } from "../memory/holdings.js"
import { within } from "../suites/deadline.js"
import { boundOf, defaultLimits, type Limits } from "./bounds.js"
import { HonestPeers, type Service } from "./honest.js"
import {
  type AttackerPlan,
  type AttackName,
  LARGEST_FRAME,
  type Seen,
  type ServerPlan,
  type ServerReport,
} from "./plan.js"

export interface Flood {
  readonly attack: AttackName
  readonly connections: number
  readonly milliseconds: number
  readonly limits?: Partial<Limits>
}

export interface FloodResult extends Service {
  /** Bytes that the attacked held more than before, at most. */
  readonly risen: number
  readonly bound: number
  /** Its files at the most. */
  readonly files: number
  readonly seen: Seen
}

/** How long all attackers may take to connect, in milliseconds. */
const COMING = 60_000
/** How often the attacked is asked what it holds, in milliseconds. */
const LOOK = 500

export function kindFor(attack: AttackName): ServerPlan["kind"] {
  return attack === "endless-subscriptions" || attack === "unread-publications" ? "Publisher" : "Router"
}

/** Throws when the attacked ends, or when an honest peer is not served. */
export async function flood({ attack, connections, milliseconds, limits = {} }: Flood): Promise<FloodResult> {
  const kind = kindFor(attack)
  const server = start("server", { kind, options: optionsOf(kind, limits) } satisfies ServerPlan)
  const { address } = (await told(server)) as { address: string }
  const honest = new HonestPeers(kind, address)
  let attacker: ChildProcess | undefined
  try {
    await honest.come()
    const before = await look(server)
    attacker = start("attacker", { attack, address, connections } satisfies AttackerPlan)
    // From then on the time is counted.
    let end = Infinity
    attacker.once("message", () => {
      end = performance.now() + milliseconds
    })
    const serving = honest.goOn(() => performance.now() > end)
    // What went wrong is thrown below.
    serving.catch(() => {
      end = 0
    })
    const tooLate = performance.now() + milliseconds + COMING
    let risen = 0
    let files = 0
    let seen = before.seen
    while (performance.now() < end) {
      if (performance.now() > tooLate) throw new Error("The attackers never came.")
      await delay(LOOK)
      const now = await look(server)
      risen = Math.max(risen, now.holdings.memory - before.holdings.memory)
      files = Math.max(files, now.holdings.files)
      seen = now.seen
    }
    const bound = boundOf(attack, connections, { ...defaultLimits, ...limits })
    return { ...(await serving), risen, bound, files, seen }
  } finally {
    honest.leave()
    attacker?.kill("SIGKILL")
    server.kill("SIGKILL")
  }
}

/** A socket has not all options of the others. */
function optionsOf(kind: ServerPlan["kind"], limits: Partial<Limits>): object {
  const { maxSubscriptions, receiveHighWaterMark, ...others } = limits
  const shared = { ...others, maxMessageSize: LARGEST_FRAME }
  return kind === "Publisher" ? { ...shared, maxSubscriptions } : { ...shared, receiveHighWaterMark }
}

export function start(program: "server" | "attacker", plan: object): ChildProcess {
  return fork(fromRoot(`build/test/flood/${program}.js`), [JSON.stringify(plan)])
}

/** The next that the attacked says. */
export function told(server: ChildProcess): Promise<ServerReport> {
  const report = new Promise<ServerReport>((resolve, reject) => {
    const end = (): void => reject(new Error("The attacked has ended."))
    server.once("exit", end)
    server.once("message", (message) => {
      server.off("exit", end)
      resolve(message as ServerReport)
    })
  })
  return within(report, "word of the attacked", 60_000)
}

async function look(server: ChildProcess): Promise<{ seen: Seen; holdings: Holdings }> {
  server.send("holdings")
  return (await told(server)) as { seen: Seen; holdings: Holdings }
}

export async function eventsOf(server: ChildProcess): Promise<Seen> {
  server.send("events")
  return ((await told(server)) as { seen: Seen }).seen
}
