// A relay between a player that connects and one that binds, with the faults of a network on demand. It changes no byte.
import net from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import type { Chance } from "../fuzz/chance.js"

export type Ending = "FIN" | "RST"

/** One direction of a connection: what came from one side and waits for its time to go to the other. */
interface Way {
  readonly from: net.Socket
  readonly to: net.Socket
  readonly queue: { readonly chunk: Buffer; readonly due: number }[]
  queued: number
  isMoving: boolean
}

interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
  /** Takes bytes in and lets none out, and nobody sees a connection end. */
  swallows: boolean
}

/** What a way holds at most before it stops reading, in bytes. */
export const RELAYED = 1 << 18
const SPLIT_SIZE = 7
/** Only so much of a read is split finely, else nothing else would be done. */
const SPLIT_BYTES = 2000

export class Relay {
  /** Where connections are led to. */
  port = 0
  /** Connections that came through to the other side. */
  accepted = 0
  /** The longest that a byte is kept, in milliseconds; each chunk waits for a time of its own, and none overtakes. */
  latency = 0
  /** Bytes that go through in a second, each way. */
  bandwidth: number = Infinity
  /** Let bytes go on in pieces that end anywhere. */
  splits = false
  /** Let nothing go on: what is not read here waits at its sender. */
  stalls = false
  readonly #chance: Chance
  readonly #host: string
  #server: net.Server | undefined
  #ownPort = 0
  readonly #pairs: Set<Pair> = new Set()

  constructor(chance: Chance, host = "127.0.0.1") {
    this.#chance = chance
    this.#host = host
  }

  /** Listens, always on the same port, which is returned. */
  async listen(): Promise<number> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#open(near))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen(this.#ownPort, this.#host, resolve)
    })
    return (this.#ownPort = (server.address() as net.AddressInfo).port)
  }

  /** Connections are refused from now on; those that are there stay. */
  refuse(): void {
    this.#server?.close()
  }

  /** Ends all connections as they would be by a peer that goes, or that has forgotten them. */
  cut(ending: Ending): void {
    for (const pair of this.#pairs) {
      this.#pairs.delete(pair)
      for (const socket of [pair.near, pair.far]) {
        socket.pause()
        if (ending === "RST") socket.resetAndDestroy()
        else socket.end(() => socket.destroy())
      }
    }
  }

  /** From now on what is sent over the connections that are there goes nowhere, and they do not end. */
  swallow(): void {
    for (const pair of this.#pairs) pair.swallows = true
  }

  close(): void {
    this.refuse()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
    this.#pairs.clear()
  }

  #open(near: net.Socket): void {
    const far = net.connect({ host: this.#host, port: this.port, allowHalfOpen: true, noDelay: true })
    const pair: Pair = { near, far, swallows: false }
    this.#pairs.add(pair)
    far.once("connect", () => this.accepted++)
    for (const socket of [near, far]) {
      socket.on("error", () => {})
      socket.on("close", () => {
        // Who looks at the other side sees it still.
        if (pair.swallows) return
        near.destroy()
        far.destroy()
        this.#pairs.delete(pair)
      })
    }
    this.#lead(pair, near, far)
    this.#lead(pair, far, near)
  }

  #lead(pair: Pair, from: net.Socket, to: net.Socket): void {
    const way: Way = { from, to, queue: [], queued: 0, isMoving: false }
    from.on("data", (chunk: Buffer) => {
      if (pair.swallows) return
      way.queue.push({
        chunk,
        due: performance.now() + (this.latency === 0 ? 0 : this.#chance.below(this.latency)),
      })
      way.queued += chunk.length
      if (way.queued >= RELAYED) from.pause()
      void this.#move(pair, way)
    })
    from.on("end", () => {
      if (!pair.swallows) to.end()
    })
  }

  async #move(pair: Pair, way: Way): Promise<void> {
    if (way.isMoving) return
    way.isMoving = true
    for (let next = way.queue.shift(); next !== undefined; next = way.queue.shift()) {
      const { chunk, due } = next
      while (this.stalls || performance.now() < due) await delay(2)
      if (pair.swallows || !this.#pairs.has(pair)) break
      await this.#write(way.to, chunk)
      if (this.bandwidth !== Infinity) await delay((chunk.length / this.bandwidth) * 1000)
      way.queued -= chunk.length
      if (way.queued < RELAYED && this.#pairs.has(pair)) way.from.resume()
    }
    way.isMoving = false
  }

  /** Resolves when the kernel has taken it. */
  async #write(to: net.Socket, chunk: Buffer): Promise<void> {
    const finely = this.splits ? Math.min(chunk.length, SPLIT_BYTES) : 0
    for (let at = 0; at < finely; ) {
      const size = 1 + this.#chance.below(SPLIT_SIZE)
      await written(to, chunk.subarray(at, (at = Math.min(finely, at + size))))
    }
    if (finely < chunk.length) await written(to, chunk.subarray(finely))
  }
}

function written(to: net.Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed) return Promise.resolve()
  return new Promise((resolve) => to.write(bytes, () => resolve()))
}
