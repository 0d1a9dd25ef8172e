import { type BindOptions, checkBindOptions } from "../bind-options.js"
import type { CommonOptions, OptionName } from "../core/options.js"
import { type PatternFactory, SocketCore } from "../core/socket.js"
import type { SocketStats } from "../core/stats.js"
import type { Frame } from "../message.js"
import type { SocketType } from "../peer.js"
import { takeOver } from "./by-number.js"
import { Context, contextCore, globalContext } from "./context.js"
import {
  getNumberOption,
  getTextOption,
  int32,
  int64,
  setBooleanOption,
  setNumberOption,
  setTextOption,
  uint32,
  uint64,
} from "./numbered-options.js"
import { Observer } from "./observer.js"
import { bindToRandomPort, type PortRange } from "./random-port.js"
import { openCore } from "./socket-inside.js"
import { isThreadSafe, socketNumbers } from "./types.js"

/** What the constructors take: the options of the socket, and its context. */
export type SocketOptions<S extends Socket> = Partial<Pick<S, keyof S & OptionName>> & {
  /** The context that the socket belongs to; the process-wide one by default. */
  context?: Context
}

/** Options of some socket type, where which one is not known. */
export type AnyOptions = { context?: Context } & { [Name in OptionName]?: unknown }

// Nothing inside holds a facade strongly but a pending operation: one that the user lost can be collected.
const lost: FinalizationRegistry<SocketCore> = new FinalizationRegistry((inside) => inside.close())

const observers: WeakMap<Socket, Observer> = new WeakMap()

/** What all sockets have: endpoints, options, and an end. Make one of its subclasses. */
export abstract class Socket {
  /** @internal */
  declare readonly core: SocketCore
  /** @internal */
  declare readonly contextFacade: Context

  /**
   * For subclasses of their own: a socket of the type that has this number (zmq.h), with that type's options and
   * methods. Throws EINVAL for an unknown one.
   */
  constructor(type: number, options?: object)
  /** @internal */
  constructor(type: SocketType, createPattern: PatternFactory, options?: AnyOptions)
  constructor(type: SocketType | number, second: PatternFactory | object = {}, third: AnyOptions = {}) {
    const createPattern = typeof second === "function" ? (second as PatternFactory) : undefined
    const options: AnyOptions = createPattern === undefined ? second : third
    if (createPattern === undefined && typeof type !== "number") {
      throw new TypeError("Socket type must be a number")
    }
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
    const { context = globalContext(), ...values } = options
    if (!(context instanceof Context)) throw new TypeError("Context must be a context object")
    const inside =
      createPattern === undefined
        ? takeOver(this, type as number, context)
        : new SocketCore(contextCore(context), type as SocketType, createPattern)
    const define = (name: string, value: unknown): void => {
      Object.defineProperty(this, name, { value })
    }
    define("core", inside)
    define("contextFacade", context)
    // As with zeromq.js a misspelt option is an error, not a new property.
    Object.seal(this)
    // A socket that was made to take its inside over is lost at once.
    lost.unregister(inside)
    lost.register(this, inside, inside)
    try {
      Object.assign(this, values)
    } catch (error) {
      inside.close()
      throw error
    }
  }

  /** The context that the socket belongs to; undefined once it is closed. */
  get context(): Context | undefined {
    return this.closed ? undefined : this.contextFacade
  }

