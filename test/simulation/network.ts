// Hosts that listen and connect, and the faults between them.
import type { Conn } from "#src/link/conn.js"
import type { StreamPlatform } from "#src/transports/stream.js"
import type { TransportSettings } from "#src/transports/transport.js"
import type { Chance } from "../fuzz/chance.js"
import type { Host } from "./host.js"
import { chanceFor, type Loop } from "./loop.js"
import { ConnPair, type PairSettings, type SimulatedConn } from "./streams.js"

interface Listening {
  readonly host: Host
  /** Whose it is. */
  readonly owner: string
  readonly accept: (conn: Conn) => void
}

/** How long an attempt takes that nobody answers. */
const UNANSWERED_MILLISECONDS = 21_000

export class Network {
  readonly pairs: ConnPair[] = []
  private readonly loop: Loop
  private readonly seed: number
  private readonly listeners: Map<string, Listening> = new Map()
  /** Places that refuse everybody, and until when. */
  private readonly refusing: Map<string, number> = new Map()
  /** What one read brings at most. */
  readonly mostRead: number
  private healed = false
  private attempts = 0

  constructor(loop: Loop, seed: number) {
    this.loop = loop
    this.seed = seed
    this.mostRead = chanceFor(seed, 4).of([23, 64, 512, 4096, 65_536])
  }

  streamsOf(host: Host): StreamPlatform {
    return {
      connect: (target, settings, opened, failed) => {
        if (target.kind !== "tcp") throw new Error("simulated hosts have no files")
        return this.connect(host, nameOf(settings), `${target.host}:${target.port}`, opened, failed)
      },
      listen: (target, settings, accept) => {
        if (target.kind !== "tcp") throw new Error("simulated hosts have no files")
        const place = `${target.host}:${target.port}`
        if (this.listeners.has(place))
          throw Object.assign(new Error(`${place} is taken`), { code: "EADDRINUSE" })
        const listening: Listening = { host, owner: nameOf(settings), accept }
        this.listeners.set(place, listening)
        this.loop.note(`listen ${place}`)
        return {
          host: target.host,
          port: target.port,
          close: () => {
            if (this.listeners.get(place) === listening) this.listeners.delete(place)
            return Promise.resolve()
          },
        }
      },
      resolve: (name) => Promise.resolve(name),
      interfaceAddress: () => undefined,
    }
  }

  private connect(
    from: Host,
    owner: string,
    place: string,
    opened: (conn: Conn) => void,
    failed: (error: unknown) => void,
  ): () => void {
    const ordinal = ++this.attempts
    const chance = chanceFor(this.seed, 3, ordinal)
    const settings = { ...settingsFor(chance), mostRead: this.mostRead }
    let cancelled = false
    let conn: SimulatedConn | undefined
    const fail = (code: string): void => {
      if (!cancelled && from.alive) failed(Object.assign(new Error(`${code} ${place}`), { code }))
    }
    this.loop.later(settings.latency + 0.1, () => {
      const listening = this.listeners.get(place)
      if (cancelled || !from.alive) return
      if (listening === undefined || (!this.healed && (this.refusing.get(place) ?? 0) > this.loop.now)) {
        fail("ECONNREFUSED")
        return
      }
      if (!this.healed && chance.below(60) === 0) {
        this.loop.later(UNANSWERED_MILLISECONDS, () => fail("ETIMEDOUT"))
        return
      }
      const pair = new ConnPair(this.loop, chance, settings, place, from, listening.host)
      pair.client.owner = owner
      pair.server.owner = listening.owner
      this.pairs.push(pair)
      conn = pair.client
      this.loop.note(`connection ${this.pairs.length} ${from.name} to ${place}`)
      const accept = (): void => {
        if (listening.host.alive && this.listeners.get(place) === listening) listening.accept(pair.server)
        else pair.break("ECONNRESET")
      }
      const open = (): void => {
        if (cancelled) pair.client.destroy()
        else if (from.alive && !pair.client.closed) opened(pair.client)
        else if (from.alive) fail("ECONNRESET")
      }
      const [first, second] = chance.below(2) === 0 ? [accept, open] : [open, accept]
      this.loop.later(0, first)
      this.loop.later(chance.below(3) === 0 ? settings.latency : 0, second)
    })
    return () => {
      cancelled = true
      if (conn !== undefined) conn.destroy()
    }
  }

  /** The host's process has gone: its peers are told, or they are not. */
  lose(host: Host, silently: boolean): void {
    for (const [place, listening] of this.listeners) {
      if (listening.host === host) this.listeners.delete(place)
    }
    for (const pair of this.pairs) {
      if (pair.over || (pair.clientHost !== host && pair.serverHost !== host)) continue
      if (silently) pair.swallow()
      else pair.break("ECONNRESET")
    }
  }

  /** Those that lead to `place` and are not over. */
  pairsAt(place: string): ConnPair[] {
    return this.pairs.filter((pair) => pair.place === place && !pair.over)
  }

  refuse(place: string, milliseconds: number): void {
    this.refusing.set(place, this.loop.now + milliseconds)
  }

  /** From now on everything works. */
  heal(): void {
    this.healed = true
    for (const pair of this.pairs) pair.heal()
  }

  /** Whose socket listens there. */
  ownerAt(place: string): string | undefined {
    return this.listeners.get(place)?.owner
  }

  isListening(place: string): boolean {
    return this.listeners.has(place)
  }

  get listening(): string[] {
    return [...this.listeners.keys()]
  }
}

/** Sockets of a scenario say who they are by an option that has no effect without a proxy. */
function nameOf(settings: TransportSettings): string {
  return settings.socksUsername ?? ""
}

function settingsFor(chance: Chance): Omit<PairSettings, "mostRead"> {
  return {
    latency: chance.of([0, 0.05, 0.2, 1, 5, 40]),
    jitter: chance.of([0, 0, 1, 20]),
    capacity: chance.of([300, 2000, 16_384, 200_000]),
  }
}
