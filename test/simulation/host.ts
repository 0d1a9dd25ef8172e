// One process of a scenario: the platform of its library.
import { ContextCore } from "#src/core/context.js"
import type { Platform } from "#src/core/platform.js"
import type { Scheduler, Timer } from "#src/link/link.js"
import { nodeKeys } from "#src/platform/node/curve-keys.js"
import { CryptoLoader } from "#src/security/crypto/loader.js"
import { InprocTransport } from "#src/transports/inproc.js"
import { TcpTransport } from "#src/transports/tcp.js"
import type { Transport } from "#src/transports/transport.js"
import type { Chance } from "../fuzz/chance.js"
import { chanceFor, type Loop } from "./loop.js"
import type { Network } from "./network.js"

export class Host implements Platform {
  readonly name: string
  readonly cryptography: CryptoLoader = new CryptoLoader()
  readonly curveKeys = nodeKeys
  readonly context: ContextCore
  alive = true
  /** Timers that wait. */
  timers = 0
  /** Handles that keep the process alive now. */
  handles = 0
  private readonly loop: Loop
  private readonly network: Network
  private readonly chance: Chance
  /** Each look at the clock takes so long. */
  private readonly look: number
  private spent = 0

  constructor(name: string, loop: Loop, network: Network, seed: number, ordinal: number) {
    this.name = name
    this.loop = loop
    this.network = network
    this.chance = chanceFor(seed, 2, ordinal)
    this.look = this.chance.of([0, 0.001, 0.3])
    this.context = new ContextCore(this)
  }

  afterMicrotasks = (task: () => void): void => {
    this.loop.afterMicrotasks(() => {
      if (this.alive) task()
    })
  }

  nextTurn(task: () => void): void {
    this.loop.later(0.01, () => {
      if (this.alive) task()
    })
  }

  setTimer(milliseconds: number, task: () => void): Timer {
    let waits = true
    this.timers++
    const { cancel } = this.loop.later(Math.max(milliseconds, 1), () => {
      if (!this.alive) return
      waits = false
      this.timers--
      task()
    })
    return {
      cancel: () => {
        if (waits) this.timers--
        waits = false
        cancel()
      },
    }
  }

  now(): number {
    this.spent += this.look
    return this.loop.now + this.spent
  }

  random = (): number => this.chance.below(1 << 20) / (1 << 20)

  warn(message: string): void {
    this.loop.note(`${this.name} warns: ${message}`)
  }

  holdProcess(): Timer {
    this.handles++
    let held = true
    return {
      cancel: () => {
        if (held) this.handles--
        held = false
      },
    }
  }

  beforeExit(): void {}

  createTransports(scheduler: Scheduler): Map<string, Transport> {
    return new Map<string, Transport>([
      ["tcp", new TcpTransport(this.network.streamsOf(this), scheduler)],
      ["inproc", new InprocTransport()],
    ])
  }

  /** It is gone, with all that it held. */
  crash(silently: boolean): void {
    this.alive = false
    this.network.lose(this, silently)
  }
}
