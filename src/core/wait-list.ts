import { type ErrorCode, ZmqError } from "../errors.js"
import type { Timer } from "../link/link.js"
import { Queue } from "../queue.js"
import type { KeepAlive } from "./keep-alive.js"
import type { Platform } from "./platform.js"

/** How a pending operation may end early. */
export interface WaitOptions {
  /** Milliseconds until it rejects with EAGAIN; -1: never. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** Kept alive while the operation is pending: the user may hold nothing but the promise. */
  readonly holder: object
}

interface Waiter<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
  readonly holder: object
  timer: Timer | undefined
  unlisten: (() => void) | undefined
}

/** Operations that could not complete at once, in the order in which they were called. */
export class WaitList<Item, Result> {
  private readonly platform: Platform
  private readonly keepAlive: KeepAlive
  private readonly abandoned: () => void
  private readonly waiters: Queue<Waiter<Item, Result>> = new Queue()

  /** `abandoned` is called when an operation ended early: others that waited behind it may go on. */
  constructor(platform: Platform, keepAlive: KeepAlive, abandoned: () => void = () => {}) {
    this.platform = platform
    this.keepAlive = keepAlive
    this.abandoned = abandoned
  }

  get length(): number {
    return this.waiters.length
  }

  /** What the operation whose turn it is was called with. */
  get firstItem(): Item | undefined {
    return this.waiters.peek()?.item
  }

  add(item: Item, { timeout, signal, holder }: WaitOptions): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<Item, Result> = {
        item,
        resolve,
        reject,
        holder,
        timer: undefined,
        unlisten: undefined,
      }
      if (timeout > 0) {
        waiter.timer = this.platform.setTimer(timeout, () => this.abandon(waiter, new ZmqError("EAGAIN")))
      }
      if (signal !== undefined) {
        const onAbort = (): void => {
          // It is no longer there, and to look for it among those of many operations takes long.
          waiter.unlisten = undefined
          this.abandon(waiter, signal.reason)
        }
        signal.addEventListener("abort", onAbort, { once: true })
        waiter.unlisten = () => signal.removeEventListener("abort", onAbort)
      }
      this.keepAlive.hold()
      this.waiters.push(waiter)
    })
  }

  /** Completes the operation whose turn it is, where others are to be heard of before it after `turned`. */
  resolveFirst(result: Result, turned?: Promise<void>): void {
    const waiter = this.waiters.shift()
    if (waiter === undefined) return
    this.settle(waiter)
    if (turned === undefined) waiter.resolve(result)
    else resolveLater(waiter, result, turned)
  }

  /** Fails the operation whose turn it is. */
  rejectFirst(reason: unknown): void {
    const waiter = this.waiters.shift()
    if (waiter === undefined) return
    this.settle(waiter)
    waiter.reject(reason)
  }

  /** Fails all operations. */
  rejectAll(code: ErrorCode): void {
    while (this.waiters.length > 0) this.rejectFirst(new ZmqError(code))
  }

  private abandon(waiter: Waiter<Item, Result>, reason: unknown): void {
    if (!this.waiters.remove(waiter)) return
    this.settle(waiter)
    waiter.reject(reason)
    this.abandoned()
  }

  private settle(waiter: Waiter<Item, Result>): void {
    waiter.timer?.cancel()
    waiter.unlisten?.()
    this.keepAlive.release()
  }
}

// Apart from its caller, which would else make room for what the closure captures each time.
function resolveLater<Item, Result>(
  { resolve }: Waiter<Item, Result>,
  result: Result,
  turned: Promise<void>,
): void {
  void turned.then(() => resolve(result))
}
