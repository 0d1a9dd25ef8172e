// A player as its round sees it.
import { fileURLToPath } from "node:url"
import { Talker } from "../interop/lines.js"
import { until } from "./patience.js"
import type { Arrival, Order, PlayerPlan, Report } from "./protocol.js"

const script = fileURLToPath(new URL("player.js", import.meta.url))

/** How a player is started: by which command, if not at once, and with which arguments for Node. */
export interface Wrapping {
  readonly command: readonly string[]
  readonly flags: readonly string[]
}

export interface Listener {
  readonly arrived: (player: PlayerProcess, arrival: Arrival) => void
  readonly violated: (text: string) => void
}

export class PlayerProcess {
  readonly plan: PlayerPlan
  /** Sizes of the letters that were accepted. */
  readonly sent: number[] = []
  /** The letter that it was at, at each end of a connection. */
  readonly ends: number[] = []
  met = 0
  retries = 0
  dropped = 0
  /** How often the place to bind to was found taken. */
  taken = 0
  endpoint: string | undefined
  /** The number of its last letter, once that was accepted. */
  last: number | undefined
  isClosed = false
  /** It was killed while others went on. */
  isDead = false
  #told = 0
  readonly #talker: Talker<Order, Report>
  readonly #listener: Listener

  constructor(plan: PlayerPlan, { command, flags }: Wrapping, listener: Listener) {
    this.plan = plan
    this.#listener = listener
    const [first, ...others] = [...command, process.execPath, ...flags, script, JSON.stringify(plan)]
    this.#talker = new Talker(first as string, others, (report) => this.#hear(report))
  }

  get port(): number {
    return Number(new URL(this.endpoint ?? "").port)
  }

  get pid(): number {
    return this.#talker.pid ?? 0
  }

  order(order: Order["order"]): void {
    this.#talker.say({ order })
  }

  signal(name: NodeJS.Signals): void {
    this.#talker.signal(name)
  }

  /** Waits until all that the player has done up to now is known. */
  async update(): Promise<void> {
    const told = this.#told
    this.order("tell")
    await until(async () => this.#told > told, "a player to tell what it has done")
  }

  /** Ends the player as it should end: with everything settled, and by itself. */
  async quit(): Promise<void> {
    this.order("quit")
    await this.#talker.success()
    if (!this.isClosed) throw new Error("A player ended without having closed its socket")
  }

  kill(): Promise<void> {
    return this.#talker[Symbol.asyncDispose]()
  }

  #hear(report: Report): void {
    switch (report.report) {
      case "bound":
        this.endpoint = report.endpoint
        return
      case "taken":
        this.taken++
        return
      case "violation":
        this.#listener.violated(report.text)
        return
      case "told":
        this.#told++
        return
      case "finished":
        this.last = report.sequence
        return
      case "closed":
        this.isClosed = true
        return
      case "progress":
        this.sent.push(...report.sent)
        this.ends.push(...report.ends)
        this.met = report.met
        this.retries = report.retries
        this.dropped = report.dropped
        for (const arrival of report.received) this.#listener.arrived(this, arrival)
    }
  }
}
