// Sockets with the API of zeromq.js 5, as programs use it that were written for it.
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import type * as v5Module from "puremq/v5-compat"
import { within } from "./deadline.js"
import type { TransportName } from "./stage.js"
import { vacantPort } from "./vacant-port.js"

export type V5 = typeof v5Module

/** One of the two libraries that have the old API, and how its sockets meet. */
export interface OldSetting {
  readonly name: "puremq" | "zeromq"
  readonly zmq: V5
  readonly transport: TransportName
}

let places = 0

/** Sockets of one scenario, closed at its end. */
export class OldStage {
  readonly zmq: V5
  readonly #transport: TransportName
  readonly #sockets: v5Module.Socket[] = []
  readonly #folder: string = mkdtempSync(join(tmpdir(), "puremq-v5-"))

  constructor({ zmq, transport }: OldSetting) {
    this.zmq = zmq
    this.#transport = transport
  }

  socket(type: v5Module.SocketType, options: object = {}): v5Module.Socket {
    const socket = this.zmq.socket(type, { linger: 0, ...options })
    this.#sockets.push(socket)
    return socket
  }

  /** An address that nobody is bound to. */
  async vacant(): Promise<string> {
    places += 1
    if (this.#transport === "tcp") return `tcp://127.0.0.1:${await vacantPort()}`
    return this.#transport === "ipc" ? `ipc://${join(this.#folder, `${places}`)}` : `inproc://v5-${places}`
  }

  /** Binds one and connects the others. */
  async join(bound: v5Module.Socket, ...others: v5Module.Socket[]): Promise<string> {
    const address = await this.vacant()
    bound.bindSync(address)
    for (const other of others) other.connect(address)
    return address
  }

  close(): void {
    for (const socket of this.#sockets) socket.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export function oldScenario(
  setting: OldSetting,
  name: string,
  play: (stage: OldStage) => Promise<void>,
): void {
  test(name, { timeout: 30_000 }, async () => {
    const stage = new OldStage(setting)
    try {
      await within(play(stage), "the scenario to end", 20_000)
    } finally {
      stage.close()
    }
  })
}

/** The frames of the next message, as text. */
export async function nextMessage(socket: v5Module.Socket): Promise<string[]> {
  const frames = await within(once(socket, "message"), "a message")
  return frames.map(String)
}

/** The frames of so many messages from now on, as text. */
export function messages(socket: v5Module.Socket, count: number): Promise<string[][]> {
  const taken: string[][] = []
  const all = new Promise<string[][]>((resolve) => {
    const take = (...frames: Buffer[]): void => {
      taken.push(frames.map(String))
      if (taken.length < count) return
      socket.off("message", take)
      resolve(taken)
    }
    socket.on("message", take)
  })
  return within(all, `${count} messages`)
}
