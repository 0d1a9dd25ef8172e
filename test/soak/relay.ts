// A relay that stands between two peers and breaks what goes through it: anywhere, also within a frame.
import net from "node:net"
import type { Chance } from "../fuzz/chance.js"

/** One pair of sockets of a relay. */
interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
  /** Bytes that still get through before the pair is cut. */
  left: number
  connected: boolean
}

/** How long a pair may live, and how long a stall may last, in milliseconds. */
const LONGEST_LIFE = 6000
const LONGEST_STALL = 400

export class Relay {
  /** Pairs that ended, for whatever reason. */
  ended = 0
  /** Bytes that went through. */
  bytes = 0
  /** Where connections are led to, as net.connect takes it. */
  target: net.NetConnectOpts | undefined
  #calm = false
  readonly #chance: Chance
  readonly #server: net.Server
  readonly #pairs: Set<Pair> = new Set()
  readonly #timers: Set<NodeJS.Timeout> = new Set()

  constructor(chance: Chance) {
    this.#chance = chance
    this.#server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#open(near))
  }

  /** Listens on a path, or on a port when there is none; returns the endpoint to connect to. */
  async listen(path: string | undefined): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject)
      if (path === undefined) this.#server.listen(0, "127.0.0.1", resolve)
      else this.#server.listen(path, resolve)
    })
    const bound = this.#server.address()
    return typeof bound === "string" ? `ipc://${bound}` : `tcp://127.0.0.1:${bound?.port}`
  }

  /** From now on whatever comes goes through. */
  calm(): void {
    this.#calm = true
    for (const pair of this.#pairs) if (pair.left > 0) pair.left = Infinity
  }

  /** Exactly one connection stands, from end to end. */
  get settled(): boolean {
    const [pair] = this.#pairs
    return this.#pairs.size === 1 && pair?.connected === true
  }

  close(): void {
    this.#server.close()
    for (const timer of this.#timers) clearTimeout(timer)
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  #open(near: net.Socket): void {
    const { target } = this
    if (target === undefined) {
      near.destroy()
      return
    }
    const far = net.connect({ ...target, allowHalfOpen: true, noDelay: true } as net.NetConnectOpts)
    const pair: Pair = { near, far, left: this.#calm ? Infinity : this.#allowance(), connected: false }
    this.#pairs.add(pair)
    far.once("connect", () => {
      pair.connected = true
    })
    const forget = (): void => {
      near.destroy()
      far.destroy()
      if (this.#pairs.delete(pair)) this.ended++
    }
    for (const socket of [near, far]) {
      socket.on("error", () => {})
      socket.on("close", forget)
    }
    this.#pump(pair, near, far)
    this.#pump(pair, far, near)
    if (!this.#calm) this.#later(this.#chance.below(LONGEST_LIFE), () => this.#cut(pair))
  }

  /** Often within a handshake, often soon, sometimes late; not at once, since only a byte that passes leads to a cut. */
  #allowance(): number {
    const most = [400, 20_000, 4_000_000, 100_000_000][this.#chance.below(4)] as number
    return 1 + this.#chance.below(most)
  }

  #pump(pair: Pair, from: net.Socket, to: net.Socket): void {
    from.on("data", (chunk: Buffer) => {
      if (pair.left <= 0) return
      const passed = Math.min(chunk.length, pair.left)
      pair.left -= passed
      this.bytes += passed
      const room = this.#forward(pair, chunk.subarray(0, passed), from, to)
      if (pair.left <= 0) this.#cut(pair)
      else if (!room) from.pause()
    })
    to.on("drain", () => {
      if (pair.left > 0) from.resume()
    })
    from.on("end", () => to.end())
  }

  /** Writes at once, in pieces, or later; false when the source has to wait for a drain. */
  #forward(pair: Pair, chunk: Buffer, from: net.Socket, to: net.Socket): boolean {
    const kind = this.#calm ? 0 : this.#chance.below(100)
    if (kind === 1) {
      from.pause()
      this.#later(this.#chance.below(this.#chance.below(8) === 0 ? LONGEST_STALL : 20), () => {
        if (pair.left > 0) from.resume()
      })
    } else if (kind < 10 && kind > 1) {
      // A piece that is pushed out alone makes the reader see the break.
      const at = this.#chance.below(chunk.length + 1)
      to.write(chunk.subarray(0, at))
      return to.write(chunk.subarray(at))
    }
    return to.write(chunk)
  }

  #cut(pair: Pair): void {
    if (this.#calm || !this.#pairs.has(pair)) return
    // Else it would swallow what comes until both are closed, and more would be lost than was on its way.
    pair.left = 0
    pair.near.pause()
    pair.far.pause()
    const [first, second] = this.#chance.below(2) === 0 ? [pair.near, pair.far] : [pair.far, pair.near]
    switch (this.#chance.below(3)) {
      case 0:
        // What was passed on arrives, then the end.
        first.end()
        second.end()
        this.#later(50, () => first.destroy())
        return
      case 1:
        // Paths know no resets; and after one amid an end Node waits for its handles for ever when it exits.
        if (first.remoteFamily === undefined || first.writableEnded) first.destroy()
        else first.resetAndDestroy()
        return
      default:
        first.destroy()
    }
  }

  #later(milliseconds: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

/** A bound endpoint as net.connect takes it. */
export function targetOf(endpoint: string): net.NetConnectOpts {
  if (endpoint.startsWith("ipc://")) return { path: endpoint.slice("ipc://".length) }
  const { port } = new URL(endpoint)
  return { host: "127.0.0.1", port: Number(port) }
}
