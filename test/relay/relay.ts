// A relay between who connects and who is bound, over tcp or ipc, with the faults of a network on demand. It changes no
// byte.
import net from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { clear, type Ending, type Manner, type Piece } from "./manners.js"

/** One direction of a connection: what came from one side and waits for its time to go to the other. */
interface Way {
  readonly from: net.Socket
  readonly to: net.Socket
  readonly queue: { readonly piece: Piece; readonly due: number }[]
  /** Bytes that the kernel has not taken yet. */
  queued: number
  isMoving: boolean
  hasEnded: boolean
}

interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
  /** Bytes that still get through before the pair is cut; 0 once it is. */
  left: number
  connected: boolean
  /** Takes bytes in and lets none out, and nobody sees a connection end. */
  swallows: boolean
  life: NodeJS.Timeout | undefined
}

/** Reading stops when a way holds so many bytes. */
const FULL = 1 << 18
const LARGEST_READ = 65_536
/** The most bytes of one direction that a connection through a relay holds in it. */
export const RELAYED = FULL + LARGEST_READ
/** Milliseconds until a connection that ends with FIN is forgotten. */
const ENDING = 50

export class Relay {
  /** Where connections are led to; who comes before it is known is sent away. */
  target: net.NetConnectOpts | undefined
  /** How bytes go through. */
  manner: Manner = clear
  /** Connections that come are swallowed from the beginning. */
  swallowsAll = false
  /** Connections that came through to the other side. */
  accepted = 0
  /** Connections that ended, for whatever reason. */
  ended = 0
  /** Bytes that who connects has sent through. */
  forth = 0
  /** Bytes of either side that were swallowed. */
  swallowed = 0
  readonly #host: string
  readonly #pairs: Set<Pair> = new Set()
  #server: net.Server | undefined
  #place: string | number = 0

  constructor(host = "127.0.0.1") {
    this.#host = host
  }

