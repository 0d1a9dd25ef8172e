// The two sides of a round, the relay between them, and what they have told so far.
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { Chance } from "../fuzz/chance.js"
import { fromRoot } from "../interop/package-root.js"
import { eventually, within } from "../suites/deadline.js"
import type { Order, PatternName, Report, Role, SidePlan, Tally } from "./protocol.js"
import { Relay } from "./relay.js"

export type Pairing = Readonly<Record<Role, SidePlan["library"]>>

export interface Setting {
  readonly options?: SidePlan["options"]
  readonly ipv6?: boolean
  /** What a program is started by, in place of its own name: a shell that prepares its surroundings. */
  readonly wrap?: Partial<Record<Role, string>>
  /** The name that the dialler knows the relay by. */
  readonly hostname?: string
}

interface Side {
  readonly role: Role
  readonly name: string
  readonly child: ChildProcess
  endpoint: string | undefined
  refusals: number
  tally: Tally | undefined
}

export class Stage {
  readonly violations: string[] = []
  readonly relay: Relay
  readonly sides: Side[] = []
  kills = 0
  readonly #pattern: PatternName
  readonly #pairing: Pairing
  readonly #setting: Setting

  constructor(pattern: PatternName, pairing: Pairing, setting: Setting, seed: number) {
    this.#pattern = pattern
    this.#pairing = pairing
    this.#setting = setting
    this.relay = new Relay(new Chance(seed), setting.ipv6 ? "::1" : "127.0.0.1")
  }

  async start(): Promise<void> {
    await this.relay.listen()
    const host = this.#setting.ipv6 ? "[::1]" : "127.0.0.1"
    this.open("bound", `tcp://${host}:*`)
    await this.bound()
    this.open("dialler", `tcp://${this.#setting.hostname ?? host}:${this.relay.port}`)
  }

  async bound(): Promise<void> {
    const side = this.side("bound")
    await eventually(async () => side.endpoint !== undefined, `${side.name} to bind`)
    this.relay.targetPort = Number(side.endpoint?.split(":").at(-1))
  }

  side(role: Role): Side {
    return this.sides.filter((side) => side.role === role).at(-1) as Side
  }

  get sender(): Side {
    return this.side(this.#pattern === "publish" ? "bound" : "dialler")
  }

  get receiver(): Side {
    return this.side(this.#pattern === "publish" ? "dialler" : "bound")
  }

  tell(side: Side, order: Order): void {
    side.child.send(order)
  }

  open(role: Role, endpoint: string): Side {
    const name = `${role}${this.sides.length}`
    const plan: SidePlan = {
      name,
      role,
      pattern: this.#pattern,
      library: this.#pairing[role],
      endpoint,
      options: { ipv6: this.#setting.ipv6 ?? false, ...this.#setting.options },
    }
    const program = [process.execPath, fromRoot("build/test/chaos/side.js"), JSON.stringify(plan)]
    const prepare = this.#setting.wrap?.[role] ?? 'exec "$@"'
    const child = spawn("sh", ["-c", prepare, "sh", ...program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    const side: Side = { role, name, child, endpoint: undefined, refusals: 0, tally: undefined }
    child.on("message", (report: Report) => this.#hear(side, report))
    this.sides.push(side)
    return side
  }

  async kill(side: Side): Promise<void> {
    this.kills++
    side.child.kill("SIGKILL")
    await once(side.child, "exit")
  }

  /** Waits until a message that is sent from now on arrives, and, where there are answers, its answer. */
  async flows(): Promise<void> {
    const { sender, receiver } = this
    const answered = this.#pattern === "dealer"
    await eventually(async () => sender.tally, `${sender.name} to tell`)
    const { tally } = sender
    await eventually(async () => sender.tally !== tally, `${sender.name} to tell again`)
    const from = sender.tally as Tally
    await eventually(
      async () => {
        if (this.#pattern === "request") return (sender.tally?.received ?? 0) > from.received + 10
        const mark = from.lastSent.number + 10
        return (
          (receiver.tally?.last[sender.name] ?? 0) > mark &&
          (!answered || (sender.tally?.last[sender.name] ?? 0) > mark)
        )
      },
      `messages from ${sender.name} to ${receiver.name}: ${JSON.stringify([sender.tally, receiver.tally])}`,
    )
  }

  /** Lets the last message arrive, and both sides end: by themselves, with nothing left. */
  async finish(): Promise<void> {
    const { sender, receiver } = this
    this.tell(sender, "stop")
    await eventually(async () => sender.tally?.stopped, `${sender.name} to stop`)
    const last = sender.tally?.lastSent as Tally["lastSent"]
    const has = (side: Side): boolean => side.tally?.last[last.sender] === last.number
    const answered = this.#pattern === "dealer"
    await eventually(
      async () => last.number === 0 || (has(receiver) && (!answered || has(sender))),
      `the last message, ${last.sender} ${last.number}, to arrive`,
    )
    for (const side of [sender, receiver]) {
      const gone = once(side.child, "exit")
      this.tell(side, "end")
      const [code, signal] = await within(gone, `${side.name} to end`)
      if (code !== 0) this.violations.push(`end: ${side.name} ended with ${code ?? signal}`)
    }
  }

  close(): void {
    for (const { child } of this.sides) if (child.exitCode === null) child.kill("SIGKILL")
    this.relay.close()
  }

  #hear(side: Side, report: Report): void {
    if (report.said === "bound") side.endpoint = report.endpoint
    else if (report.said === "refused") side.refusals++
    else if (report.said === "tally") side.tally = report.tally
    else this.violations.push(report.text)
  }
}
