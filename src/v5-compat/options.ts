// Options by their numbers and short names.
import type { Subscriber } from "../index.js"
import * as zmq from "./constants.js"
import type { AnySocket } from "./sockets.js"

/** The options that are properties of a socket, with their numbers in zmq.h. */
export interface ShortOptions {
  readonly _fd: number
  readonly _ioevents: number
  readonly _receiveMore: number
  readonly _subscribe: number
  readonly _unsubscribe: number
  readonly affinity: number
  readonly backlog: number
  readonly identity: number
  readonly linger: number
  readonly rate: number
  readonly rcvbuf: number
  readonly last_endpoint: number
  readonly reconnect_ivl: number
  readonly recovery_ivl: number
  readonly sndbuf: number
  readonly mechanism: number
  readonly plain_server: number
  readonly plain_username: number
  readonly plain_password: number
  readonly curve_server: number
  readonly curve_publickey: number
  readonly curve_secretkey: number
  readonly curve_serverkey: number
  readonly zap_domain: number
  readonly heartbeat_ivl: number
  readonly heartbeat_ttl: number
  readonly heartbeat_timeout: number
  readonly connect_timeout: number
}

/** The options that are properties of a socket, with their numbers in zmq.h. */
export const options: ShortOptions = {
  _fd: zmq.ZMQ_FD,
  _ioevents: zmq.ZMQ_EVENTS,
  _receiveMore: zmq.ZMQ_RCVMORE,
  _subscribe: zmq.ZMQ_SUBSCRIBE,
  _unsubscribe: zmq.ZMQ_UNSUBSCRIBE,
  affinity: zmq.ZMQ_AFFINITY,
  backlog: zmq.ZMQ_BACKLOG,
  identity: zmq.ZMQ_IDENTITY,
  linger: zmq.ZMQ_LINGER,
  rate: zmq.ZMQ_RATE,
  rcvbuf: zmq.ZMQ_RCVBUF,
  last_endpoint: zmq.ZMQ_LAST_ENDPOINT,
  reconnect_ivl: zmq.ZMQ_RECONNECT_IVL,
  recovery_ivl: zmq.ZMQ_RECOVERY_IVL,
  sndbuf: zmq.ZMQ_SNDBUF,
  mechanism: zmq.ZMQ_MECHANISM,
  plain_server: zmq.ZMQ_PLAIN_SERVER,
  plain_username: zmq.ZMQ_PLAIN_USERNAME,
  plain_password: zmq.ZMQ_PLAIN_PASSWORD,
  curve_server: zmq.ZMQ_CURVE_SERVER,
  curve_publickey: zmq.ZMQ_CURVE_PUBLICKEY,
  curve_secretkey: zmq.ZMQ_CURVE_SECRETKEY,
  curve_serverkey: zmq.ZMQ_CURVE_SERVERKEY,
  zap_domain: zmq.ZMQ_ZAP_DOMAIN,
  heartbeat_ivl: zmq.ZMQ_HEARTBEAT_IVL,
  heartbeat_ttl: zmq.ZMQ_HEARTBEAT_TTL,
  heartbeat_timeout: zmq.ZMQ_HEARTBEAT_TIMEOUT,
  connect_timeout: zmq.ZMQ_CONNECT_TIMEOUT,
}

/** What the options are called that are properties today. */
const properties: ReadonlyMap<number, string> = new Map([
  [zmq.ZMQ_AFFINITY, "affinity"],
  [zmq.ZMQ_IDENTITY, "routingId"],
  [zmq.ZMQ_RATE, "rate"],
  [zmq.ZMQ_RECOVERY_IVL, "recoveryInterval"],
  [zmq.ZMQ_SNDBUF, "sendBufferSize"],
  [zmq.ZMQ_RCVBUF, "receiveBufferSize"],
  [zmq.ZMQ_LINGER, "linger"],
  [zmq.ZMQ_RECONNECT_IVL, "reconnectInterval"],
  [zmq.ZMQ_BACKLOG, "backlog"],
  [zmq.ZMQ_RECONNECT_IVL_MAX, "reconnectMaxInterval"],
  [zmq.ZMQ_MAXMSGSIZE, "maxMessageSize"],
  [zmq.ZMQ_SNDHWM, "sendHighWaterMark"],
  [zmq.ZMQ_RCVHWM, "receiveHighWaterMark"],
  [zmq.ZMQ_MULTICAST_HOPS, "multicastHops"],
  [zmq.ZMQ_RCVTIMEO, "receiveTimeout"],
  [zmq.ZMQ_SNDTIMEO, "sendTimeout"],
  [zmq.ZMQ_ROUTER_MANDATORY, "mandatory"],
  [zmq.ZMQ_TCP_KEEPALIVE, "tcpKeepalive"],
  [zmq.ZMQ_TCP_KEEPALIVE_CNT, "tcpKeepaliveCount"],
  [zmq.ZMQ_TCP_KEEPALIVE_IDLE, "tcpKeepaliveIdle"],
  [zmq.ZMQ_TCP_KEEPALIVE_INTVL, "tcpKeepaliveInterval"],
  [zmq.ZMQ_TCP_ACCEPT_FILTER, "tcpAcceptFilter"],
  [zmq.ZMQ_DELAY_ATTACH_ON_CONNECT, "immediate"],
  [zmq.ZMQ_ROUTER_RAW, "raw"],
  [zmq.ZMQ_IPV6, "ipv6"],
  [zmq.ZMQ_PLAIN_SERVER, "plainServer"],
  [zmq.ZMQ_PLAIN_USERNAME, "plainUsername"],
  [zmq.ZMQ_PLAIN_PASSWORD, "plainPassword"],
  [zmq.ZMQ_CURVE_SERVER, "curveServer"],
  [zmq.ZMQ_CURVE_PUBLICKEY, "curvePublicKey"],
  [zmq.ZMQ_CURVE_SECRETKEY, "curveSecretKey"],
  [zmq.ZMQ_CURVE_SERVERKEY, "curveServerKey"],
  [zmq.ZMQ_ZAP_DOMAIN, "zapDomain"],
  [zmq.ZMQ_ROUTER_HANDOVER, "handover"],
  [zmq.ZMQ_HEARTBEAT_IVL, "heartbeatInterval"],
  [zmq.ZMQ_HEARTBEAT_TTL, "heartbeatTimeToLive"],
  [zmq.ZMQ_HEARTBEAT_TIMEOUT, "heartbeatTimeout"],
  [zmq.ZMQ_CONNECT_TIMEOUT, "connectTimeout"],
])

