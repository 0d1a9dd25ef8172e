import { ProxyCore } from "../core/proxy.js"
import type { ProxyFlow } from "../core/proxy-direction.js"
import { ZmqError } from "../errors.js"
import { Socket } from "./socket.js"

export type { ProxyFlow }

/** What a proxy may have besides its two ends. */
export interface ProxyOptions {
  /**
   * Gets a copy of each message, whichever way it goes: usually a Publisher, Push, Pair or Dealer. One that has to wait
   * for room holds up the proxy; a Publisher never does. A Pull or a Subscriber throws ENOTSUP.
   */
  capture?: Socket
  /**
   * Gets commands, each a message of one frame: `PAUSE`, `RESUME`, `TERMINATE` and `STATISTICS`. A Pair, a Reply or a
   * Subscriber. `STATISTICS` is answered by eight frames of 8 bytes, unsigned integers in the order of bytes of this
   * machine: messages and bytes that the front end received, sent, that the back end received, sent. A Reply answers
   * everything else, unknown commands too, with an empty frame; a Subscriber answers nothing. (zmq_proxy_steerable(3))
   */
  control?: Socket
}

/** How a proxy may end early. */
export interface ProxyRunOptions {
  /** Ends the proxy; its promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** What has gone through a proxy. Messages in a socket's queue have not been counted yet. */
export interface ProxyStatistics {
  /** From the front end to the back end. */
  readonly toBackEnd: ProxyFlow
  /** From the back end to the front end; nothing when one socket is both. */
  readonly toFrontEnd: ProxyFlow
}

const NOTHING: ProxyFlow = { messages: 0, frames: 0, bytes: 0 }

/**
 * Passes messages on between two sockets, both ways as far as their types send and receive: requests to workers and
 * their replies back, publishers' messages to subscribers and their subscriptions back.
 *
 * A message is taken from one side when the other side can take it, so that a slow side slows down the other one, and
 * what waits is bounded by the high-water marks. Where the type of the other side drops what it has no room for, it
 * does so here too: a Router without `mandatory`, a Publisher. Messages of several frames are passed on whole, and
 * those of one peer in their order.
 */
// The name is that of zeromq.js.
// biome-ignore lint/suspicious/noShadowRestrictedNames: nothing here needs the language's own.
export class Proxy<F extends Socket = Socket, B extends Socket = Socket> {
  readonly #frontEnd: F
  readonly #backEnd: B
  readonly #options: ProxyOptions
  #core: ProxyCore | undefined

  /** Both ends may be the same socket. Throws a TypeError for what is no socket, ENOTSUP (see {@link ProxyOptions}). */
  constructor(frontEnd: F, backEnd: B, options: ProxyOptions = {}) {
    check(frontEnd, "Front-end")
    check(backEnd, "Back-end")
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
    if (options.capture !== undefined) checkCapture(options.capture)
    if (options.control !== undefined) check(options.control, "Control")
    this.#frontEnd = frontEnd
    this.#backEnd = backEnd
    this.#options = options
  }

  /** Where clients are, by custom; the proxy treats both ends alike. */
  get frontEnd(): F {
    return this.#frontEnd
  }

  /** Where services are, by custom. */
  get backEnd(): B {
    return this.#backEnd
  }

  /** What has gone through so far. */
  get statistics(): ProxyStatistics {
    const { toBackEnd = NOTHING, toFrontEnd = NOTHING } = this.#core ?? {}
    return { toBackEnd: snapshot(toBackEnd), toFrontEnd: snapshot(toFrontEnd) }
  }

  /**
   * Begins, and resolves when the proxy has been terminated; then both ends are closed. As long as it runs the process
   * stays alive, and what one does with the sockets throws EBUSY, but for reading and setting options, subscriptions
   * among them, for `stats` and for `close`: to close one of them ends the proxy. Operations that are pending on a
   * socket come before the proxy.
   *
   * Rejects with EHOSTUNREACH when a mandatory Router does not know a message's peer, ETERM with the context of a
   * socket, and a signal's reason. Throws EINVAL when an end is neither bound nor connected, EBUSY when a socket is
   * in a proxy already. (zmq_proxy(3))
   */
  run({ signal }: ProxyRunOptions = {}): Promise<void> {
    const { frontEnd, backEnd } = this
    if (!frontEnd.core.endpoints.any) throw unplaced("Front-end")
    if (!backEnd.core.endpoints.any) throw unplaced("Back-end")
    if (signal?.aborted) return Promise.reject(signal.reason)
    const core = begin(this, this.#options, signal)
    this.#core = core
    const close = (): void => {
      frontEnd.close()
      backEnd.close()
    }
    return core.done.finally(close)
  }

  /** Passes nothing on until {@link resume}; the sockets go on queueing. Throws EBADF when the proxy does not run. */
  pause(): void {
    this.#running.pause()
  }

  /** Goes on after {@link pause}. Throws EBADF when the proxy does not run. */
  resume(): void {
    this.#running.resume()
  }

  /**
   * Ends the proxy: nothing more is passed on, and {@link run} resolves a moment later. What was passed on is still
   * sent, as the sockets' `linger` says. Throws EBADF when the proxy does not run.
   */
  terminate(): void {
    this.#running.terminate()
  }

  get #running(): ProxyCore {
    const core = this.#core
    if (core === undefined || core.settled) throw new ZmqError("EBADF")
    return core
  }
}

/** What {@link proxy} may have besides its two ends, and how it may end early. */
export interface ProxyCallOptions extends ProxyOptions, ProxyRunOptions {}

/**
 * Passes messages on between two sockets until `TERMINATE` comes on `control`, or one of the sockets is closed; then it
 * resolves. Rejects as {@link Proxy.run} does, and with the reason of `signal`. In the end the sockets stay open,
 * free to be used: what was not passed on can be received; only the message that waited for room at the other side
 * goes on waiting there, as a pending `send` of that socket. Throws EBADF for a closed socket, EBUSY for one that is
 * in a proxy already. See {@link Proxy}. (zmq_proxy(3), zmq_proxy_steerable(3))
 */
export function proxy(frontEnd: Socket, backEnd: Socket, options: ProxyCallOptions = {}): Promise<void> {
  const holder = new Proxy(frontEnd, backEnd, options)
  const { signal } = options
  return signal?.aborted ? Promise.reject(signal.reason) : begin(holder, options, signal).done
}

function begin(
  holder: Proxy,
  { capture, control }: ProxyOptions,
  signal: AbortSignal | undefined,
): ProxyCore {
  const sockets = {
    frontEnd: holder.frontEnd.core,
    backEnd: holder.backEnd.core,
    capture: capture?.core,
    control: control?.core,
  }
  return new ProxyCore(sockets, holder, signal)
}

function check(socket: unknown, what: string): void {
  if (!(socket instanceof Socket)) throw new TypeError(`${what} must be a socket object`)
}

/** Throws ENOTSUP for what cannot send: nothing would ever go through the proxy. */
function checkCapture(capture: Socket): void {
  check(capture, "Capture")
  const { type } = capture.core
  if (type === "SUB" || type === "PULL")
    throw new ZmqError("ENOTSUP", { message: "Capture socket must send" })
}

function unplaced(what: string): ZmqError {
  return new ZmqError("EINVAL", { message: `${what} socket must be bound or connected` })
}

function snapshot({ messages, frames, bytes }: ProxyFlow): ProxyFlow {
  return { messages, frames, bytes }
}
