import { EventEmitter } from "node:events"
import { emitWarning, nextTick } from "node:process"
import type { MessageLike } from "../index.js"
import { ZmqError } from "../index.js"
import { ZMQ_SNDMORE } from "./constants.js"
import { Inbox } from "./inbox.js"
import { follow } from "./monitor.js"
import { getOption, installOptions, type ShortOptions, setOption, subscriber } from "./options.js"
import { type Callback, Outbox } from "./outbox.js"
import { type AnySocket, createInside, type SocketType, typeOf } from "./sockets.js"

/** Old programs are written without types. */
// biome-ignore lint/suspicious/noExplicitAny: so it is in zeromq.js.
type Anything = any

/** The properties that are options: what {@link Socket.setsockopt} takes by the same names. */
type OptionProperties = { -readonly [Name in keyof ShortOptions]: Anything }

/**
 * A socket that tells what it receives by the event `message`, whose arguments are the frames, and of what went wrong
 * by the event `error`. `bind` and `unbind` tell of the endpoint's address; {@link monitor} adds the events of
 * connections.
 */
export interface Socket extends EventEmitter, OptionProperties {
  /** The name of its type, as it was given. */
  type: SocketType
  /** Whether {@link close} was called. */
  readonly closed: boolean
  /** Listens at `address`. Then `callback` is called and `bind` is emitted; or `callback` is told why not, or `error` is. */
  bind(address: string, callback?: Callback): this
  /** Listens at `address` before it returns. Throws what `bind` of `puremq` rejects with. */
  bindSync(address: string): this
  /** Stops listening at `address`. Tells as {@link bind} does. */
  unbind(address: string, callback?: Callback): this
  /** Stops listening at `address` before it returns. Throws ENOENT. */
  unbindSync(address: string): this
  /** Connects to `address`. */
  connect(address: string): this
  /** Lets the connection to `address` go. Throws ENOENT. */
  disconnect(address: string): this
  /**
   * Sends a message, or queues it as long as it cannot be sent: also when it is not this socket's turn. With the flag
   * ZMQ_SNDMORE its frames wait for the next call, which adds to them. `callback` is called when the message was
   * accepted, or with what is wrong; without one that is told by `error`.
   */
  send(message: MessageLike | MessageLike[], flags?: number | null, callback?: Callback): this
  /** The frames of a message, or null when there is none: for a socket that is paused. */
  read(): Buffer[] | null
  /** Receives and sends nothing until {@link resume}; what is sent meanwhile is queued. */
  pause(): this
  /** Goes on after {@link pause}. */
  resume(): this
  /** Asks for the messages that begin with `filter`. Throws an Error where the type is not `sub`. */
  subscribe(filter: string | Buffer): this
  /** Gives up `filter`. Throws an Error where the type is not `sub`. */
  unsubscribe(filter: string | Buffer): this
  /**
   * From now on emits `connect`, `connect_delay`, `connect_retry`, `listen`, `bind_error`, `accept`, `accept_error`,
   * `close`, `close_error` and `disconnect` with a value, the endpoint and an error: the value is the milliseconds
   * until the next attempt or the error's number.
   */
  monitor(interval?: number, count?: number): this
  /** Emits them no more. */
  unmonitor(): this
  /** Sets an option by its number or its short name. Throws an Error for an unknown one. */
  setsockopt(option: number | keyof ShortOptions, value: Anything): this
  /** Reads an option by its number or its short name. Throws an Error for an unknown one. */
  getsockopt(option: number | keyof ShortOptions): Anything
  /** Closes the socket: messages that were accepted follow `linger`, those still queued here are lost. */
  close(): this
}

/** A constructor that may be called without `new`, and on an instance of a class that inherits from it. */
export interface SocketConstructor {
  new (type: SocketType | number): Socket
  (type: SocketType | number): Socket
  readonly prototype: Socket
}

/** What a socket is made of. */
class Inside {
  readonly socket: AnySocket
  readonly inbox: Inbox
  readonly outbox: Outbox
  /** The frames of a message that goes on. */
  begun: MessageLike[] = []
  unfollow: (() => void) | undefined