const mechanisms: readonly unknown[] = [null, "plain", "curve", "gssapi"]

/** What libzmq takes on sockets of any type, where it has no effect on some: kept to be read again. */
const idle: WeakMap<AnySocket, Map<number, unknown>> = new WeakMap()

/** Sets an option. Throws an Error for an unknown one, and what today's property throws. */
export function setOption(inside: AnySocket, option: unknown, value: unknown): void {
  const id = idOf(option)
  if (id === zmq.ZMQ_SUBSCRIBE) subscriber(inside).subscribe(value as string)
  else if (id === zmq.ZMQ_UNSUBSCRIBE) subscriber(inside).unsubscribe(value as string)
  else if (id === zmq.ZMQ_IPV4ONLY) inside.ipv6 = !value
  else if (id === zmq.ZMQ_XPUB_VERBOSE) setProperty(inside, "verbosity", value ? "allSubs" : null)
  else setKnown(inside, id, value)
}

/** An option's value: of a switch 0 or 1. Throws an Error for an unknown one. */
export function getOption(inside: AnySocket, option: unknown): unknown {
  const id = idOf(option)
  switch (id) {
    case zmq.ZMQ_EVENTS:
      return (inside.readable ? zmq.ZMQ_POLLIN : 0) | (inside.writable ? zmq.ZMQ_POLLOUT : 0)
    case zmq.ZMQ_TYPE:
      return inside.type
    case zmq.ZMQ_LAST_ENDPOINT:
      return inside.lastEndpoint
    case zmq.ZMQ_IPV4ONLY:
      return !inside.ipv6
    case zmq.ZMQ_MECHANISM:
      return mechanisms.indexOf(inside.securityMechanism)
    // Messages are received whole.
    case zmq.ZMQ_RCVMORE:
      return 0
    case zmq.ZMQ_XPUB_VERBOSE:
      return Number((inside as { verbosity?: unknown }).verbosity === "allSubs")
    default:
      return getProperty(inside, id)
  }
}

/** The socket as one that takes subscriptions. Throws an Error. */
export function subscriber(inside: AnySocket): Subscriber {
  if (inside.type === zmq.ZMQ_SUB) return inside as unknown as Subscriber
  throw new Error("Subscriber socket required")
}

/** Gives a prototype the options as properties, by way of its own methods. */
export function installOptions(prototype: {
  getsockopt(option: number): unknown
  setsockopt(option: number, value: unknown): unknown
}): void {
  for (const [name, id] of Object.entries(options) as [string, number][]) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: typeof prototype) {
        return this.getsockopt(id)
      },
      set(this: typeof prototype, value: unknown) {
        this.setsockopt(id, value)
      },
    })
  }
}

function idOf(option: unknown): number {
  const id = typeof option === "number" ? option : options[option as keyof ShortOptions]
  if (id === undefined || id === zmq.ZMQ_FD) throw new Error("Unknown option")
  return id
}

function propertyOf(id: number): string {
  const name = properties.get(id)
  if (name === undefined) throw new Error("Unknown option")
  return name
}

function setKnown(inside: AnySocket, id: number, value: unknown): void {
  const name = propertyOf(id)
  if (!(name in inside)) keep(inside, id, value)
  else setProperty(inside, name, value)
}

function setProperty(inside: AnySocket, name: string, value: unknown): void {
  const settable = inside as unknown as Record<string, unknown>
  settable[name] = typeof settable[name] === "boolean" ? Boolean(value) : value
}

function getProperty(inside: AnySocket, id: number): unknown {
  const name = propertyOf(id)
  if (!(name in inside)) return idle.get(inside)?.get(id)
  const value = (inside as unknown as Record<string, unknown>)[name]
  return typeof value === "boolean" ? Number(value) : value
}

function keep(inside: AnySocket, id: number, value: unknown): void {
  const kept = idle.get(inside) ?? new Map<number, unknown>()
  idle.set(inside, kept.set(id, value))
}
