import { copyOf } from "../bytes.js"
import { type ErrorCode, fromPlatform, ProtocolError, type ProtocolErrorCode, ZmqError } from "../errors.js"
import type { Scheduler } from "../link/link.js"
import type { Frame } from "../message.js"
import { Queue } from "../queue.js"
import { PeerRejection } from "../security/authentication.js"
import { PeerRefusal } from "../security/mechanism.js"
import type { KeepAlive } from "./keep-alive.js"

/** Whom an event is about. */
interface Place {
  /** The endpoint: as it was bound, with everything resolved, or as it was given to `connect`. */
  readonly address: string
  /**
   * The peer's own address, where it has one. Not enumerable, as all that is told of the peer, so that events equal
   * those of zeromq.js, which do not tell it.
   */
  readonly peerAddress?: string
  /** The peer's socket type, such as `"DEALER"`, once the handshake is over; if it told one. Not enumerable. */
  readonly peerSocketType?: string
  /**
   * The routing id by which a Router knows the peer, or a Server, whose number it is in four bytes; or that the peer
   * announced to any other socket. Once the handshake is over. Not enumerable.
   */
  readonly peerRoutingId?: Frame
}

/**
 * What happens to a socket's connections, but for those over inproc; named as zeromq.js names them. Of udp, where there
 * are none, `bind:error` and `connect:retry` are told alone. `accept:error` is told of peers that `tcpAcceptFilter`
 * turned away, of those that were too many (`maxConnections`: EMFILE, `maxHandshakes`: ENOBUFS), and of those that the
 * system could not accept. `unknown` is for programs written for zeromq.js: here nothing leads to it.
 */
export type Event =
  | ({ readonly type: "accept" } & Place)
  | { readonly type: "accept:error"; readonly address: string; readonly error: ZmqError }
  | { readonly type: "bind"; readonly address: string }
  | { readonly type: "bind:error"; readonly address: string; readonly error: ZmqError }
  | ({ readonly type: "connect" } & Place)
  | { readonly type: "connect:delay"; readonly address: string }
  | { readonly type: "connect:retry"; readonly address: string; readonly interval: number }
  | {
      readonly type: "close"
      readonly address: string
      /** Why an attempt to connect failed; undefined when a listener was closed. Not enumerable. */
      readonly reason?: ZmqError
    }
  | { readonly type: "close:error"; readonly address: string; readonly error: ZmqError }
  | ({
      readonly type: "disconnect"
      /**
       * What went wrong; undefined when the peer hung up in order, and when its handshake failed, which has an event of
       * its own. EMSGSIZE and ENOBUFS: the peer wanted more than a limit allows. Not enumerable.
       */
      readonly reason?: EventError<ErrorCode | ProtocolErrorCode>
    } & Place)
  | ({ readonly type: "handshake" } & Place)
  | ({ readonly type: "handshake:error:protocol"; readonly error: EventError<ProtocolErrorCode> } & Place)
  | ({ readonly type: "handshake:error:auth"; readonly error: Error & { status: AuthStatus } } & Place)
  | ({ readonly type: "handshake:error:other"; readonly error: ZmqError } & Place)
  | { readonly type: "end" }
  | { readonly type: "unknown" }

/** An authenticator's verdict: try later, not with these credentials, or it failed itself (RFC 27). */
type AuthStatus = 300 | 400 | 500

/** An event's error with its code. */
export type EventError<Code extends string> = Error & { readonly code: Code }

/** The name of an event. */
export type EventType = Event["type"]

/** The event of one name. */
export type EventOfType<Type extends EventType = EventType> = Extract<Event, { type: Type }>

/** Events that nobody has read: beyond this the oldest are forgotten. */
const MAX_UNREAD = 10_000

/** Hands events to whoever asked for them. */
export class Monitor {
  closed = false
  /** Somebody looks: until then events are not made. */
  watched = false
  /** Handlers get the events, from the first of them on; then nobody can begin to read them. */
  emitting = false
  private readonly scheduler: Scheduler
  private readonly keepAlive: KeepAlive
  private handlerCount = 0
  private readonly handlers: Map<EventType, ((event: Event) => void)[]> = new Map()
  private readonly unread: Queue<Event> = new Queue()
  private readonly waiting: Queue<(event: Event) => void> = new Queue()

  constructor(scheduler: Scheduler, keepAlive: KeepAlive) {
    this.scheduler = scheduler
    this.keepAlive = keepAlive
  }

  /** Events came that nobody has taken. */
  get hasUnread(): boolean {
    return this.unread.length > 0
  }

  on(type: EventType, handler: (event: Event) => void): void {
    // As with zeromq.js: who awaits an event through its handler has the process wait too.
    if (this.handlerCount++ === 0 && !this.closed) this.keepAlive.hold()
    this.handlers.set(type, [...(this.handlers.get(type) ?? []), handler])
    this.emitting = true
    // What was told before the first handler came is for the handlers too.
    this.callHandlersLater()
  }

