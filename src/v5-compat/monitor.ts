// Events under the names that they had.
import type { EventEmitter } from "node:events"
import type { Event, EventType } from "../index.js"
import type { AnySocket } from "./sockets.js"

const names: ReadonlyMap<EventType, string> = new Map([
  ["accept", "accept"],
  ["accept:error", "accept_error"],
  ["bind", "listen"],
  ["bind:error", "bind_error"],
  ["close", "close"],
  ["close:error", "close_error"],
  ["connect", "connect"],
  ["connect:delay", "connect_delay"],
  ["connect:retry", "connect_retry"],
  ["disconnect", "disconnect"],
])

/** Passes a socket's events on to `emitter`; the function that is returned ends that. */
export function follow({ events }: AnySocket, emitter: EventEmitter): () => void {
  const handlers = [...names].map(([type, name]) => {
    const handler = (event: Event): void => {
      const { address, interval, error } = event as Partial<Told>
      emitter.emit(name, error === undefined ? interval : error.errno, address, error)
    }
    events.on(type, handler)
    return { type, handler }
  })
  return () => {
    for (const { type, handler } of handlers) events.off(type, handler)
  }
}

/** What events may carry. */
interface Told {
  readonly address: string
  readonly interval: number
  readonly error: Error & { readonly errno: number }
}