  /** What happens to the socket's connections, from the first use of this property on. Always the same object. */
  get events(): Observer {
    let observer = observers.get(this)
    if (observer === undefined) observers.set(this, (observer = new Observer(this)))
    return observer
  }

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.core.closed
  }

  /** The number of the socket's type (zmq.h): 8 for PUSH. */
  get type(): number {
    return socketNumbers[openCore(this, "ENOTSOCK").type]
  }

  /** The endpoint that was bound or connected last, with everything resolved; null before. */
  get lastEndpoint(): string | null {
    return openCore(this, "ENOTSOCK").endpoints.last
  }

  /** Whether a message might be received at once; false once the socket is closed. */
  get readable(): boolean {
    return !this.closed && this.core.pattern.canReceive
  }

  /** Whether a message might be sent at once; false once the socket is closed. */
  get writable(): boolean {
    return !this.closed && this.core.pattern.canSend
  }

  /** The mechanism of the socket's handshakes, as its options chose it: null for NULL. (ZMQ_MECHANISM) */
  get securityMechanism(): null | "plain" | "curve" {
    switch (openCore(this, "ENOTSOCK").mechanism) {
      case "PLAIN":
        return "plain"
      case "CURVE":
        return "curve"
      default:
        return null
    }
  }

  /** Whether the type is one of libzmq's thread-safe ones. */
  get threadSafe(): boolean {
    return isThreadSafe(openCore(this, "ENOTSOCK").type)
  }

  /** What the socket has moved since it was made, and what it holds now. Throws ENOTSOCK once it is closed. */
  stats(): SocketStats {
    return openCore(this, "ENOTSOCK").stats()
  }

  /**
   * Listens at `address`; peers may connect from then on. Resolves when it listens. With `options`, for ws and wss, it
   * may share a server that is there already, and say which pages may connect from browsers.
   *
   * An inproc name of the process-wide context is one name for all worker threads: all that use inproc are asked
   * whether they have it, and one of those has EADDRINUSE for an answer. That takes a message to and from each of them. A
   * thread that computes is waited for up to a second, and overlooked if it has not answered by then. A worker whose
   * maker had not used inproc when it made it does not know which others there are: it waits 50 milliseconds.
   *
   * Rejects with EINVAL, EPROTONOSUPPORT, EADDRINUSE, EADDRNOTAVAIL, ENODEV, EACCES or ENAMETOOLONG.
   * (zmq_bind(3))
   */
  bind(address: string, options: BindOptions = {}): Promise<void> {
    checkAddress(address)
    checkBindOptions(options)
    return openCore(this).endpoints.bind(address, options)
  }

  /**
   * Listens at `address` before it returns; `lastEndpoint` then tells the port. Throws what {@link bind} rejects
   * with. Host names other than those of interfaces take time to resolve: use {@link bind} for them. Nor is there time to
   * ask other threads: where two have bound one inproc name, each is who its own thread connects to, and which of them
   * others get is not defined.
   */
  bindSync(address: string, options: BindOptions = {}): void {
    checkAddress(address)
    checkBindOptions(options)
    openCore(this).endpoints.bindSync(address, options)
  }

  /**
   * Listens at a port that is free, and resolves with its number. `address` is the endpoint without its port, such as
   * `"tcp://127.0.0.1"`. Without a range the system chooses the port.
   *
   * Rejects with EADDRINUSE when no attempt found a free one, and with what {@link bind} rejects with for other reasons.
   * Throws EINVAL for a range that is none, and for ipc and inproc, which have no ports.
   */
  bindToRandomPort(address: string, range?: PortRange): Promise<number> {
    checkAddress(address)
    return bindToRandomPort(openCore(this), address, range)
  }

  /**
   * Stops listening at `address`, which is what `lastEndpoint` showed, and lets its connections go. Resolves when
   * it can be bound again. Rejects with ENOENT. (zmq_unbind(3))
   */
  unbind(address: string): Promise<void> {
    checkAddress(address)
    const inside = openCore(this)
    // An unknown address rejects; only a wrong call throws.
    return new Promise((resolve) => resolve(inside.endpoints.unbind(address)))
  }

  /** Stops listening at `address` before it returns. Throws ENOENT. */
  unbindSync(address: string): void {
    checkAddress(address)
    void openCore(this).endpoints.unbind(address)
  }

  /**
   * Connects to `address`, and again whenever the connection is lost. Returns at once; the peer need not be there
   * yet. A second connect to one address makes a second connection; Dealer, Publisher, Request and Subscriber
   * ignore it, but for inproc. Over inproc a connection is made once, be the other side in this thread or in another
   * one, and is not made again when it is lost, also with the other one's thread. Throws EINVAL, EPROTONOSUPPORT or
   * ENAMETOOLONG. (zmq_connect(3), zmq_inproc(7))
   */
  connect(address: string): void {
    checkAddress(address)
    openCore(this).endpoints.connect(address)
  }

  /** Lets the connection to `address` go; messages queued for it follow `linger`. Throws ENOENT. (zmq_disconnect(3)) */
  disconnect(address: string): void {
    checkAddress(address)
    openCore(this).endpoints.disconnect(address)
  }

  /**
   * Whether an option that libzmq knows by this number is not 0. For subclasses, as are its likes: they take the
   * numbers of zmq.h, and throw EINVAL for one that this type has not, or that is of another width there.
   */
  protected getBoolOption(option: number): boolean {
    return this.getInt32Option(option) !== 0
  }

  /** Sets an option to 1 or 0. Throws EINVAL. */
  protected setBoolOption(option: number, value: boolean): void {
    setBooleanOption(openCore(this, "ENOTSOCK"), option, value)
  }

  /** Reads an option of 32 bits. Throws EINVAL. */
  protected getInt32Option(option: number): number {
    return getNumberOption(openCore(this, "ENOTSOCK"), option, int32)
  }

  /** Sets an option of 32 bits. Throws EINVAL. */
  protected setInt32Option(option: number, value: number): void {
    setNumberOption(openCore(this, "ENOTSOCK"), option, value, int32)
  }

  /** Reads an option of 32 bits; -1 as 4294967295. Throws EINVAL. */
  protected getUint32Option(option: number): number {
    return getNumberOption(openCore(this, "ENOTSOCK"), option, uint32)
  }

  /** Sets an option of 32 bits; 4294967295 is -1. Throws EINVAL. */
  protected setUint32Option(option: number, value: number): void {
    setNumberOption(openCore(this, "ENOTSOCK"), option, value, uint32)
  }

  /** Reads an option of 64 bits: ZMQ_AFFINITY, ZMQ_MAXMSGSIZE or one of ZMQ_VMCI's. Throws EINVAL. */
  protected getInt64Option(option: number): number {
    return getNumberOption(openCore(this, "ENOTSOCK"), option, int64)
  }

  /** Sets an option of 64 bits. Throws EINVAL. */
  protected setInt64Option(option: number, value: number): void {
    setNumberOption(openCore(this, "ENOTSOCK"), option, value, int64)
  }

  /** Reads an option of 64 bits; -1 as 2 ** 64, the nearest number to what it is without a sign. Throws EINVAL. */
  protected getUint64Option(option: number): number {
    return getNumberOption(openCore(this, "ENOTSOCK"), option, uint64)
  }

  /** Sets an option of 64 bits; 2 ** 64 is -1. Throws EINVAL. */
  protected setUint64Option(option: number, value: number): void {
    setNumberOption(openCore(this, "ENOTSOCK"), option, value, uint64)
  }

  /** Reads an option that is text or bytes there; null where it has none. Throws EINVAL. */
  protected getStringOption(option: number): string | null {
    return getTextOption(openCore(this, "ENOTSOCK"), option)
  }

  /** Sets an option that is text or bytes there; null takes it away. Throws EINVAL. */
  protected setStringOption(option: number, value: string | Frame | null): void {
    setTextOption(openCore(this, "ENOTSOCK"), option, value)
  }

  /**
   * Closes the socket: pending operations reject with EAGAIN, loops over messages end, messages that were accepted
   * follow `linger`. Closing again does nothing. (zmq_close(3))
   */
  close(): void {
    lost.unregister(this.core)
    this.core.close()
  }

  /** Closes the socket. */
  [Symbol.dispose](): void {
    this.close()
  }

  /** Closes the socket; resolves when `linger` is over. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close()
    return this.core.done
  }
}

export interface Socket extends CommonOptions {}

export function checkAddress(address: unknown): void {
  if (typeof address !== "string") throw new TypeError("Address must be a string")
}
