// The options of contexts, by their names and by their numbers in zmq.h.

import { ZmqError } from "../errors.js"

const INT_MAX = 0x7fff_ffff

/** One line of {@link contextOptionTable}. */
interface ContextOptionEntry {
  /** Its number in zmq.h. */
  readonly id: number
  readonly default: number | boolean
  /** The least value of a number. */
  readonly min?: number
  readonly effect: "now" | "next" | "none"
}

/** Every option of a context that can be set; numbers go up to 2147483647. */
export const contextOptionTable = {
  /** Threads that move messages. Without effect: there are none. 1 by default. (ZMQ_IO_THREADS) */
  ioThreads: { id: 1, default: 1, min: 0, effect: "none" },
  /** Sockets that may be open at a time; one more throws EMFILE. 1023 by default. (ZMQ_MAX_SOCKETS) */
  maxSockets: { id: 2, default: 1023, min: 1, effect: "now" },
  /**
   * Bytes that a frame from a peer may have, as with the sockets' `maxMessageSize`: the lesser one counts; 2147483647:
   * any number. 2147483647 by default. libzmq keeps the number and does not go by it. (ZMQ_MAX_MSGSZ)
   */
  maxMessageSize: { id: 5, default: 2147483647, min: 0, effect: "next" },
  /** New sockets resolve to and listen on IPv6 addresses too. False by default. (ZMQ_IPV6) */
  ipv6: { id: 42, default: false, effect: "next" },
  /** New sockets linger without limit; else they do not linger. True by default. (ZMQ_BLOCKY) */
  blocky: { id: 70, default: true, effect: "next" },
  /** The priority of threads; -1: the system's. Without effect: there are none. -1 by default. (ZMQ_THREAD_PRIORITY) */
  threadPriority: { id: 3, default: -1, min: 0, effect: "none" },
  /**
   * How threads are scheduled; -1: as the system does. Without effect: there are none. -1 by default.
   * (ZMQ_THREAD_SCHED_POLICY)
   */
  threadSchedulingPolicy: { id: 4, default: -1, min: 0, effect: "none" },
} as const

/** The name of a context's option. */
export type ContextOptionName = keyof typeof contextOptionTable

/** What a context's options are. */
export type ContextOptionValues = {
  -readonly [Name in keyof typeof contextOptionTable]: (typeof contextOptionTable)[Name]["default"] extends boolean
    ? boolean
    : number
}

const entries: Readonly<Record<ContextOptionName, ContextOptionEntry>> = contextOptionTable

/** The names of all. */
export const contextOptionNames: readonly ContextOptionName[] = Object.keys(entries) as ContextOptionName[]

/** What a new context begins with. */
export const defaultContextOptions: Readonly<ContextOptionValues> = Object.fromEntries(
  contextOptionNames.map((name) => [name, entries[name].default]),
) as unknown as ContextOptionValues

/** The most that libzmq lets a context's sockets be; here there is no such limit. */
export const MAX_SOCKETS = 65_535

const SOCKET_LIMIT = 3
const MSG_T_SIZE = 6
/** A message is no struct here, but programs in C ask for what it takes. */
const MESSAGE_BYTES = 64

/** Throws a TypeError for a wrong type, EINVAL for a value out of range. */
export function setContextOption(
  options: ContextOptionValues,
  name: ContextOptionName,
  value: unknown,
): void {
  const { default: byDefault, min = 0 } = entries[name]
  if (typeof byDefault === "boolean") {
    if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
    Object.assign(options, { [name]: value })
    return
  }
  if (typeof value !== "number") throw new TypeError("Option value must be a number")
  const whole = Math.trunc(value) + 0
  if (!(whole >= min && whole <= INT_MAX)) {
    throw new ZmqError("EINVAL", { message: `${name} goes from ${min} to ${INT_MAX}; ${value} doesn't.` })
  }
  Object.assign(options, { [name]: whole })
}

/** An option by its number, a boolean as 0 or 1. Throws EINVAL. (zmq_ctx_get(3)) */
export function contextNumber(options: ContextOptionValues, id: number): number {
  if (id === SOCKET_LIMIT) return MAX_SOCKETS
  if (id === MSG_T_SIZE) return MESSAGE_BYTES
  return Number(options[nameOf(id)])
}

/** Sets an option by its number; a boolean takes any number that is not negative. Throws EINVAL. (zmq_ctx_set(3)) */
export function setContextNumber(options: ContextOptionValues, id: number, value: number): void {
  const name = nameOf(id)
  if (typeof entries[name].default === "boolean") {
    if (Math.trunc(value) < 0) throw unknown(id)
    setContextOption(options, name, Math.trunc(value) !== 0)
  } else {
    setContextOption(options, name, value)
  }
}

function nameOf(id: number): ContextOptionName {
  const name = contextOptionNames.find((one) => entries[one].id === id)
  if (name === undefined) throw unknown(id)
  return name
}

function unknown(id: number): ZmqError {
  return new ZmqError("EINVAL", { message: `There is no option ${id} of a context with that value here.` })
}
