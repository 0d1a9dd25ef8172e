// One fault, one pattern, one pairing of libraries: two players, what is between them, and the books of what came.
import { Chance } from "../fuzz/chance.js"
import { eventually } from "../suites/deadline.js"
import { Account } from "./account.js"
import type { Fault } from "./faults.js"
import { Namespace } from "./namespaces.js"
import { type Listener, PlayerProcess, type Wrapping } from "./player-process.js"
import { type PatternName, type PlayerPlan, type Side, sides } from "./protocol.js"
import { Relay } from "./relay.js"

export interface CellPlan {
  readonly fault: Fault
  readonly pattern: PatternName
  readonly libraries: Readonly<Record<Side, PlayerPlan["library"]>>
  readonly seed: number
}

/** Which sides receive, and how letters may come there. */
const COURSES = {
  push: { bind: "runs" },
  publish: { connect: "rising" },
  dealer: { bind: "runs", connect: "rising" },
  request: { bind: "runs", connect: "rising" },
} as const satisfies Record<PatternName, Partial<Record<Side, "runs" | "rising">>>

export const MARK = 50

/** From before a fault until everything arrived again, by author. */
export interface Window {
  readonly before: ReadonlyMap<number, number>
  readonly after: ReadonlyMap<number, number>
}

export class Cell implements AsyncDisposable {
  readonly plan: CellPlan
  readonly chance: Chance
  readonly relay: Relay
  readonly violations: string[] = []
  readonly accounts: ReadonlyMap<Side, Account>
  /** All that have ever played, in the order of their numbers. */
  readonly players: PlayerProcess[] = []
  readonly windows: Window[] = []
  /** How the players of each side are started. */
  readonly wrappings: Record<Side, Wrapping> = {
    connect: { command: [], flags: [] },
    bind: { command: [], flags: [] },
  }
  namespace: Namespace | undefined
  /** The host that the connecting side is told, where it is not an address. */
  hostName: string | undefined
  /** Lets the name be found, or not. */
  nameHost: ((isThere: boolean) => void) | undefined
  readonly #now: Map<Side, PlayerProcess> = new Map()
  readonly #disposables: (() => void)[] = []
  #relayPort = 0

  constructor(plan: CellPlan) {
    this.plan = plan
    this.chance = new Chance(plan.seed)
    this.relay = new Relay(this.chance)
    const courses: Partial<Record<Side, "runs" | "rising">> = COURSES[plan.pattern]
    this.accounts = new Map(
      sides.flatMap((side) => {
        const course = courses[side]
        return course === undefined ? [] : [[side, new Account(course)] as const]
      }),
    )
  }

  get name(): string {
    const { fault, pattern, libraries } = this.plan
    return `${fault.name}, ${pattern}, ${libraries.connect} to ${libraries.bind}`
  }

  player(side: Side): PlayerProcess {
    return this.#now.get(side) as PlayerProcess
  }

