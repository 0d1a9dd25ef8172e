// Waiting on several sockets at a time (zmq_poll(3)).

import type { SocketCore } from "../core/socket.js"
import { ZmqError } from "../errors.js"
import { Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"

/** What to wait for: a socket stands for `{ socket, readable: true }`. */
export type Polled<S extends Socket = Socket> =
  | S
  | {
      readonly socket: S
      /** Whether to wait until something can be received. */
      readonly readable?: boolean
      /** Whether to wait until something can be sent. */
      readonly writable?: boolean
    }

/** How a wait may end before a socket is ready. */
export interface PollOptions {
  /** Milliseconds until {@link poll} resolves with nothing, up to 2147483647; 0: at once. -1, the default, or Infinity: never. */
  timeout?: number
  /** Gives up waiting; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** A socket that is ready, and for what of that which was asked. */
export interface Ready<S extends Socket = Socket> {
  /** The socket that was asked about. */
  readonly socket: S
  /** Whether a message can be received at once; false if that was not asked. */
  readonly readable: boolean
  /** Whether a message can be sent at once; false if that was not asked. */
  readonly writable: boolean
}

/** A socket of a type that receives, whatever its messages are. */
interface Receiving extends Socket {
  receive(): Promise<unknown>
  tryReceive(): unknown
}

interface Wish<S extends Socket> {
  readonly socket: S
  readonly inside: SocketCore
  readonly readable: boolean
  readonly writable: boolean
}

/**
 * Waits until one of `sockets` can be received from or sent to, and resolves with those that can, in the order in which
 * they were given; with none after `timeout`. It takes no message: use `tryReceive` and `trySend`, or `receive` and
 * `send`, which then complete at once as long as nobody else uses the socket.
 *
 * ```
 * for (const { socket } of await poll([requests, updates], { timeout: 1000 })) handle(socket, socket.tryReceive())
 * ```
 *
 * Rejects with EBADF when one of the sockets is closed meanwhile, and with the signal's reason. Throws EBADF, EBUSY for
 * a socket in a proxy, a TypeError for what is no socket, EINVAL for no socket at all and for a timeout
 * out of its range. (zmq_poll(3))
 */
export function poll<S extends Socket>(
  sockets: Iterable<Polled<S>>,
  { timeout = -1, signal }: PollOptions = {},
): Promise<Ready<S>[]> {
  const wishes = [...sockets].map(wishOf)
  if (!isTimeout(timeout)) throw new ZmqError("EINVAL", { message: `No wait takes ${timeout} ms.` })
  if (signal?.aborted) return Promise.reject(signal.reason)
  const ready = readyOf(wishes)
  const [first] = wishes
  if (first === undefined) throw new ZmqError("EINVAL", { message: "There is no socket to wait for." })
  if (ready.length > 0 || timeout === 0) return first.inside.traffic.afterTurn(ready)
  return waitFor(
    wishes.map(({ inside }) => inside),
    () => {
      if (wishes.some(({ inside }) => inside.closed)) throw new ZmqError("EBADF")
      const found = readyOf(wishes)
      return found.length > 0 ? found : undefined
    },
    { timeout, signal },
  ).then((found) => found ?? [])
}

/**
 * The messages of several sockets, each with its socket: `[socket, message]`. The sockets take turns, so that a busy one
 * holds up none. A message is taken when it is handed out and not before, so that none is lost when the loop is left,
 * and other receives may go on beside it. Ends when all sockets are closed; rejects with the reason of `signal`.
 *
 * ```
 * for await (const [socket, message] of eachMessage([requests, updates])) handle(socket, message)
 * ```
 *
 * Throws EBADF, a TypeError for what is no socket that receives.
 */
export function eachMessage<S extends Receiving>(
  sockets: Iterable<S>,
  { signal }: { signal?: AbortSignal } = {},
): AsyncIterableIterator<[socket: S, message: Awaited<ReturnType<S["receive"]>>]> {
  type Item = [socket: S, message: Awaited<ReturnType<S["receive"]>>]
  const rest = [...sockets].map((socket) => wishOf<S>(socket))
  for (const { socket } of rest) {
    if (typeof socket.tryReceive !== "function") throw new TypeError("Socket must be one that receives")
  }

  /** The next message of the socket whose turn it is, which then is the last. */
  function take(): { inside: SocketCore; item: Item } | undefined {
    for (let tries = rest.length; tries > 0; tries--) {
      const wish = rest.shift() as Wish<S>
      const { inside, socket } = wish
      if (inside.closed) continue
      rest.push(wish)
      // By the socket's own method: some types' messages are no arrays of frames.
      const message = isReady(inside) ? socket.tryReceive() : undefined
      if (message !== undefined) return { inside, item: [socket, message] as Item }
    }
    return undefined
  }

  let over = false
  /** Waits are over: nobody wants the next message. */
  const left = new Set<() => void>()
  return {
    async next() {
      if (signal?.aborted) throw signal.reason
      let taken = over ? undefined : take()
      while (taken === undefined && rest.length > 0 && !over) {
        const insides = rest.map(({ inside }) => inside)
        await waitFor(insides, () => (insides.some(isReadyOrClosed) ? true : undefined), {
          timeout: -1,
          signal,
          left,
        })
        // Whoever else receives may have been quicker; meanwhile it may have been aborted, or left.
        if (signal?.aborted) throw signal.reason
        if (!over) taken = take()
      }
      if (taken === undefined) return { value: undefined, done: true }
      return taken.inside.traffic.afterTurn({ value: taken.item, done: false })
    },
    return() {
      over = true
      for (const leave of left) leave()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function wishOf<S extends Socket>(polled: Polled<S>): Wish<S> {
  const wish = polled instanceof Socket ? { socket: polled, readable: true } : polled
  if (!(wish?.socket instanceof Socket)) throw new TypeError("Socket must be a socket object")
  const { socket, readable = false, writable = false } = wish as Exclude<Polled<S>, S>
  return { socket, inside: openCore(socket), readable, writable }
}

function readyOf<S extends Socket>(wishes: readonly Wish<S>[]): Ready<S>[] {
  const ready: Ready<S>[] = []
  for (const { socket, inside, ...wish } of wishes) {
    const readable = wish.readable && isReady(inside)
    const writable = wish.writable && !inside.barred && inside.pattern.canSend
    if (readable || writable) ready.push({ socket, readable, writable })
  }
  return ready
}

/** What the platform's timers can wait, or a wait without an end. */
function isTimeout(timeout: number): boolean {
  return timeout === Infinity || (timeout >= -1 && timeout <= 2_147_483_647)
}

function isReady(inside: SocketCore): boolean {
  return !inside.barred && inside.pattern.canReceive
}

function isReadyOrClosed(inside: SocketCore): boolean {
  return inside.closed || isReady(inside)
}

interface WaitTerms {
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** What is put here ends the wait, as its timeout does. */
  readonly left?: Set<() => void>
}

/** Asks `look` whenever one of the sockets may have become ready; resolves with what it finds, or undefined in the end. */
function waitFor<Found>(
  insides: readonly SocketCore[],
  look: () => Found | undefined,
  { timeout, signal, left }: WaitTerms,
): Promise<Found | undefined> {
  const { keepAlive, platform } = (insides[0] as SocketCore).context
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      for (const unwatch of unwatchers) unwatch()
      timer?.cancel()
      signal?.removeEventListener("abort", aborted)
      left?.delete(leave)
      keepAlive.release()
      act()
    }
    const leave = (): void => settle(() => resolve(undefined))
    const aborted = (): void => settle(() => reject(signal?.reason))
    const check = (): void => {
      try {
        const found = look()
        if (found !== undefined) settle(() => resolve(found))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    keepAlive.hold()
    const unwatchers = insides.map(({ traffic }) => traffic.watch(check))
    const timer = timeout < 0 || timeout === Infinity ? undefined : platform.setTimer(timeout, leave)
    left?.add(leave)
    signal?.addEventListener("abort", aborted)
  })
}
