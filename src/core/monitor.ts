import { ProtocolError, type ProtocolErrorCode } from "../errors.js"
import type { Scheduler } from "../link/link.js"
import { Queue } from "../queue.js"
import { PeerRefusal } from "../security/mechanism.js"
import type { KeepAlive } from "./keep-alive.js"

/** What happens to a socket's connections; named as zeromq.js names them. */
export type Event =
  | { readonly type: "accept"; readonly address: string }
  | { readonly type: "accept:error"; readonly address: string; readonly error: Error }
  | { readonly type: "bind"; readonly address: string }
  | { readonly type: "bind:error"; readonly address: string; readonly error: Error }
  | { readonly type: "connect"; readonly address: string }
  | { readonly type: "connect:delay"; readonly address: string }
  | { readonly type: "connect:retry"; readonly address: string; readonly interval: number }
  | { readonly type: "close"; readonly address: string }
  | { readonly type: "disconnect"; readonly address: string }
  | { readonly type: "handshake"; readonly address: string }
  | {
      readonly type: "handshake:error:protocol"
      readonly address: string
      readonly error: EventError<ProtocolErrorCode>
    }
  | {
      readonly type: "handshake:error:auth"
      readonly address: string
      readonly error: Error & { status: number }
    }
  | { readonly type: "handshake:error:other"; readonly address: string; readonly error: Error }
  | { readonly type: "end" }

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
  private readonly scheduler: Scheduler
  private readonly keepAlive: KeepAlive
  private readonly handlers: Map<EventType, Set<(event: Event) => void>> = new Map()
  private readonly unread: Queue<Event> = new Queue()
  private readonly waiting: Queue<(event: Event) => void> = new Queue()

  constructor(scheduler: Scheduler, keepAlive: KeepAlive) {
    this.scheduler = scheduler
    this.keepAlive = keepAlive
  }

  /** Handlers get the events; then `receive` cannot. */
  get hasHandlers(): boolean {
    return this.handlers.size > 0
  }

  /** Events came that nobody has read. */
  get hasUnread(): boolean {
    return this.unread.length > 0
  }

  on(type: EventType, handler: (event: Event) => void): void {
    let handlers = this.handlers.get(type)
    if (handlers === undefined) this.handlers.set(type, (handlers = new Set()))
    handlers.add(handler)
  }

  off(type: EventType, handler: (event: Event) => void): void {
    this.handlers.get(type)?.delete(handler)
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
    if (this.hasHandlers) {
      for (const handler of this.handlers.get(event.type) ?? []) {
        // Not from here: what a handler throws must not hit the connection that the event is about.
        this.scheduler.afterMicrotasks(() => handler(event))
      }
      return
    }
    const waiter = this.waiting.shift()
    if (waiter !== undefined) waiter(event)
    else {
      this.unread.push(event)
      if (this.unread.length > MAX_UNREAD) this.unread.shift()
    }
  }

  close(): void {
    if (this.closed) return
    this.emit({ type: "end" })
    this.closed = true
    for (let waiter = this.waiting.shift(); waiter !== undefined; waiter = this.waiting.shift()) {
      waiter({ type: "end" })
    }
  }
}

/** The event for a connection that ended before its handshake was over. */
export function eventOfHandshake(error: Error | undefined, address: string): Event {
  if (error instanceof ProtocolError) return { type: "handshake:error:protocol", address, error }
  if (error instanceof PeerRefusal && /^\d{3}$/.test(error.reason)) {
    const status = Number(error.reason)
    return { type: "handshake:error:auth", address, error: Object.assign(error, { status }) }
  }
  return {
    type: "handshake:error:other",
    address,
    error: error ?? new Error("The peer hung up during the handshake."),
  }
}
