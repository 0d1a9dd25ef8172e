// The sockets of `puremq` under what was their names.
import * as zmq from "../index.js"

/** A socket type's name: `xreq` and `xrep` are the old names of `dealer` and `router`. */
export type SocketType =
  | "pair"
  | "pub"
  | "sub"
  | "req"
  | "xreq"
  | "rep"
  | "xrep"
  | "dealer"
  | "router"
  | "pull"
  | "push"
  | "xpub"
  | "xsub"
  | "stream"

/** What a socket of any type may have. */
export type AnySocket = zmq.Socket & Partial<zmq.Readable> & Partial<zmq.Writable>

const classes: Readonly<Record<SocketType, new () => AnySocket>> = {
  pair: zmq.Pair,
  pub: zmq.Publisher,
  sub: zmq.Subscriber,
  req: zmq.Request,
  xreq: zmq.Dealer,
  rep: zmq.Reply,
  xrep: zmq.Router,
  dealer: zmq.Dealer,
  router: zmq.Router,
  pull: zmq.Pull,
  push: zmq.Push,
  xpub: zmq.XPublisher,
  xsub: zmq.XSubscriber,
  // It sends and receives pairs of frames alone, by its types.
  stream: zmq.Stream as unknown as new () => AnySocket,
}

/** By their numbers in zmq.h. */
const names: readonly SocketType[] = [
  "pair",
  "pub",
  "sub",
  "req",
  "rep",
  "dealer",
  "router",
  "pull",
  "push",
  "xpub",
  "xsub",
  "stream",
]

/** A type by its name, or by its number in zmq.h. Throws an Error. */
export function typeOf(type: unknown): SocketType {
  const name = typeof type === "number" ? names[type] : type
  if (typeof name === "string" && Object.hasOwn(classes, name)) return name as SocketType
  throw new Error(`Invalid socket type: ${String(type)}`)
}

/** A socket of that type. */
export function createInside(type: SocketType): AnySocket {
  return new classes[type]()
}
