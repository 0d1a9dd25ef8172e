// Two hosts, the lanes between them and the relays that those go through.
import { join } from "node:path"
import { Chance } from "../fuzz/chance.js"
import { startTalker, type Talker } from "../interop/lines.js"
import { moody } from "../relay/manners.js"
import { Relay, targetOf } from "../relay/relay.js"
import { eventually } from "../suites/deadline.js"
import type { HostPlan, LanePlan, LastWord, Order, Report, Side, Tally } from "./protocol.js"
import { patterns } from "./protocol.js"
import type { Pulse } from "./pulse.js"

const hostScript = new URL("host.js", import.meta.url)
/** Connecting sockets of a lane; a PAIR has one peer. */
const CLIENTS = 2
/** Looks at the relays, one every few milliseconds, that must all find them settled. */
const QUIET_LOOKS = 100

interface Host {
  readonly side: Side
  readonly talker: Talker<Order, Report>
  readonly tallies: Map<string, Tally>
  readonly pulses: Pulse[]
  floors: HostPlan["floors"]
  readonly said: Report[]
}

/** What a host was like: every second of its life, and when all letters had arrived. */
export interface HostPulses {
  readonly side: Side
  readonly during: readonly Pulse[]
  readonly atRest: Pulse | undefined
  /** Promises that its sockets gave, once all were closed. */
  readonly promises: { readonly made: number; readonly pending: number } | undefined
}

/** The sum of what happened on one lane. */
export interface LaneResult {
  readonly name: string
  readonly plan: LanePlan
  readonly sent: number
  readonly received: number
  readonly gaps: number
  readonly lost: number
  readonly lostBytes: number
  readonly largestGap: number
  readonly reopened: number
  readonly abandoned: number
  /** Connections that ended. */
  readonly ended: number
}

export interface TroupePlan {
  readonly name: string
  readonly seed: number
  readonly folder: string
  readonly niceness: number
  readonly largestMark: number
}

export class Troupe implements AsyncDisposable {
  readonly name: string
  readonly violations: string[] = []
  kills = 0
  readonly #chance: Chance
  readonly #plan: TroupePlan
  readonly #lanes: LanePlan[] = []
  readonly #relays: Map<string, Relay[]> = new Map()
  readonly #hosts: Map<Side, Host> = new Map()
  /** What hosts that were killed had counted. */
  readonly #past: Tally[] = []
  #numbers = 0

  constructor(plan: TroupePlan) {
    this.name = plan.name
    this.#chance = new Chance(plan.seed)
    this.#plan = plan
  }

