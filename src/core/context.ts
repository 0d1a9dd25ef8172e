import { ZmqError } from "../errors.js"
import type { PortLike } from "../transports/ports.js"
import { splitAddress, type Transport } from "../transports/transport.js"
import { SlabPool } from "../wire/slab-pool.js"
import { type ContextOptionValues, defaultContextOptions } from "./context-options.js"
import { KeepAlive } from "./keep-alive.js"
import type { Platform } from "./platform.js"
import type { SocketCore } from "./socket.js"
import { Turn } from "./turn.js"

/** How often an ending process looks whether its messages have gone, and when it says what it waits for. */
const EXIT_POLL = 20
const EXIT_WARNING = 500

/** A context's inside: its sockets and what they share. */
export class ContextCore {
  readonly platform: Platform
  readonly options: ContextOptionValues = { ...defaultContextOptions }
  readonly turn: Turn
  readonly keepAlive: KeepAlive
  readonly slabs: SlabPool = new SlabPool()
  terminated = false
  private readonly transports: Map<string, Transport>
  private readonly sockets: Set<SocketCore> = new Set()
  /** Sockets whose linger ran out while the process was about to end: it does not wait for them again. */
  private readonly givenUp: WeakSet<SocketCore> = new WeakSet()
  private flushing = false

  /** `acrossThreads`: its inproc names are those of all threads of the process. */
  constructor(
    platform: Platform,
    extraTransports: ReadonlyMap<string, Transport> = new Map(),
    acrossThreads: boolean = false,
  ) {
    this.platform = platform
    this.turn = new Turn(platform)
    this.keepAlive = new KeepAlive(platform)
    this.transports = new Map([...platform.createTransports(this.turn, acrossThreads), ...extraTransports])
  }

  /** What the context lets a frame from a peer have. */
  get frameBytes(): number {
    const { maxMessageSize } = this.options
    return maxMessageSize === defaultContextOptions.maxMessageSize ? Infinity : maxMessageSize
  }

  /** The transport of an address's scheme; throws EINVAL, EPROTONOSUPPORT. */
  transportOf(address: string): Transport {
    const transport = this.transports.get(splitAddress(address).scheme)
    if (transport === undefined) throw new ZmqError("EPROTONOSUPPORT", { address })
    return transport
  }

  /** Shares the inproc names of this context with the other side of a port. */
  attach(port: PortLike): { close(): void } {
    const attached = this.transports.get("inproc")?.attach?.(port)
    if (attached === undefined) throw new ZmqError("ENOTSUP")
    return attached
  }

  add(socket: SocketCore): void {
    if (this.terminated) throw new ZmqError("ETERM")
    if (this.sockets.size >= this.options.maxSockets) throw new ZmqError("EMFILE")
    if (this.sockets.size === 0) exitWatch(this.platform).add(this)
    this.sockets.add(socket)
  }

  remove(socket: SocketCore): void {
    this.sockets.delete(socket)
    if (this.sockets.size === 0) exitWatch(this.platform).delete(this)
  }

  /** Closes all sockets and waits until they have sent, or given up, what they accepted. */
  async terminate(): Promise<void> {
    this.terminated = true
    const sockets = [...this.sockets]
    for (const socket of sockets) socket.close("ETERM")
    await Promise.all(sockets.map((socket) => socket.done))
  }

  /**
   * The process would end with sockets open: what they accepted is sent first, for as long as their linger says.
   */
  flushBeforeExit(): void {
    if (this.flushing) return
    const began = this.platform.now()
    const waiting = (): boolean => {
      const waited = this.platform.now() - began
      for (const socket of this.sockets) {
        if (socket.closed || !socket.unflushed || this.givenUp.has(socket)) continue
        const { linger } = socket.options
        if (linger < 0 || waited < linger) return true
      }
      return false
    }
    if (!waiting()) return
    this.flushing = true
    this.keepAlive.hold()
    let warned = false
    const look = (): void => {
      if (waiting()) {
        if (!warned && this.platform.now() - began >= EXIT_WARNING) {
          warned = true
          this.platform.warn("The process waits for messages to be sent. Set `linger` to limit that.")
        }
        this.platform.setTimer(EXIT_POLL, look)
        return
      }
      for (const socket of this.sockets) if (socket.unflushed) this.givenUp.add(socket)
      this.flushing = false
      this.keepAlive.release()
    }
    look()
  }
}

const exitWatches: WeakMap<Platform, Set<ContextCore>> = new WeakMap()

/** The contexts of a platform that have open sockets. */
function exitWatch(platform: Platform): Set<ContextCore> {
  let contexts = exitWatches.get(platform)
  if (contexts === undefined) {
    const created = new Set<ContextCore>()
    contexts = created
    exitWatches.set(platform, created)
    platform.beforeExit(() => {
      for (const context of created) context.flushBeforeExit()
    })
  }
  return contexts
}

export type { PortLike }
