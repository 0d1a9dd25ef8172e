// Workers and their sockets, as tests in the main thread direct them.
import { Worker } from "node:worker_threads"
import { Pair } from "puremq"
import { within } from "../suites/deadline.js"
import type { SocketName } from "../suites/library.js"
import type { Answer } from "./player.js"

// Workers that are made when their maker is known to other threads know how many there are.
const known = new Pair()
known.bindSync("inproc://known")

let names = 0

/** A name that nobody is bound to. */
export function vacantName(): string {
  names += 1
  return `inproc://threads-${names}`
}

/** A worker that does what it is told. It is terminated when its test is over. */
export class Player implements AsyncDisposable {
  readonly worker: Worker = new Worker(new URL("player.js", import.meta.url))
  /** Resolves with the exit code. */
  readonly ended: Promise<number>
  readonly #waiting: Map<number, { resolve(value: unknown): void; reject(error: Error): void }> = new Map()
  #calls = 0

  constructor() {
    this.ended = new Promise((resolve) => {
      this.worker.on("exit", resolve)
    })
    this.worker.on("error", () => {})
    this.worker.on("message", ({ number, value, error }: Answer) => {
      const call = this.#waiting.get(number)
      this.#waiting.delete(number)
      if (error === undefined) call?.resolve(value)
      else call?.reject(Object.assign(new Error(error.message), { code: error.code }))
    })
  }

  /** A new socket of the worker. */
  async open(name: SocketName, options: object = {}, ownContext = false): Promise<PlayedSocket> {
    return new PlayedSocket(this, (await this.ask("open", name, options, ownContext)) as number)
  }

  /** Has the worker do something, and waits for the answer. */
  ask(method: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.call(undefined, method, args)
  }

  /** Has the worker do something from which it may not come back. */
  tell(method: string, ...args: readonly unknown[]): void {
    this.worker.postMessage({ number: this.#calls++, method, args })
  }

  call(socket: number | undefined, method: string, args: readonly unknown[]): Promise<unknown> {
    const number = this.#calls++
    const answered = new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
    })
    this.worker.postMessage({ number, socket, method, args })
    return within(answered, `a worker's answer to ${method}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate()
  }
}

/** A socket that lives in a worker. */
export class PlayedSocket {
  readonly id: number
  readonly #player: Player

  constructor(player: Player, id: number) {
    this.#player = player
    this.id = id
  }

  bind(address: string): Promise<unknown> {
    return this.#player.call(this.id, "bind", [address])
  }

  unbind(address: string): Promise<unknown> {
    return this.#player.call(this.id, "unbind", [address])
  }

  async connect(address: string): Promise<void> {
    await this.#player.call(this.id, "connect", [address])
  }

  async subscribe(topic: string): Promise<void> {
    await this.#player.call(this.id, "subscribe", [topic])
  }

  async send(message: string | string[] | Uint8Array): Promise<void> {
    await this.#player.call(this.id, "send", [message])
  }

  /** The next message, its frames as text. */
  async receive(): Promise<string[]> {
    const frames = (await this.#player.call(this.id, "receive", [])) as Uint8Array[]
    return frames.map((frame) => Buffer.from(frame).toString("latin1"))
  }

  async close(): Promise<void> {
    await this.#player.call(this.id, "close", [])
  }

  async connections(): Promise<number> {
    return (await this.#player.ask("connections", this.id)) as number
  }
}
