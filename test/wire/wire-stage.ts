// What the wire tests play on: a socket on one side, a mock peer on the other, and the events between them.
import assert from "node:assert/strict"
import { describe } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { eventually, within } from "../suites/deadline.js"
import { type Library, loadZeromq, puremq, type SocketName } from "../suites/library.js"
import { type Stage, scenario, type TransportName } from "../suites/stage.js"
import { EndedEarly, MockPeer, MockServer } from "./mock-peer.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

/** Which side of the connection the socket under test is. */
export type Role = "binds" | "connects"
export const roles: readonly Role[] = ["binds", "connects"]

/** A scenario of puremq alone: where libzmq is more lenient, or has a flaw of its own. */
export function here(
  name: string,
  play: (stage: Stage) => Promise<void>,
  transport: TransportName = "tcp",
): void {
  scenario({ library: puremq, transport }, name, play)
}

/** The same scenarios on libzmq, by way of npm zeromq, and on puremq: so the mock itself is proved right. */
export function onBoth(define: (scenario: typeof here) => void, transport: TransportName = "tcp"): void {
  for (const library of [zeromq, puremq]) {
    const name = typeof library === "string" ? "zeromq" : library.name
    describe(`${name} over ${transport}`, { skip: typeof library === "string" && skip }, () => {
      if (typeof library === "string") return
      define((title, play) => scenario({ library, transport }, title, play))
    })
  }
}

/** Scenarios of zeromq.js alone: what it does where puremq differs on purpose. */
export function there(define: (scenario: typeof here) => void, transport: TransportName = "tcp"): void {
  describe(`zeromq differs over ${transport}`, { skip }, () => {
    if (typeof zeromq !== "string") {
      define((title, play) => scenario({ library: zeromq, transport }, title, play))
    }
  })
}

/** A pause that nobody waits for: that it begins shows that there would be another attempt. */
export const far = { reconnectInterval: 10_000, reconnectMaxInterval: 10_000 }

type SocketOf<Name extends SocketName> = InstanceType<Library["zmq"][Name]>
type OptionsOf<Name extends SocketName> = ConstructorParameters<Library["zmq"][Name]>[0]

/** A socket that a mock peer has a connection with; nobody has said a byte yet. */
export interface Meeting<Name extends SocketName> {
  readonly socket: SocketOf<Name>
  readonly mock: MockPeer
  readonly events: EventLog
  /** Another connection: a new one to a socket that binds, the next attempt of one that connects. */
  again(): Promise<MockPeer>
}

export async function meet<Name extends SocketName>(
  stage: Stage,
  role: Role,
  name: Name,
  options?: OptionsOf<Name>,
): Promise<Meeting<Name>> {
  const socket = stage.open(name, { reconnectInterval: 1, ...options } as OptionsOf<Name>)
  const events = stage.keep(new EventLog(socket))
  let again: () => Promise<MockPeer>
  if (role === "binds") {
    const address = await stage.bind(socket)
    again = () => dial(stage, address)
  } else {
    const server = stage.keep(await MockServer.listen())
    socket.connect(server.address)
    again = () => server.accept()
  }
  return { socket, events, again, mock: await again() }
}

export async function dial(stage: Stage, address: string): Promise<MockPeer> {
  return stage.keep(await MockPeer.dial(address))
}

/**
 * What comes of a handshake with a socket that gives little time for it. On a machine that stalls the first connection
 * may not be in time, and a later one has to be; the limit is all that may have ended those before.
 */
export async function inTime<Outcome extends object>(
  events: EventLog,
  shake: () => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await eventually(
    () =>
      shake().catch((error: unknown) => {
        if (error instanceof EndedEarly) return undefined
        throw error
      }),
    "a handshake that is in time",
  )
  for (const type of events.types) {
    if (type.startsWith("handshake:error")) assert.equal(type, "handshake:error:other")
  }
  return outcome
}

type Observable = SocketOf<SocketName>
type Event = Awaited<ReturnType<Observable["events"]["receive"]>>
type EventOf<Type extends Event["type"]> = Extract<Event, { type: Type }>

/** A socket's events, from the beginning. */
export class EventLog {
  readonly seen: Event[] = []
  readonly #unread: Event[] = []
  readonly #events: Observable["events"]
  readonly #finished: Promise<void>
  #look = (): void => {}

  constructor(socket: Observable) {
    this.#events = socket.events
    this.#finished = this.#read()
  }

  /** The next event of a type; those before it are passed over. */
  async next<Type extends Event["type"]>(type: Type): Promise<EventOf<Type>> {
    const found = new Promise<EventOf<Type>>((resolve) => {
      this.#look = () => {
        for (let event = this.#unread.shift(); event !== undefined; event = this.#unread.shift()) {
          if (event.type !== type) continue
          this.#look = () => {}
          resolve(event as EventOf<Type>)
          return
        }
      }
    })
    this.#look()
    return await within(found, `the event ${type}`)
  }

  /**
   * Waits for nothing more, also where libzmq never tells the end, and with it the process. Not at once: libzmq's threads
   * would be stuck with an event for an observer that has gone.
   */
  close(): void {
    const timer = setTimeout(() => this.#events.close(), 2000).unref()
    const done = (): void => clearTimeout(timer)
    this.#finished.then(done, done)
  }

  /** What has been told so far. */
  get types(): string[] {
    return this.seen.map(({ type }) => type)
  }

  /** All that is ever told, once the socket is closed. */
  async whole(): Promise<string[]> {
    await within(this.#finished, "the end of the events")
    return this.types
  }

  async #read(): Promise<void> {
    for await (const event of this.#events) {
      this.seen.push(event)
      this.#unread.push(event)
      this.#look()
    }
  }
}

/** The code of an event's error. */
export function codeOf(event: { readonly error: Error }): unknown {
  return "code" in event.error ? event.error.code : undefined
}
