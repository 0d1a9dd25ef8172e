import { type Event, type EventOfType, type EventType, Monitor } from "../core/monitor.js"
import { ZmqError } from "../errors.js"
import type { Socket } from "./socket.js"

/** Where handlers of events are given and taken back. */
export interface EventSubscriber {
  /** Calls `handler` for each event of a type, those that were not read yet among them. */
  on<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): EventSubscriber
  /** Stops calling `handler`. */
  off<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): EventSubscriber
}

/** A socket's events: read them one by one, or have handlers called. */
export class Observer implements EventSubscriber {
  readonly #monitor: Monitor

  /** Observes `socket` from now on, as its property `events` does. */
  constructor(socket: Socket) {
    // It may be anything in a program without types.
    const monitor: unknown = (socket as Socket | null | undefined)?.core?.monitor
    if (!(monitor instanceof Monitor)) throw new TypeError("Socket must be a socket object")
    monitor.watched = true
    this.#monitor = monitor
  }

  /** Whether the last event has been taken: no other will come. */
  get closed(): boolean {
    return this.#monitor.closed && !this.#monitor.hasUnread
  }

  /**
   * Calls `handler` for each event of a type, those that were not read yet among them. From then on `receive`
   * cannot be used. A handler keeps the process alive until it is taken back, or the socket or this is closed.
   */
  on<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): this {
    if (typeof handler !== "function") throw new TypeError("Handler must be a function")
    this.#monitor.on(type, handler as (event: Event) => void)
    return this
  }

  /** Stops calling `handler`. */
  off<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): this {
    this.#monitor.off(type, handler as (event: Event) => void)
    return this
  }

  /** The next event. Throws EBADF after the last, which is of type `end`, and an Error once there were handlers. */
  receive(): Promise<Event> {
    if (this.#monitor.emitting)
      throw new Error(
        "Observer is in event emitter mode. After a call to events.on() it is not possible to read events with events.receive().",
      )
    if (this.closed) throw new ZmqError("EBADF")
    return Promise.resolve(this.#monitor.next())
  }

  /** Ends the events; the socket goes on. */
  close(): void {
    this.#monitor.stop()
  }

  /** Event after event; the last is of type `end`, when the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    return {
      next: async () => {
        if (this.closed) return { value: undefined, done: true }
        return { value: await this.receive(), done: false }
      },
      return: () => Promise.resolve({ value: undefined, done: true }),
    }
  }
}