  off(type: EventType, handler: (event: Event) => void): void {
    const handlers = this.handlers.get(type) ?? []
    const last = handlers.lastIndexOf(handler)
    if (last < 0) return
    if (--this.handlerCount === 0 && !this.closed) this.keepAlive.release()
    this.handlers.set(
      type,
      handlers.filter((_, at) => at !== last),
    )
  }

  /** The next event: at once, or when it comes. */
  next(): Event | Promise<Event> {
    const event = this.unread.shift()
    if (event !== undefined) return event
    if (this.closed) return { type: "end" }
    this.keepAlive.hold()
    return new Promise((resolve) => {
      this.waiting.push((event) => {
        this.keepAlive.release()
        resolve(event)
      })
    })
  }

  emit(event: Event): void {
    if (this.closed || !this.watched) return
    const waiter = this.waiting.shift()
    waiter?.(event)
    if (this.emitting) {
      this.unread.push(event)
      this.callHandlersLater()
    } else if (waiter === undefined) {
      this.unread.push(event)
      if (this.unread.length > MAX_UNREAD) this.unread.shift()
    }
  }

  /** The socket is over: the last event is of type `end`. */
  close(): void {
    if (this.closed) return
    const end: Event = { type: "end" }
    // Whoever begins to read only now learns that much.
    this.watched = true
    this.emit(end)
    this.closed = true
    if (this.handlerCount > 0) this.keepAlive.release()
    for (let waiter = this.waiting.shift(); waiter !== undefined; waiter = this.waiting.shift()) waiter(end)
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.close()
    this.unread.clear()
  }

  /** Not from where an event happens: what a handler does or throws must not hit the connection that it is about. */
  private callHandlersLater(): void {
    this.scheduler.afterMicrotasks(() => {
      for (let event = this.unread.shift(); event !== undefined; event = this.unread.shift()) this.call(event)
    })
  }

  private call(event: Event): void {
    for (const handler of this.handlers.get(event.type) ?? []) {
      try {
        handler(event)
      } catch (error) {
        // Uncaught, as what an EventEmitter's listener throws; but the other handlers are called.
        this.scheduler.afterMicrotasks(() => {
          throw error
        })
      }
    }
  }
}

/** What of udp is told nevertheless: that something goes wrong. */
const FAILURES: readonly EventType[] = ["bind:error", "connect:retry"]

/** Whether nobody is told: as with libzmq inproc and udp have no connections to watch, their sockets are simply there. */
export function isUnwatched(event: Event): boolean {
  if (!("address" in event)) return false
  const { address, type } = event
  return address.startsWith("inproc://") || (address.startsWith("udp://") && !FAILURES.includes(type))
}

/** What is known of the peer that an event is about; what is empty is not. */
export interface KnownPeer {
  readonly address: string
  readonly socketType: string
  readonly routingId: Frame
}

/** Tells, where it is known, who the peer is that an event is about. */
export function withPeer<Told extends Event>(
  event: Told,
  { address, socketType, routingId }: KnownPeer,
): Told {
  if (address !== "") Object.defineProperty(event, "peerAddress", { value: address })
  if (socketType !== "") Object.defineProperty(event, "peerSocketType", { value: socketType })
  if (routingId.length > 0) Object.defineProperty(event, "peerRoutingId", { value: copyOf(routingId) })
  return event
}

/** The event for an attempt to connect that failed. */
export function eventOfClose(error: Error | undefined, address: string): Event {
  const event: Event = { type: "close", address }
  if (error === undefined) return event
  const value = error instanceof ZmqError ? error : fromPlatform(error, address, "EHOSTUNREACH")
  return Object.defineProperty(event, "reason", { value })
}

/** The event for a connection that was lost. */
export function eventOfLoss(error: Error | undefined, address: string): Event {
  const event: Event = { type: "disconnect", address }
  if (error === undefined) return event
  const value = error instanceof ProtocolError ? error : withCode(error, address)
  return Object.defineProperty(event, "reason", { value })
}

/** The event for a handshake that failed. */
export function eventOfFailure(error: Error | undefined, address: string): Event {
  if (error instanceof ProtocolError) return { type: "handshake:error:protocol", address, error }
  if (error instanceof PeerRefusal && isAuthStatus(error.reason)) {
    const status = Number(error.reason) as AuthStatus
    return { type: "handshake:error:auth", address, error: Object.assign(error, { status }) }
  }
  if (error instanceof PeerRejection) return { type: "handshake:error:auth", address, error }
  return { type: "handshake:error:other", address, error: withCode(error, address) }
}

function isAuthStatus(reason: string): boolean {
  return ["300", "400", "500"].includes(reason)
}

/** The codes are those of zeromq.js; to a peer's refusal in words it has none. */
function withCode(error: Error | undefined, address: string): ZmqError {
  if (error === undefined) {
    return new ZmqError("EPIPE", { address, message: "The peer hung up during the handshake." })
  }
  if (error instanceof ZmqError) return error
  return fromPlatform(error, address, error instanceof PeerRefusal ? "ECONNREFUSED" : "EPROTO")
}
