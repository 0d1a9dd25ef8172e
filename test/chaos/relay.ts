// A relay that does one harm to all that goes through it, until it is told to do another.
import { once } from "node:events"
import net from "node:net"
import type { Chance } from "../fuzz/chance.js"

/**
 * How bytes pass: at once, later, in odd pieces at odd times, slowly, not for now, or never: swallowed, with the
 * connection standing. `refuse` hangs up on who comes; who is there stays.
 */
export type Weather = "clear" | "delay" | "split" | "throttle" | "stall" | "swallow" | "refuse"
export type Cut = "end" | "reset"

const DELAY = 40
/** Milliseconds of a piece, and how much passes in one of them when there is little room. */
const STEP = 10
const STEP_BYTES = 2000

interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
  /** Nothing of it will arrive any more. */
  lost: boolean
}

export class Relay {
  opened = 0
  ended = 0
  weather: Weather = "clear"
  port = 0
  readonly #chance: Chance
  readonly #host: string
  readonly #server: net.Server
  readonly #pairs: Set<Pair> = new Set()
  targetPort = 0

  constructor(chance: Chance, host: string) {
    this.#chance = chance
    this.#host = host
    this.#server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#open(near))
  }

  async listen(): Promise<void> {
    this.#server.listen(0, this.#host)
    await once(this.#server, "listening")
    this.port = (this.#server.address() as net.AddressInfo).port
  }

  get standing(): number {
    return this.#pairs.size
  }

  /** Ends all connections: what was passed on arrives, or is thrown away. */
  cut(how: Cut): void {
    for (const pair of this.#pairs) {
      pair.lost = true
      for (const socket of [pair.near, pair.far]) {
        if (how === "reset") socket.resetAndDestroy()
        else socket.end(() => socket.destroy())
      }
    }
  }

  close(): void {
    this.#server.close()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  #open(near: net.Socket): void {
    if (this.weather === "refuse") {
      near.destroy()
      return
    }
    this.opened++
    const far = net.connect({ host: this.#host, port: this.targetPort, allowHalfOpen: true, noDelay: true })
    const pair: Pair = { near, far, lost: this.weather === "swallow" }
    this.#pairs.add(pair)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => {})
      one.once("close", () => {
        other.destroy()
        if (this.#pairs.delete(pair)) this.ended++
      })
      void this.#pump(pair, one, other).catch(() => one.destroy())
    }
  }

  async #pump(pair: Pair, from: net.Socket, to: net.Socket): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (this.weather === "swallow") pair.lost = true
      if (pair.lost) continue
      for (const piece of this.#pieces(chunk)) {
        await this.#wait(pair)
        if (!to.destroyed && !to.writableEnded && !to.write(piece)) {
          await Promise.race([once(to, "drain"), once(to, "close")])
        }
      }
    }
    to.end()
  }

  #pieces(chunk: Buffer): Buffer[] {
    const most = this.weather === "throttle" ? STEP_BYTES : this.weather === "split" ? 700 : chunk.length
    const pieces: Buffer[] = []
    for (let at = 0; at < chunk.length; ) {
      const length = this.weather === "split" ? 1 + this.#chance.below(most) : most
      pieces.push(chunk.subarray(at, at + length))
      at += length
    }
    return pieces
  }

  async #wait(pair: Pair): Promise<void> {
    const { weather } = this
    if (weather === "delay") await sleep(DELAY)
    else if (weather === "throttle") await sleep(STEP)
    else if (weather === "split" && this.#chance.below(8) === 0) await sleep(this.#chance.below(STEP))
    while (this.weather === "stall" && !pair.lost) await sleep(STEP)
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