  async start(firstNumber: number): Promise<void> {
    this.#numbers = firstNumber
    for (const transport of ["tcp", "ipc"] as const) {
      for (const pattern of patterns) {
        const name = `${this.name}-${pattern}-${transport}`
        const relays = Array.from({ length: pattern === "pair" ? 1 : CLIENTS }, () => this.#relay())
        this.#relays.set(name, relays)
        const paths = relays.map((_, at) =>
          transport === "tcp" ? undefined : join(this.#plan.folder, `${name}-relay-${at}`),
        )
        const endpoints = await Promise.all(relays.map((relay, at) => relay.listen(paths[at])))
        this.#lanes.push({ name, pattern, transport, relays: endpoints })
      }
    }
    for (const side of ["bind", "connect"] as const) this.#open(side, {})
  }

  /** Kills one host at random, and starts another in its place. */
  async kill(): Promise<void> {
    const side = this.#chance.below(2) === 0 ? "bind" : "connect"
    const host = this.#hosts.get(side) as Host
    this.kills++
    await host.talker[Symbol.asyncDispose]()
    this.#past.push(...host.tallies.values())
    this.#open(side, host.floors)
  }

  /** Lets what is left arrive and ends the hosts; what does not is a violation. */
  async finish(): Promise<void> {
    for (const relays of this.#relays.values()) for (const relay of relays) relay.calm()
    await this.#all({ order: "calm" }, "calm")
    await this.#settle()
    const finished = await this.#all({ order: "finish" }, "finished")
    const last = finished.flatMap((report) => (report.report === "finished" ? report.last : []))
    for (const word of last) this.#opposite(word)?.talker.say({ order: "expect", last: word })
    for (const word of last) await this.#heard(word)
    await this.#all({ order: "rest" }, "rest")
    for (const { talker } of this.#hosts.values()) talker.say({ order: "quit" })
    for (const { talker } of this.#hosts.values()) await talker.success()
  }

  get pulses(): HostPulses[] {
    return Array.from(this.#hosts.values(), ({ side, pulses, said }) => {
      const rest = said.find((report) => report.report === "rest")
      const closed = said.find((report) => report.report === "closed")
      return {
        side,
        during: pulses,
        atRest: rest?.report === "rest" ? rest.pulse : undefined,
        promises: closed?.report === "closed" ? closed.promises : undefined,
      }
    })
  }

  get results(): LaneResult[] {
    const tallies = [
      ...this.#past,
      ...Array.from(this.#hosts.values(), (host) => [...host.tallies.values()]).flat(),
    ]
    return this.#lanes.map((plan) => {
      const { name } = plan
      const own = tallies.filter(({ lane }) => lane === name)
      const sum = (count: (tally: Tally) => number): number =>
        own.reduce((total, tally) => total + count(tally), 0)
      return {
        name,
        plan,
        sent: sum(({ sent }) => sent),
        received: sum(({ received }) => received),
        gaps: sum(({ gaps }) => gaps),
        lost: sum(({ lost }) => lost),
        lostBytes: sum(({ lostBytes }) => lostBytes),
        largestGap: Math.max(0, ...own.map(({ largestGap }) => largestGap)),
        reopened: sum(({ reopened }) => reopened),
        abandoned: sum(({ abandoned }) => abandoned),
        ended: (this.#relays.get(name) ?? []).reduce((total, { ended }) => total + ended, 0),
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { talker } of this.#hosts.values()) await talker[Symbol.asyncDispose]()
    for (const relays of this.#relays.values()) for (const relay of relays) relay.close()
  }

  #relay(): Relay {
    const relay = new Relay()
    relay.manner = moody(new Chance(this.#chance.below(2 ** 31)))
    return relay
  }

  #open(side: Side, floors: HostPlan["floors"]): void {
    const { folder, niceness, largestMark } = this.#plan
    const plan: HostPlan = {
      folder,
      niceness,
      largestMark,
      seed: this.#chance.below(2 ** 31),
      side,
      number: ++this.#numbers,
      lanes: this.#lanes,
      floors,
    }
    const host: Host = {
      side,
      talker: startTalker(hostScript, [JSON.stringify(plan)], (report: Report) => this.#hear(host, report)),
      tallies: new Map(),
      pulses: [],
      floors,
      said: [],
    }
    this.#hosts.set(side, host)
  }

  #hear(host: Host, report: Report): void {
    switch (report.report) {
      case "bound":
        for (const relay of this.#relays.get(report.lane) ?? []) relay.target = targetOf(report.endpoint)
        return
      case "violation":
        this.violations.push(`${report.lane} (${host.side}): ${report.text}`)
        return
      case "tally":
        for (const tally of report.tallies) host.tallies.set(tally.lane, tally)
        host.floors = report.floors
        return
      case "pulse":
        host.pulses.push(report.pulse)
        return
      default:
        host.said.push(report)
    }
  }

  /** Tells all hosts, and waits for what each of them says then. */
  async #all(order: Order, answer: Report["report"]): Promise<Report[]> {
    for (const { talker } of this.#hosts.values()) talker.say(order)
    return Promise.all(
      Array.from(this.#hosts.values(), (host) =>
        eventually(
          async () => host.said.find(({ report }) => report === answer),
          `the ${host.side} side of ${this.name} to be ${answer}`,
        ),
      ),
    )
  }

  async #settle(): Promise<void> {
    let looks = 0
    const unsettled = (): string[] =>
      Array.from(this.#relays).flatMap(([name, relays]) =>
        relays.every(({ settled }) => settled) ? [] : [name],
      )
    try {
      await eventually(async () => {
        looks = unsettled().length === 0 ? looks + 1 : 0
        return looks >= QUIET_LOOKS
      }, "all connections to stand")
    } catch (error) {
      throw new Error(`These never got their connections again: ${unsettled().join(", ")}`, { cause: error })
    }
  }

  /** The host on the other side of the one that a letter came from. */
  #opposite(word: LastWord): Host | undefined {
    const from = [...this.#hosts.values()].find(({ said }) =>
      said.some((report) => report.report === "finished" && report.last.some(isSame(word))),
    )
    return this.#hosts.get(from?.side === "bind" ? "connect" : "bind")
  }

  async #heard(word: LastWord): Promise<void> {
    const arrived = this.#opposite(word)
    await eventually(
      async () => arrived?.said.some((report) => report.report === "arrived" && isSame(word)(report.last)),
      `the last letter of ${word.sender} to arrive on ${word.lane}`,
    )
  }
}

function isSame(one: LastWord): (other: LastWord) => boolean {
  return (other) => one.sender === other.sender && one.sequence === other.sequence
}
