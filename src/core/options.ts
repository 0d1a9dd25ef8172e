import { fromText } from "../bytes.js"
import { ZmqError } from "../errors.js"
import { type Frame, type MessageLike, toFrame } from "../message.js"
import type { SocketType } from "../peer.js"

const INT_MAX = 0x7fff_ffff

/**
 * Every socket option: its number in zmq.h, its kind, its default, its range, the sockets that have it and
 * whether it takes effect at once (`now`) or on the next bind or connect (`next`). Types, checks, accessors and
 * documentation come from here.
 */
export const optionTable = {
  /**
   * Milliseconds that messages which were accepted are still tried to be sent for after `close()`; -1: until
   * they are, 0: not at all. -1 by default, 0 for subscribers. (ZMQ_LINGER)
   */
  linger: { id: 17, kind: "int", default: -1, min: -1, on: "all", effect: "now" },
  /**
   * Milliseconds before a lost connection is tried again, the first time; 0 or -1: never. 100 by default.
   * (ZMQ_RECONNECT_IVL)
   */
  reconnectInterval: { id: 18, kind: "int", default: 100, min: -1, on: "all", effect: "next" },
  /**
   * Milliseconds that the pauses between attempts may grow to, doubling each time; 0: they do not grow but vary
   * at random between one and two intervals. 0 by default. (ZMQ_RECONNECT_IVL_MAX)
   */
  reconnectMaxInterval: { id: 21, kind: "int", default: 0, min: 0, on: "all", effect: "next" },
  /**
   * Bytes that a frame from a peer may have; -1: any number. A peer that sends more is disconnected. -1 by
   * default. (ZMQ_MAXMSGSIZE)
   */
  maxMessageSize: {
    id: 22,
    kind: "int",
    default: -1,
    min: -1,
    max: 9007199254740991,
    on: "all",
    effect: "next",
  },
  /** Connections that may wait to be accepted. 100 by default. (ZMQ_BACKLOG) */
  backlog: { id: 19, kind: "int", default: 100, min: 0, on: "all", effect: "next" },
  /**
   * Queue messages only for peers that are connected: sending waits until one is, and what was queued for a
   * peer is lost with its connection. False by default. (ZMQ_IMMEDIATE)
   */
  immediate: { id: 39, kind: "bool", default: false, on: "all", effect: "next" },
  /** Resolve names to, and listen on, IPv6 addresses too. False by default. (ZMQ_IPV6) */
  ipv6: { id: 42, kind: "bool", default: false, on: "all", effect: "next" },
  /**
   * Milliseconds that a peer may take for its handshake; 0: any time. 30000 by default. (ZMQ_HANDSHAKE_IVL)
   */
  handshakeInterval: { id: 66, kind: "int", default: 30_000, min: 0, on: "all", effect: "next" },
  /**
   * Milliseconds that connecting over TCP may take; 0: as long as the system tries. 0 by default.
   * (ZMQ_CONNECT_TIMEOUT)
   */
  connectTimeout: { id: 79, kind: "int", default: 0, min: 0, on: "all", effect: "next" },
  /** TCP's keep-alive probes: -1 the system's default, 0 off, 1 on. -1 by default. (ZMQ_TCP_KEEPALIVE) */
  tcpKeepalive: { id: 34, kind: "int", default: -1, min: -1, max: 1, on: "all", effect: "next" },
  /**
   * Probes that may stay unanswered. Kept and read back, but without effect: the runtime has no such setting.
   * -1 by default. (ZMQ_TCP_KEEPALIVE_CNT)
   */
  tcpKeepaliveCount: { id: 35, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /** Seconds of silence before the first probe; -1: the system's default. -1 by default. (ZMQ_TCP_KEEPALIVE_IDLE) */
  tcpKeepaliveIdle: { id: 36, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /**
   * Seconds between probes. Kept and read back, but without effect: the runtime has no such setting. -1 by
   * default. (ZMQ_TCP_KEEPALIVE_INTVL)
   */
  tcpKeepaliveInterval: { id: 37, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /**
   * Messages that may wait for each peer; 0: any number. At the mark sending waits or drops, as the socket's
   * pattern has it. 1000 by default. (ZMQ_SNDHWM)
   */
  sendHighWaterMark: { id: 23, kind: "int", default: 1000, min: 0, on: "writers", effect: "now" },
  /**
   * Messages from each peer that may wait to be received; 0: any number. At the mark the peer has to wait.
   * 1000 by default. (ZMQ_RCVHWM)
   */
  receiveHighWaterMark: { id: 24, kind: "int", default: 1000, min: 0, on: "readers", effect: "now" },
  /**
   * Milliseconds that `send()` waits for room before it rejects with EAGAIN; -1: any time, 0: not at all. -1 by
   * default. (ZMQ_SNDTIMEO)
   */
  sendTimeout: { id: 28, kind: "int", default: -1, min: -1, on: "writers", effect: "now" },
  /**
   * Milliseconds that `receive()` waits for a message before it rejects with EAGAIN; -1: any time, 0: not at
   * all. -1 by default. (ZMQ_RCVTIMEO)
   */
  receiveTimeout: { id: 27, kind: "int", default: -1, min: -1, on: "readers", effect: "now" },
  /**
   * The name that a ROUTER peer knows this socket by: 1 to 255 bytes that do not begin with a zero; null: the
   * ROUTER gives one. Null by default. (ZMQ_ROUTING_ID)
   */
  routingId: { id: 5, kind: "id", default: null, on: ["REQ", "REP", "DEALER", "ROUTER"], effect: "next" },
  /**
   * Refuse messages to unknown peers with EHOSTUNREACH, and wait when the peer is at its high-water mark,
   * instead of dropping them. False by default. (ZMQ_ROUTER_MANDATORY)
   */
  mandatory: { id: 33, kind: "bool", default: false, on: ["ROUTER"], effect: "now" },
  /**
   * A peer that comes with a routing id in use takes it over, and its holder is disconnected; else the
   * newcomer is ignored. False by default. (ZMQ_ROUTER_HANDOVER)
   */
  handover: { id: 56, kind: "bool", default: false, on: ["ROUTER"], effect: "now" },
  /**
   * Keep only the last message each way, whatever its topic; high-water marks have no effect. False by default.
   * (ZMQ_CONFLATE)
   */
  conflate: {
    id: 54,
    kind: "bool",
    default: false,
    on: ["DEALER", "PUSH", "PULL", "PUB", "SUB"],
    effect: "next",
  },
} as const

type Table = typeof optionTable
/** The name of a socket option. */
export type OptionName = keyof Table
type WriteOnly = "PUB" | "PUSH"
type ReadOnly = "SUB" | "PULL"
type Has<On, Type extends SocketType> = On extends "all"
  ? true
  : On extends "readers"
    ? Type extends WriteOnly
      ? false
      : true
    : On extends "writers"
      ? Type extends ReadOnly
        ? false
        : true
      : On extends readonly SocketType[]
        ? Type extends On[number]
          ? true
          : false
        : false
type ValueOf<Kind> = Kind extends "int" ? number : Kind extends "bool" ? boolean : string | Buffer | null

/** All options with their values. */
export type OptionValues = { -readonly [Name in OptionName]: ValueOf<Table[Name]["kind"]> }

/** The options of one socket type. */
export type OptionsOf<Type extends SocketType> = {
  -readonly [Name in OptionName as Has<Table[Name]["on"], Type> extends true ? Name : never]: ValueOf<
    Table[Name]["kind"]
  >
}

/** The options of every socket. */
export type CommonOptions = {
  -readonly [Name in OptionName as Table[Name]["on"] extends "all" ? Name : never]: ValueOf<
    Table[Name]["kind"]
  >
}

interface Entry {
  readonly kind: "int" | "bool" | "id"
  readonly default: number | boolean | null
  readonly min?: number
  readonly max?: number
  readonly on: "all" | "readers" | "writers" | readonly SocketType[]
  readonly effect: "now" | "next"
}

const entries: Record<OptionName, Entry> = optionTable

/** The names of the options of a socket type. */
export function optionNames(type: SocketType): OptionName[] {
  return (Object.keys(entries) as OptionName[]).filter((name) => {
    const { on } = entries[name]
    if (on === "all") return true
    if (on === "readers") return type !== "PUB" && type !== "PUSH"
    if (on === "writers") return type !== "SUB" && type !== "PULL"
    return on.includes(type)
  })
}

const defaults = Object.fromEntries(
  Object.entries(entries).map(([name, entry]) => [name, entry.default]),
) as unknown as OptionValues

/** The values that a new socket begins with. */
export function defaultOptions(type: SocketType): OptionValues {
  const values = { ...defaults }
  if (type === "SUB" || type === "XSUB") values.linger = 0
  return values
}

/** Whether a changed value waits for the next bind or connect. */
export function takesEffectLater(name: OptionName): boolean {
  return entries[name].effect === "next"
}

const LONGEST_ID = 255

/** The value in its stored form. Throws a TypeError for a wrong type, EINVAL for a value out of range. */
export function checkOption<Name extends OptionName>(name: Name, value: unknown): OptionValues[Name] {
  const { kind, min = 0, max = INT_MAX } = entries[name]
  if (kind === "bool") {
    if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
    return value as OptionValues[Name]
  }
  if (kind === "int") {
    if (typeof value !== "number") throw new TypeError("Option value must be a number")
    // What is left until a deadline is seldom a whole number of milliseconds.
    const whole = Math.trunc(value) + 0
    if (!Number.isInteger(whole) || whole < min || whole > max) {
      throw new ZmqError("EINVAL", { message: `${name} goes from ${min} to ${max}; ${value} doesn't.` })
    }
    return whole as OptionValues[Name]
  }
  return checkId(value) as OptionValues[Name]
}

function checkId(value: unknown): string | Buffer | null {
  if (value === null) return null
  if (typeof value !== "string" && !ArrayBuffer.isView(value)) {
    throw new TypeError("Option value must be a string or buffer")
  }
  const bytes = toFrame(value as MessageLike)
  if (bytes.length === 0 || bytes.length > LONGEST_ID || bytes[0] === 0) {
    throw new ZmqError("EINVAL", {
      message: "A routing id has 1 to 255 bytes and does not begin with a zero.",
    })
  }
  return typeof value === "string" ? value : (Uint8Array.prototype.slice.call(bytes) as Frame)
}

/** A stored routing id as bytes. */
export function routingIdBytes(value: string | Buffer | null): Frame {
  return typeof value === "string" ? fromText(value) : (value ?? fromText(""))
}
