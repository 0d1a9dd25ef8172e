// What every scenario of the pattern suite plays on: one library, one transport, and sockets that are
// closed when the scenario is over, whatever came of it.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import type { EventOfType, EventType, Observer, Socket, Proxy as SocketProxy } from "puremq"
import { eventually, within } from "./deadline.js"
import type { Library, SharedApi, SocketName } from "./library.js"
import { PlayedThreads } from "./played-threads.js"
import { hasCode } from "./talk.js"
import { vacantPort } from "./vacant-port.js"

export type TransportName = "tcp" | "ipc" | "inproc" | "ws"

export interface Setting {
  readonly library: Library
  readonly transport: TransportName
  /** Each socket has a context of its own, which meets the others as threads do. */
  readonly acrossThreads?: boolean
}

type SocketOf<Name extends SocketName> = InstanceType<SharedApi[Name]>
type OptionsOf<Name extends SocketName> = ConstructorParameters<SharedApi[Name]>[0]

interface Bindable {
  bind(address: string): Promise<void>
  readonly lastEndpoint: string | null
}

interface Observable {
  readonly events: Observer
}

let names = 0

export function scenario(setting: Setting, name: string, play: (stage: Stage) => Promise<void>): void {
  test(name, { timeout: 90_000 }, async () => {
    const stage = new Stage(setting)
    try {
      // The runner's own timeout would leave the sockets open, and with them the process.
      await within(play(stage), "the scenario to end", 60_000)
    } finally {
      stage.close()
    }
  })
}

export class Stage {
  readonly transport: TransportName
  readonly library: Library["name"]
  readonly #zmq: SharedApi
  readonly #closables: { close(): void }[] = []
  readonly #threads: PlayedThreads | undefined
  #folder: string | undefined

  constructor({ library, transport, acrossThreads }: Setting) {
    this.transport = transport
    this.library = library.name
    this.#zmq = library.zmq
    if (acrossThreads) this.#threads = new PlayedThreads()
  }

  /** A new socket that discards unsent messages on close, unless its options say otherwise. */
  open<Name extends SocketName>(name: Name, options?: OptionsOf<Name>): SocketOf<Name> {
    const construct = this.#zmq[name] as unknown as new (options: object) => SocketOf<Name>
    const apart = this.#threads && { context: this.#threads.context() }
    const socket = new construct({ linger: 0, ...apart, ...options })
    return this.keep(socket)
  }

  /** A new context, for sockets that shall not meet those of the process-wide one. */
  context(): InstanceType<SharedApi["Context"]> {
    return new this.#zmq.Context()
  }

  /** A new proxy between two sockets. */
  proxy<F extends Socket, B extends Socket>(frontEnd: F, backEnd: B): SocketProxy<F, B> {
    return new this.#zmq.Proxy(frontEnd, backEnd)
  }

  /** The next event of that type that `socket` tells of. */
  event<Type extends EventType>(
    socket: { readonly events: Pick<Observer, "on" | "off"> },
    type: Type,
  ): Promise<EventOfType<Type>> {
    const happened = new Promise<EventOfType<Type>>((resolve) => {
      const listener = (event: EventOfType<Type>): void => {
        socket.events.off(type, listener)
        resolve(event)
      }
      socket.events.on(type, listener)
    })
    return within(happened, `the event ${type}`)
  }

  /** Three new sockets of a kind. */
  three<Name extends SocketName>(name: Name, options?: OptionsOf<Name>): Trio<SocketOf<Name>> {
    return [this.open(name, options), this.open(name, options), this.open(name, options)]
  }

  /** Closes `thing` when the scenario is over. */
  keep<T extends { close(): void }>(thing: T): T {
    this.#closables.push(thing)
    return thing
  }

  /** Binds to an address of this stage's transport that nobody else uses, and returns it. */
  async bind(socket: Bindable): Promise<string> {
    const address = this.#hasPorts ? `${this.transport}://127.0.0.1:0` : this.#fresh()
    await within(socket.bind(address), `bind to ${address}`)
    if (socket.lastEndpoint === null) throw new Error("A bound socket has no lastEndpoint")
    return socket.lastEndpoint
  }

  /** Binds to a given address, also when a socket that was closed just now has not left it yet. */
  async bindTo(socket: Bindable, address: string): Promise<void> {
    await eventually(async () => {
      try {
        await socket.bind(address)
        return true
      } catch (error) {
        if (hasCode(error, "EADDRINUSE")) return false
        throw error
      }
    }, `${address} to become free`)
  }

  /** Resolves when these sockets have so many peers: at once within a thread, where to connect takes no time. */
  async linked(sockets: readonly object[], peers = 1): Promise<void> {
    if (this.#threads === undefined) return
    const hasPeers = (socket: object): boolean => (socket as Socket).stats().connections >= peers
    await eventually(async () => sockets.every(hasPeers), "sockets to be connected")
    // What they have to tell each other takes a turn.
    await turn()
    await turn()
  }

  /** An address that nobody is bound to. */
  async vacant(): Promise<string> {
    if (!this.#hasPorts) return this.#fresh()
    const path = this.transport === "ws" ? "/" : ""
    return `${this.transport}://127.0.0.1:${await vacantPort()}${path}`
  }

  /** Resolves at the socket's next event of a type; at once over inproc, where libzmq has none. */
  next(socket: Observable, type: EventType): Promise<void> {
    if (this.transport === "inproc") return Promise.resolve()
    return new Promise((resolve) => {
      const { events } = socket
      const tell = (): void => {
        events.off(type, tell)
        resolve()
      }
      events.on(type, tell)
    })
  }

  close(): void {
    for (const closable of this.#closables) closable.close()
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }

  get #hasPorts(): boolean {
    return this.transport === "tcp" || this.transport === "ws"
  }

  #fresh(): string {
    names += 1
    if (this.transport === "inproc") return `inproc://stage-${names}`
    this.#folder ??= mkdtempSync(join(tmpdir(), "puremq-"))
    return `ipc://${join(this.#folder, String(names))}`
  }
}

export type Trio<T> = readonly [T, T, T]