  /** The author of this number has not been replaced. */
  isPlaying(number: number): boolean {
    return [...this.#now.values()].some(({ plan }) => plan.number === number)
  }

  /** Whatever happens, this is done in the end. */
  onEnd(task: () => void): void {
    this.#disposables.push(task)
  }

  /** Both players are there, and letters arrive. */
  async start(): Promise<void> {
    const { fault, seed } = this.plan
    if (fault.way === "wire" || fault.way === "version6") {
      this.namespace = new Namespace(fault.way === "wire" ? "faulty" : "version6", seed)
      const command = await this.namespace.entrance()
      for (const side of sides) this.wrappings[side] = { command, flags: [] }
    }
    await fault.prepare?.(this)
    this.open("bind")
    await this.bound()
    if (fault.way === "relay") await this.#lead()
    this.open("connect")
    await this.flow(20)
  }

  /** Starts a player, which takes the place of the one before. */
  open(side: Side): PlayerProcess {
    const { pattern, libraries, fault } = this.plan
    const listener: Listener = {
      arrived: (player, arrival) => {
        try {
          this.accounts.get(player.plan.side)?.enter(arrival)
        } catch (error) {
          this.violations.push(`${player.plan.side}: ${(error as Error).message}`)
        }
      },
      violated: (text) => this.violations.push(`${side}: ${text}`),
    }
    const plan: PlayerPlan = {
      ...{ library: libraries[side], pattern, side, endpoint: this.#endpoint(side) },
      number: this.players.length + 1,
      seed: 1 + this.chance.below(2 ** 31 - 1),
      mark: MARK,
      heartbeats: fault.heartbeats === true,
      ipv6: fault.way === "version6",
    }
    const player = new PlayerProcess(plan, this.wrappings[side], listener)
    this.players.push(player)
    this.#now.set(side, player)
    return player
  }

  /** Kills a player; another comes in its place, to the same address. */
  async replace(side: Side, meanwhile?: (port: number) => Promise<void>): Promise<void> {
    await this.player(side).kill()
    await meanwhile?.(Number(new URL(this.#endpoint("connect")).port))
    this.open(side)
    if (side === "bind" && meanwhile === undefined) await this.bound()
  }

  async bound(): Promise<void> {
    await eventually(async () => {
      this.assertClean()
      return this.player("bind").endpoint !== undefined
    }, "a player to bind")
  }

  /** So many letters more arrive wherever letters arrive. */
  async flow(letters: number): Promise<void> {
    const goals = Array.from(this.accounts.values(), (account) => account.received + letters)
    await eventually(async () => {
      this.assertClean()
      return [...this.accounts.values()].every((account, at) => account.received >= (goals[at] as number))
    }, `${letters} letters to arrive in ${this.name}`)
  }

  /** Has the fault strike, and waits until what is sent after it arrives. */
  async strike(): Promise<void> {
    const before = this.#highest()
    await this.plan.fault.strike(this)
    const sent = new Map(this.players.map((player) => [player.plan.number, player.sent.length]))
    for (const [side, account] of this.accounts) {
      const author = this.#authorFor(side)
      const { number } = author.plan
      await eventually(async () => {
        this.assertClean()
        return account.highest(number) > (sent.get(number) ?? 0)
      }, `what ${author.plan.side} sends to arrive after ${this.name}`)
    }
    this.windows.push({ before, after: this.#highest() })
  }

  /** Lets the last letters arrive and ends both players. */
  async finish(): Promise<void> {
    for (const side of sides) this.player(side).order("finish")
    for (const [side, account] of this.accounts) {
      const author = this.#authorFor(side)
      await eventually(async () => {
        this.assertClean()
        return author.last !== undefined && account.has(author.plan.number, author.last)
      }, `the last letter to ${side} in ${this.name}`)
    }
    await Promise.all(sides.map((side) => this.player(side).quit()))
    this.assertClean()
  }

  assertClean(): void {
    const [first] = this.violations
    if (first !== undefined) throw new Error(first)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const player of this.players) await player.kill()
    this.relay.close()
    await this.namespace?.[Symbol.asyncDispose]()
    for (const task of this.#disposables) task()
  }

  /** Who writes what a side receives. A REP sends back what the REQ wrote. */
  #authorFor(receiving: Side): PlayerProcess {
    const isOwn = this.plan.pattern === "request" || receiving === "bind"
    return this.player(isOwn ? "connect" : "bind")
  }

  async #lead(): Promise<void> {
    this.relay.port = portOf(this.player("bind").endpoint)
    this.#relayPort = await this.relay.listen()
  }
  #endpoint(side: Side): string {
    const { way } = this.plan.fault
    const first = this.players.find((player) => player.plan.side === "bind")?.endpoint
    if (side === "bind") {
      if (first !== undefined) return first
      const host = { wire: "10.99.0.1", version6: "[::1]", relay: "127.0.0.1", direct: "127.0.0.1" }[way]
      return `tcp://${host}:0`
    }
    if (way === "relay") return `tcp://${this.hostName ?? "127.0.0.1"}:${this.#relayPort}`
    return (first ?? "").replace("10.99.0.1", "10.99.0.2")
  }

  #highest(): Map<number, number> {
    return new Map(
      this.players.map(({ plan: { number } }) => [
        number,
        Math.max(...Array.from(this.accounts.values(), (account) => account.highest(number))),
      ]),
    )
  }
}

function portOf(endpoint: string | undefined): number {
  return Number(new URL(endpoint ?? "").port)
}
