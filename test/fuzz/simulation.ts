// The library on a platform without sockets, clock or chance of its own: everything happens when it is told to.
import assert from "node:assert/strict"
import type { Platform } from "#src/core/platform.js"
import type { Conn, ConnHandler } from "#src/link/conn.js"
import type { Scheduler, Timer } from "#src/link/link.js"
import { nodeKeys } from "#src/platform/node/curve-keys.js"
import { CryptoLoader } from "#src/security/crypto/loader.js"
import type { StreamPlatform } from "#src/transports/stream.js"
import { TcpTransport } from "#src/transports/tcp.js"
import type { Transport } from "#src/transports/transport.js"
import type { Chance } from "./chance.js"

export class SimulatedPlatform implements Platform {
  /** Takes an accepted connection; set while somebody listens. */
  accept: ((conn: Conn) => void) | undefined
  /** Tells that the system could not accept one. */
  failToAccept: ((error: Error) => void) | undefined
  /** Connections that somebody wants. */
  readonly wanted: { opened(conn: Conn): void; failed(error: unknown): void }[] = []
  readonly warnings: string[] = []
  readonly cryptography: CryptoLoader
  readonly curveKeys = nodeKeys
  #tasks: (() => void)[] = []
  #timers: Map<object, { readonly at: number; readonly task: () => void }> = new Map()
  #now = 0

  constructor(cryptography: CryptoLoader = new CryptoLoader()) {
    this.cryptography = cryptography
  }

  afterMicrotasks(task: () => void): void {
    this.#tasks.push(task)
  }

  nextTurn(task: () => void): void {
    this.#tasks.push(task)
  }

  setTimer(milliseconds: number, task: () => void): Timer {
    const timer = { cancel: (): void => void this.#timers.delete(timer) }
    this.#timers.set(timer, { at: this.#now + milliseconds, task })
    return timer
  }

  now(): number {
    return this.#now
  }

  random(): number {
    return 0.5
  }

  warn(message: string): void {
    this.warnings.push(message)
  }

  holdProcess(): Timer {
    return { cancel: () => {} }
  }

  beforeExit(): void {}

  createTransports(scheduler: Scheduler): Map<string, Transport> {
    return new Map([["tcp", new TcpTransport(this.#streams(), scheduler)]])
  }

  /** Runs what was put off, until nothing is left. */
  run(): void {
    while (this.#tasks.length > 0) {
      const tasks = this.#tasks
      this.#tasks = []
      for (const task of tasks) task()
    }
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.#now += milliseconds
    for (const [timer, { at, task }] of this.#timers) {
      if (at > this.#now || !this.#timers.delete(timer)) continue
      task()
    }
    this.run()
  }

  get pendingTimers(): number {
    return this.#timers.size
  }

  #streams(): StreamPlatform {
    return {
      connect: (_target, _settings, opened, failed) => {
        const want = { opened, failed }
        this.wanted.push(want)
        return () => {
          const at = this.wanted.indexOf(want)
          if (at >= 0) this.wanted.splice(at, 1)
        }
      },
      listen: (_target, _settings, accept, failed) => {
        this.accept = accept
        this.failToAccept = failed
        return {
          host: "127.0.0.1",
          port: 1,
          close: () => {
            this.accept = undefined
            return Promise.resolve()
          },
        }
      },
      resolve: (host) => Promise.resolve(host),
      interfaceAddress: () => undefined,
    }
  }
}

/** A connection whose other end is a test; it holds the library to the rules of Conn. */
export class SimulatedConn implements Conn {
  readonly remote = "127.0.0.1:2"
  /** What was written. */
  readonly written: Buffer[] = []
  /** In so many writes. */
  writes = 0
  /** Its end has been asked for or told. */
  closing = false
  closed = false
  readonly #platform: SimulatedPlatform
  readonly #chance: Chance | undefined
  #handler: ConnHandler | undefined
  #writing = false
  #paused = false

  /** With `chance` some writes take their time. */
  constructor(platform: SimulatedPlatform, chance: Chance | undefined) {
    this.#platform = platform
    this.#chance = chance
  }

  /** Hands over as much of `bytes` as the library takes; how much that was. */
  deliver(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length && !this.closing && !this.#paused) {
      const handler = this.#handler as ConnHandler
      const space = handler.space()
      assert.ok(space.length > 0, "no space to read to")
      const count = Math.min(space.length, bytes.length - at)
      space.set(bytes.subarray(at, at + count))
      at += count
      this.#paused = !handler.received(count)
    }
    return at
  }

  /** The stream ends, for `error` or in order. */
  close(error: Error | undefined): void {
    this.closing = true
    if (this.closed) return
    this.closed = true
    this.#handler?.closed(error)
  }

  start(handler: ConnHandler): void {
    this.#handler = handler
  }

  write(chunks: readonly Uint8Array[]): boolean {
    assert.ok(!this.#writing, "written to while a write is pending")
    if (this.closing) return false
    this.writes++
    for (const chunk of chunks) this.written.push(Buffer.from(chunk))
    this.#writing = this.#chance !== undefined && this.#chance.below(4) === 0
    if (!this.#writing) return true
    this.#platform.afterMicrotasks(() => {
      this.#writing = false
      if (!this.closed) this.#handler?.written()
    })
    return false
  }

  resume(): void {
    this.#paused = false
  }

  end(): void {
    this.#closeLater()
  }

  destroy(): void {
    this.#closeLater()
  }

  #closeLater(): void {
    if (this.closing) return
    this.closing = true
    this.#platform.afterMicrotasks(() => this.close(undefined))
  }
}
