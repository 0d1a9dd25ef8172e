// One fault, one pattern, one pairing of libraries: two players, what is between them, and the books of what came.
import { Chance } from "../fuzz/chance.js"
import { kernelBytes } from "../memory/kernel.js"
import type { Ending } from "../relay/manners.js"
import { RELAYED, Relay, targetOf } from "../relay/relay.js"
import { Account } from "./account.js"
import type { Books, Kept, Window } from "./books.js"
import type { Fault } from "./faults.js"
import { isStopped, queuedBytes } from "./kernel-queues.js"
import { Namespace } from "./namespaces.js"
import { until } from "./patience.js"
import { type Listener, PlayerProcess, type Wrapping } from "./player-process.js"
import { type PatternName, type PlayerPlan, type Side, sides } from "./protocol.js"
import { authorOf } from "./verdict.js"

export interface RoundPlan {
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

export class Round implements AsyncDisposable {
  readonly plan: RoundPlan
  readonly chance: Chance
  readonly relay: Relay
  readonly violations: string[] = []
  readonly accounts: ReadonlyMap<Side, Account>
  /** All that have ever played, in the order of their numbers. */
  readonly players: PlayerProcess[] = []
  readonly #windows: Window[] = []
  readonly #killed: Side[] = []
  readonly #kept: Kept[] = []
  /** The most that the kernel held when a connection was ended. */
  #held = 0
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

  constructor(plan: RoundPlan) {
    this.plan = plan
    this.chance = new Chance(plan.seed)
    this.relay = new Relay(plan.fault.ipv6 === true ? "::1" : "127.0.0.1")
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
      heartbeats: fault.heartbeats === true,
      ipv6: fault.way === "version6" || fault.ipv6 === true,
      isMortal: fault.kills === true,
    }
    const player = new PlayerProcess(plan, this.wrappings[side], listener)
    this.players.push(player)
    this.#now.set(side, player)
    return player
  }

