import { type ErrorCode, ZmqError } from "../errors.js"
import { ProxyControl } from "./proxy-control.js"
import { Direction, type ProxyFlow } from "./proxy-direction.js"
import type { Borrower, SocketCore } from "./socket.js"

/** The sockets of a proxy. */
export interface ProxySockets {
  readonly frontEnd: SocketCore
  /** May be the front end: then each message goes back through the socket that it came from. */
  readonly backEnd: SocketCore
  readonly capture: SocketCore | undefined
  readonly control: SocketCore | undefined
}

/**
 * A proxy at work: it has its sockets for itself, and passes messages on as the event loop brings them, without a
 * promise for any. What it has not passed on when it ends is still in the sockets, but for one message each way that
 * waits to be sent.
 */
export class ProxyCore implements Borrower {
  /** Resolves when it has ended and the sockets are free. Rejects with ETERM, EHOSTUNREACH, or a signal's reason. */
  readonly done: Promise<void>
  /** What the user would lose if he held nothing but the promise. */
  readonly holder: object
  /** Whether the sockets are free again. */
  settled = false
  private state: "active" | "paused" | "over" = "active"
  private readonly sockets: ProxySockets
  private readonly there: Direction
  private readonly back: Direction
  /** Whose turn is first. */
  private order: readonly Direction[]
  private readonly steering: ProxyControl | undefined
  private moving = false
  private again = false
  private waiting = false
  private settle!: { resolve(): void; reject(reason: unknown): void }
  private unlisten: (() => void) | undefined

  /** Begins. Throws EBADF, EBUSY when a socket cannot be had. */
  constructor(sockets: ProxySockets, holder: object, signal: AbortSignal | undefined) {
    const { frontEnd, backEnd, capture, control } = sockets
    const { turn, keepAlive } = frontEnd.context
    this.sockets = sockets
    this.holder = holder
    this.there = new Direction(frontEnd.pattern, backEnd.pattern, capture?.pattern, turn)
    this.back = new Direction(backEnd.pattern, frontEnd.pattern, capture?.pattern, turn)
    this.order = frontEnd === backEnd ? [this.there] : [this.there, this.back]
    this.steering = control && new ProxyControl(control, this)
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    this.borrow()
    keepAlive.hold()
    if (signal !== undefined) this.heedSignal(signal)
    this.changed()
  }

  get toBackEnd(): ProxyFlow {
    return this.there
  }

  get toFrontEnd(): ProxyFlow {
    return this.back
  }

  pause(): void {
    if (this.state === "active") this.state = "paused"
  }

  resume(): void {
    if (this.state !== "paused") return
    this.state = "active"
    this.changed()
  }

  terminate(): void {
    this.end(this.settle.resolve)
  }

  // ---- What the sockets tell

  changed(): void {
    // What is moved makes room for more, of which this hears before it is done.
    this.again = true
    if (this.moving) return
    this.moving = true
    try {
      while (this.again && this.state !== "over") {
        this.again = false
        this.steering?.heed()
        if (this.state === "active") this.move()
      }
    } catch (error) {
      this.end(() => this.settle.reject(error))
    }
    this.moving = false
  }

  lost(code: ErrorCode): void {
    if (code === "ETERM") this.end(() => this.settle.reject(new ZmqError(code)))
    else this.terminate()
  }

  private move(): void {
    let spent = false
    for (const direction of this.order) {
      const progress = direction.move()
      if (progress === "some") this.again = true
      else if (progress === "spent") spent = true
    }
    if (!spent) return
    this.again = false
    // Else the one that always has more would leave the other one no time.
    this.order = [...this.order].reverse()
    this.goOnLater()
  }

  private goOnLater(): void {
    if (this.waiting) return
    this.waiting = true
    void this.sockets.frontEnd.scheduler.nextTurn().then(() => {
      this.waiting = false
      this.changed()
    })
  }

  private borrow(): void {
    try {
      for (const socket of this.each()) socket.lend(this)
    } catch (error) {
      for (const socket of this.each()) socket.reclaim(this)
      throw error
    }
  }

  private heedSignal(signal: AbortSignal): void {
    const abort = (): void => this.end(() => this.settle.reject(signal.reason))
    signal.addEventListener("abort", abort, { once: true })
    this.unlisten = () => signal.removeEventListener("abort", abort)
  }

  /** Moves nothing from now on. The sockets are free a moment later: one of them may be in the midst of a read. */
  private end(settle: () => void): void {
    if (this.state === "over") return
    this.state = "over"
    this.unlisten?.()
    const { context } = this.sockets.frontEnd
    context.turn.afterMicrotasks(() => {
      for (const socket of this.each()) socket.reclaim(this)
      this.leave(this.there, this.sockets.backEnd)
      this.leave(this.back, this.sockets.frontEnd)
      this.settled = true
      context.keepAlive.release()
      settle()
    })
  }

  /** What was taken, and had to wait for room, goes on waiting as if the user sent it. */
  private leave(direction: Direction, to: SocketCore): void {
    const message = direction.release()
    if (message === undefined || to.closed) return
    to.traffic.send(message, undefined, this.holder).catch(() => {})
  }

  private each(): Set<SocketCore> {
    const { frontEnd, backEnd, capture, control } = this.sockets
    return new Set([frontEnd, backEnd, capture, control].filter((socket) => socket !== undefined))
  }
}