  constructor(type: SocketType, emitter: EventEmitter) {
    const fail = (error: unknown): void => {
      emitter.emit("error", error)
    }
    this.socket = createInside(type)
    this.inbox = new Inbox(this.socket, {
      receive: (message) => {
        emitter.emit("message", ...message)
        this.outbox.goOn()
      },
      fail,
    })
    this.outbox = new Outbox(this.socket, fail, () => this.inbox.goOn())
  }
}

const insides: WeakMap<object, Inside> = new WeakMap()

function inside(socket: Socket): Inside {
  return insides.get(socket) as Inside
}

/** The socket of `puremq` that a socket of this module is made of. */
export function insideOf(socket: Socket): AnySocket {
  return inside(socket).socket
}

/** Makes sockets: `new Socket("push")`, `Socket("push")`, or `Socket.call(this, "push")` in an heir. */
export const Socket: SocketConstructor = (() => {
  function Socket(this: unknown, type: SocketType | number): Socket | undefined {
    const own = Socket as unknown as SocketConstructor
    if (!(this instanceof own)) return new own(type)
    const name = typeOf(type)
    ;(EventEmitter as unknown as () => void).call(this)
    this.type = name
    insides.set(this, new Inside(name, this))
    return undefined
  }
  return Socket as unknown as SocketConstructor
})()

Object.setPrototypeOf(Socket, EventEmitter)
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype)

/** Tells of what was asked for without waiting. */
function tell(
  socket: Socket,
  done: Promise<void>,
  event: string,
  address: string,
  callback?: Callback,
): Socket {
  done.then(
    () =>
      nextTick(() => {
        socket.emit(event, address)
        callback?.()
      }),
    (error: Error) =>
      nextTick(() => {
        if (callback === undefined) socket.emit("error", error)
        else callback(error)
      }),
  )
  return socket
}

const methods: Omit<Socket, keyof EventEmitter | keyof OptionProperties | "type"> & ThisType<Socket> = {
  get closed() {
    return insideOf(this).closed
  },
  bind(address, callback) {
    return tell(this, insideOf(this).bind(address), "bind", address, callback)
  },
  bindSync(address) {
    insideOf(this).bindSync(address)
    return this
  },
  unbind(address, callback) {
    return tell(this, insideOf(this).unbind(address), "unbind", address, callback)
  },
  unbindSync(address) {
    insideOf(this).unbindSync(address)
    return this
  },
  connect(address) {
    insideOf(this).connect(address)
    return this
  },
  disconnect(address) {
    insideOf(this).disconnect(address)
    return this
  },
  send(message, flags, callback) {
    const it = inside(this)
    const frames = it.begun.concat(message)
    const more = ((flags ?? 0) & ZMQ_SNDMORE) !== 0
    it.begun = more ? frames : []
    if (!more) it.outbox.send(frames, callback)
    return this
  },
  read() {
    return inside(this).inbox.take() ?? null
  },
  pause() {
    inside(this).inbox.pause()
    inside(this).outbox.pause()
    return this
  },
  resume() {
    inside(this).inbox.resume()
    inside(this).outbox.resume()
    return this
  },
  subscribe(filter) {
    subscriber(insideOf(this)).subscribe(filter)
    return this
  },
  unsubscribe(filter) {
    subscriber(insideOf(this)).unsubscribe(filter)
    return this
  },
  monitor(interval, count) {
    if (interval || count)
      emitWarning("The arguments of monitor() have no effect: events are told as they come.")
    inside(this).unfollow ??= follow(insideOf(this), this)
    return this
  },
  unmonitor() {
    inside(this).unfollow?.()
    inside(this).unfollow = undefined
    return this
  },
  setsockopt(option, value) {
    setOption(insideOf(this), option, value)
    return this
  },
  getsockopt(option) {
    return getOption(insideOf(this), option)
  },
  close() {
    insideOf(this).close()
    inside(this).outbox.close(new ZmqError("EAGAIN"))
    return this
  },
}

for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
  Object.defineProperty(Socket.prototype, name, { ...property, enumerable: false })
}
installOptions(Socket.prototype)
