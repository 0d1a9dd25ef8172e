import type { Event, EventOfType, EventType, Monitor } from "../core/monitor.js"
import { ZmqError } from "../errors.js"

/** A socket's events: read them one by one, or have handlers called. */
export class Observer {
  readonly #monitor: Monitor

  /** @internal */
  constructor(monitor: Monitor) {
    this.#monitor = monitor
  }

  /** Whether no event will come any more. */
  get closed(): boolean {
    return this.#monitor.closed
  }

  /** Calls `handler` for each event of a type, from now on. `receive` cannot be used then. */
  on<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): void {
    this.#monitor.on(type, handler as (event: Event) => void)
  }

  /** Stops calling `handler`. */
  off<Type extends EventType>(type: Type, handler: (event: EventOfType<Type>) => void): void {
    this.#monitor.off(type, handler as (event: Event) => void)
  }

  /** The next event. After the last, which is of type `end`, rejects with EBADF. Throws when there are handlers. */
  receive(): Promise<Event> {
    if (this.#monitor.hasHandlers)
      throw new Error(
        "Observer is in event emitter mode. After a call to events.on() it is not possible to read events with events.receive().",
      )
    if (this.closed && !this.#monitor.hasUnread) throw new ZmqError("EBADF")
    return Promise.resolve(this.#monitor.next())
  }

  /** Ends the events; the socket goes on. */
  close(): void {
    this.#monitor.stop()
  }

  /** Event after event; the last is of type `end`, when the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    const monitor = this.#monitor
    return {
      next: async () => {
        if (monitor.closed && !monitor.hasUnread) return { value: undefined, done: true }
        return { value: await monitor.next(), done: false }
      },
      return: () => Promise.resolve({ value: undefined, done: true }),
    }
  }
}