  /** Kills a player; another comes in its place, to the same address. */
  async replace(side: Side, meanwhile?: (port: number) => Promise<void>): Promise<void> {
    this.#killed.push(side)
    const player = this.player(side)
    player.isDead = true
    await this.#halted(() => player.kill())
    await meanwhile?.(Number(new URL(this.#endpoint("connect")).port))
    this.open(side)
    if (side === "bind" && meanwhile === undefined) await this.bound()
  }

  /** Bytes that the kernel holds between the players, who stand still meanwhile, and while something else is done. */
  async queued(act: () => Promise<void> | void = () => {}): Promise<number> {
    if (process.platform !== "linux") {
      await act()
      return kernelBytes("tcp") * (this.plan.fault.way === "relay" ? 2 : 1)
    }
    const both = sides.map((side) => this.player(side))
    for (const player of both) player.signal("SIGSTOP")
    await until(async () => both.every(({ pid }) => isStopped(pid)), "both players to stand still")
    const ports = new Set([this.player("bind").port, this.#relayPort])
    const bytes = queuedBytes(this.player("bind").pid, ports)
    await act()
    for (const player of both) player.signal("SIGCONT")
    return bytes
  }

  /** The most bytes of one direction that a relay between the players holds. */
  get relayed(): number {
    return this.plan.fault.way === "relay" ? RELAYED : 0
  }

  /** These letters must arrive. */
  keep(kept: Kept): void {
    this.#kept.push(kept)
  }

  /** Ends all connections. */
  async cut(ending: Ending): Promise<void> {
    await this.#halted(() => this.relay.cut(ending))
  }

  /** The connections that are there lead nowhere any more. */
  async swallow(): Promise<void> {
    await this.#halted(() => this.relay.swallow())
  }

  async bound(): Promise<void> {
    await until(async () => {
      this.assertClean()
      return this.player("bind").endpoint !== undefined
    }, "a player to bind")
  }

  /** So many letters more arrive wherever letters arrive. */
  async flow(letters: number): Promise<void> {
    const goals = Array.from(this.accounts.values(), (account) => account.received + letters)
    await until(async () => {
      this.assertClean()
      return [...this.accounts.values()].every((account, at) => account.received >= (goals[at] as number))
    }, `${letters} letters to arrive in ${this.name}`)
  }

  /** Has the fault strike, and waits until what is sent after it arrives. */
  async strike(): Promise<void> {
    const before = this.#highest()
    await this.plan.fault.strike(this)
    // What arrives of what is sent from now on has come over a connection that stands.
    for (const side of sides) await this.player(side).update()
    const sent = new Map(this.players.map((player) => [player.plan.number, player.sent.length]))
    for (const [side, account] of this.accounts) {
      const author = this.#authorFor(side)
      const { number } = author.plan
      await until(async () => {
        this.assertClean()
        return account.highest(number) > (sent.get(number) ?? 0)
      }, `what ${author.plan.side} sends to arrive after ${this.name}`)
    }
    this.#windows.push({ before, after: this.#highest() })
  }

  /** Lets the last letters arrive and ends both players. */
  async finish(): Promise<void> {
    for (const side of sides) this.player(side).order("finish")
    for (const [side, account] of this.accounts) {
      const author = this.#authorFor(side)
      await until(async () => {
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

  /** All that the verdict goes by. */
  get books(): Books {
    const { fault, pattern, libraries } = this.plan
    // What a REQ gets back tells of both ways.
    const ways = [...this.accounts].filter(([side]) => pattern !== "request" || side === "connect")
    const connecting = this.players.filter(({ plan }) => plan.side === "connect")
    const retries = sum(connecting, (player) => player.retries)
    return {
      ...{ pattern, loses: fault.loses, stalls: fault.stalls === true },
      authors: ways.flatMap(([receiving, account]) =>
        this.players
          .filter(({ plan }) => plan.side === authorOf(pattern, receiving))
          .map(({ plan: { number, side }, isDead, sent, ends }) => {
            return { number, side, isDead, sent, ends, account }
          }),
      ),
      ...{ windows: this.#windows, kept: this.#kept, killed: this.#killed, retries },
      received: ways.reduce((total, [, account]) => total + account.received, 0),
      reconnects: Math.max(0, sum(connecting, (player) => player.met) - 1 - retries),
      dropped: libraries.bind === "zeromq" ? undefined : sum(this.players, (player) => player.dropped),
      underWay: this.#held + this.relayed + this.relay.swallowed,
      violations: this.violations,
    }
  }

  /** Does something while both players stand still, and looks first at what is on its way between them. */
  async #halted(act: () => Promise<void> | void): Promise<void> {
    this.#held = Math.max(this.#held, await this.queued(act))
  }

  #authorFor(receiving: Side): PlayerProcess {
    return this.player(authorOf(this.plan.pattern, receiving))
  }

  async #lead(): Promise<void> {
    this.relay.target = targetOf(this.player("bind").endpoint ?? "")
    this.#relayPort = portOf(await this.relay.listen())
  }

  get #loopback(): string {
    return this.plan.fault.ipv6 === true ? "[::1]" : "127.0.0.1"
  }

  #endpoint(side: Side): string {
    const { way } = this.plan.fault
    const first = this.players.find((player) => player.plan.side === "bind")?.endpoint
    if (side === "bind") {
      if (first !== undefined) return first
      const host = { wire: "10.99.0.1", version6: "[::1]", relay: this.#loopback, direct: this.#loopback }[
        way
      ]
      return `tcp://${host}:0`
    }
    if (way === "relay") return `tcp://${this.hostName ?? this.#loopback}:${this.#relayPort}`
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

function sum(players: readonly PlayerProcess[], count: (player: PlayerProcess) => number): number {
  return players.reduce((total, player) => total + count(player), 0)
}
