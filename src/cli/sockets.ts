import { setTimeout as delay } from "node:timers/promises"
import * as zmq from "../index.js"
import { attach, type Endpoint, toEndpoint } from "./endpoint.js"
import { TimeoutFailure, UsageFailure } from "./exit.js"
import { type SecurityFlags, secure } from "./security.js"
import type { Session, SessionOptions } from "./session.js"
import type { Assignment } from "./values.js"

/** The socket types by their names on the command line. */
export interface Sockets {
  pub: zmq.Publisher
  sub: zmq.Subscriber
  push: zmq.Push
  pull: zmq.Pull
  req: zmq.Request
  rep: zmq.Reply
  dealer: zmq.Dealer
  router: zmq.Router
  pair: zmq.Pair
  xpub: zmq.XPublisher
  xsub: zmq.XSubscriber
  stream: zmq.Stream
}

export type TypeName = keyof Sockets

const classes: { readonly [Type in TypeName]: new () => Sockets[Type] } = {
  pub: zmq.Publisher,
  sub: zmq.Subscriber,
  push: zmq.Push,
  pull: zmq.Pull,
  req: zmq.Request,
  rep: zmq.Reply,
  dealer: zmq.Dealer,
  router: zmq.Router,
  pair: zmq.Pair,
  xpub: zmq.XPublisher,
  xsub: zmq.XSubscriber,
  stream: zmq.Stream,
}

export const typeNames: readonly TypeName[] = Object.keys(classes) as TypeName[]

/** What the user says of a socket. */
export interface SocketFlags extends SessionOptions, SecurityFlags {
  readonly hwm?: number | undefined
  readonly routingId?: Buffer | undefined
  /** The same by its old name. */
  readonly identity?: Buffer | undefined
  readonly option?: readonly Assignment[] | undefined
}

/** What the user says of its endpoints too. */
export interface PlacedFlags extends SocketFlags {
  readonly bind?: boolean | undefined
  readonly wait?: number | undefined
}

/** A socket with its options, which ends with the session. */
export async function createSocket<Type extends TypeName>(
  type: Type,
  session: Session,
  flags: SocketFlags,
): Promise<Sockets[Type]> {
  const socket = new classes[type]() as Sockets[Type]
  session.add(socket)
  const { hwm, timeout, identity, routingId = identity, option = [] } = flags
  if (hwm !== undefined) setWhereItIs(socket, ["sendHighWaterMark", "receiveHighWaterMark"], hwm)
  if (timeout !== undefined) setWhereItIs(socket, ["sendTimeout", "receiveTimeout"], timeout)
  if (routingId !== undefined) set(socket, { name: "routingId", value: routingId })
  await secure(socket, flags, session)
  for (const assignment of option) set(socket, assignment)
  return socket
}

/** A socket that is bound and connected, and has the peers that are waited for. */
export async function openSocket<Type extends TypeName>(
  type: Type,
  addresses: readonly string[],
  session: Session,
  flags: PlacedFlags,
): Promise<Sockets[Type]> {
  const socket = await createSocket(type, session, flags)
  await place(socket, toPlaces(addresses, flags), session, flags)
  return socket
}

/** The endpoints of a command line. */
export function toPlaces(addresses: readonly string[], { bind = false }: PlacedFlags): Endpoint[] {
  return addresses.map((address) => toEndpoint(address, bind))
}

/** Binds and connects a socket, and waits for the peers that are asked for. */
export async function place(
  socket: zmq.Socket,
  endpoints: readonly Endpoint[],
  session: Session,
  { wait = 0, timeout = Infinity }: PlacedFlags,
): Promise<void> {
  await attach(socket, endpoints)
  const end = performance.now() + timeout
  while (peersOf(socket) < wait) {
    if (performance.now() > end) throw new TimeoutFailure(`${peersOf(socket)} of ${wait} peers came`)
    await delay(POLL, undefined, { signal: session.signal })
  }
}

/** Milliseconds between looks at a socket's statistics: no event tells that a subscription has come. */
const POLL = 5

/** What is published reaches who has subscribed, and nobody before: subscriptions are what an XPUB gets. */
function peersOf(socket: zmq.Socket): number {
  const { connections, messagesIn } = socket.stats()
  return socket instanceof zmq.XPublisher ? Math.min(connections, messagesIn) : connections
}

function setWhereItIs(socket: zmq.Socket, names: readonly string[], value: number): void {
  for (const name of names) if (name in socket) set(socket, { name, value })
}

function set(socket: zmq.Socket, { name, value }: Assignment): void {
  const property = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(socket), name)
  if (property?.set === undefined)
    throw new UsageFailure(`A ${socket.constructor.name} has no option ${name}`)
  try {
    Reflect.set(socket, name, value)
  } catch (error) {
    throw new UsageFailure(
      `The option ${name} cannot be ${JSON.stringify(value)}: ${(error as Error).message}`,
    )
  }
}