  /** Listens on a path, or on a port when there is none, and always on the same; returns the endpoint to connect to. */
  async listen(path?: string): Promise<string> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#open(near))
    this.#server = server
    if (path !== undefined) this.#place = path
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      if (typeof this.#place === "string") server.listen(this.#place, resolve)
      else server.listen(this.#place, this.#host, resolve)
    })
    const bound = server.address()
    if (typeof bound === "string" || bound === null) return `ipc://${bound}`
    this.#place = bound.port
    return `tcp://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`
  }

  /** Exactly one connection stands, from end to end. */
  get settled(): boolean {
    const [pair] = this.#pairs
    return this.#pairs.size === 1 && pair?.connected === true
  }

  /** From now on whatever comes goes through. */
  calm(): void {
    this.manner = clear
    for (const pair of this.#pairs) {
      if (pair.left <= 0) continue
      clearTimeout(pair.life)
      pair.left = Infinity
    }
  }

  /** Connections are refused from now on; those that are there stay. */
  refuse(): void {
    this.#server?.close()
  }

  /** Ends all connections as they would be by a peer that goes, or that has forgotten them. */
  cut(ending: Ending): void {
    for (const pair of this.#pairs) this.#cut(pair, ending)
  }

  /** From now on what is sent over the connections that are there goes nowhere, and they do not end. */
  swallow(): void {
    for (const pair of this.#pairs) pair.swallows = true
  }

  close(): void {
    this.refuse()
    for (const { near, far, life } of this.#pairs) {
      clearTimeout(life)
      near.destroy()
      far.destroy()
    }
  }

  #open(near: net.Socket): void {
    const { target, manner } = this
    if (target === undefined) {
      near.destroy()
      return
    }
    const far = net.connect({ ...target, allowHalfOpen: true, noDelay: true } as net.NetConnectOpts)
    const lot = manner.lot?.()
    const pair: Pair = {
      ...{ near, far, left: lot?.bytes ?? Infinity, connected: false },
      ...{ swallows: this.swallowsAll, life: undefined },
    }
    if (lot !== undefined) pair.life = setTimeout(() => this.#cut(pair, lot.ending), lot.life)
    this.#pairs.add(pair)
    far.once("connect", () => {
      pair.connected = true
      this.accepted++
    })
    this.#lead(pair, near, far, lot?.ending)
    this.#lead(pair, far, near, lot?.ending)
  }

  #lead(pair: Pair, from: net.Socket, to: net.Socket, ending: Ending = "FIN"): void {
    const way: Way = { from, to, queue: [], queued: 0, isMoving: false, hasEnded: false }
    from.on("error", () => {})
    from.on("close", () => {
      // Who looks at the other side sees it still.
      if (!pair.swallows) to.destroy()
      if (!to.destroyed || !this.#pairs.delete(pair)) return
      clearTimeout(pair.life)
      this.ended++
    })
    from.on("data", (chunk: Buffer) => {
      if (pair.left <= 0) return
      if (pair.swallows) {
        this.swallowed += chunk.length
        return
      }
      const passed = Math.min(chunk.length, pair.left)
      pair.left -= passed
      if (from === pair.near) this.forth += passed
      this.#pass(pair, way, chunk.subarray(0, passed))
      if (pair.left <= 0) this.#cut(pair, ending)
    })
    from.on("end", () => {
      if (pair.swallows) from.end()
      else if (way.isMoving) way.hasEnded = true
      else to.end()
    })
  }

  #pass(pair: Pair, way: Way, chunk: Buffer): void {
    const { manner } = this
    const pieces = manner.pieces?.(chunk)
    way.queued += chunk.length
    if (way.queued >= FULL) way.from.pause()
    if (pieces === undefined && !way.isMoving && manner.holds !== true) {
      way.to.write(chunk, () => this.#passed(pair, way, chunk.length))
      return
    }
    const now = performance.now()
    for (const piece of pieces ?? [{ bytes: chunk }]) {
      way.queue.push({ piece, due: now + (piece.latency ?? 0) })
    }
    if (!way.isMoving) void this.#move(pair, way)
  }

  async #move(pair: Pair, way: Way): Promise<void> {
    way.isMoving = true
    for (let next = way.queue.shift(); next !== undefined; next = way.queue.shift()) {
      const { piece, due } = next
      while (this.manner.holds === true || performance.now() < due) await delay(2)
      if (pair.swallows) this.swallowed += piece.bytes.length
      else if (pair.left > 0) await written(way.to, piece.bytes)
      this.#passed(pair, way, piece.bytes.length)
      if (piece.pause !== undefined) await delay(piece.pause)
    }
    way.isMoving = false
    if (way.hasEnded && !pair.swallows) way.to.end()
  }

  #passed(pair: Pair, way: Way, bytes: number): void {
    way.queued -= bytes
    if (way.queued < FULL && pair.left > 0) way.from.resume()
  }

  /** What was passed on arrives, if it ends with FIN; what comes still is thrown away. */
  #cut(pair: Pair, ending: Ending): void {
    const { near, far } = pair
    clearTimeout(pair.life)
    // Else it would swallow what comes until both are closed, and more would be lost than was on its way.
    pair.left = 0
    for (const socket of [near, far]) {
      socket.pause()
      if (ending === "FIN") socket.end()
      // Paths know no resets; and after one amid an end Node waits for its handles for ever when it exits.
      else if (ending === "RST" && socket.remoteFamily !== undefined && !socket.writableEnded) {
        socket.resetAndDestroy()
      } else socket.destroy()
    }
    if (ending === "FIN") pair.life = setTimeout(() => near.destroy(), ENDING)
  }
}

/** Resolves when the kernel has taken the bytes, or never will. */
function written(to: net.Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.writableEnded) return Promise.resolve()
  return new Promise((resolve) => to.write(bytes, () => resolve()))
}

/** A bound endpoint as net.connect takes it. */
export function targetOf(endpoint: string): net.NetConnectOpts {
  if (endpoint.startsWith("ipc://")) return { path: endpoint.slice("ipc://".length) }
  const { hostname, port } = new URL(endpoint)
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) }
}
