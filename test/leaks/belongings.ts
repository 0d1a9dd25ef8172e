// What the library has open in this process: timers, connections, listeners. Only what its own code made counts, which
// the stack tells; what a test made itself is the test's affair. Nothing that is watched is kept alive by it.

import type { Socket as DatagramSocket } from "node:dgram"
import diagnostics from "node:diagnostics_channel"
import { findSourceMap } from "node:module"
import net from "node:net"
import { fileURLToPath } from "node:url"
import { fromRoot } from "../interop/package-root.js"

/** One thing that is open. */
export interface Belonging {
  /** Such as "a timer of 100 ms". */
  readonly what: string
  /** Where it was made: the library's innermost calls. */
  readonly madeAt: string
}

interface Frame {
  readonly name: string | null
  readonly file: string
  readonly line: number
  readonly column: number
}

interface Watched<Thing extends object> {
  readonly thing: Thing
  describe(thing: Thing): string
  isOpen(thing: Thing): boolean
  /** Of what the library had accepted before there was a stack to see. */
  readonly frames?: readonly Frame[]
}

interface WithHandle {
  readonly _handle: { readonly fd?: number } | null
}

const ours = fromRoot("dist/")
/** Longer than any way from a library's call to the system's. */
const FRAMES = 25
const NAMED_FRAMES = 4

/** Things that the library made, and that may be open still. */
class Watch {
  readonly #looks: Set<() => Belonging | undefined> = new Set()
  readonly #byThing: WeakMap<object, () => Belonging | undefined> = new WeakMap()

  note<Thing extends object>({ thing, describe, isOpen, frames = ownFrames() }: Watched<Thing>): void {
    if (frames.length === 0) return
    const reference = new WeakRef(thing)
    const look = (): Belonging | undefined => {
      const left = reference.deref()
      if (left === undefined || !isOpen(left)) return undefined
      return { what: describe(left), madeAt: frames.slice(0, NAMED_FRAMES).map(placeOfFrame).join("\n") }
    }
    this.#looks.add(look)
    this.#byThing.set(thing, look)
  }

  forget(thing: object): void {
    const look = this.#byThing.get(thing)
    if (look !== undefined) this.#looks.delete(look)
  }

  take(): Belonging[] {
    const open: Belonging[] = []
    for (const look of this.#looks) {
      const belonging = look()
      if (belonging === undefined) this.#looks.delete(look)
      else open.push(belonging)
    }
    return open
  }
}

/** Watches from now on; returns what tells what is open. */
export function watchBelongings(): () => Belonging[] {
  const watch = new Watch()
  watchTimers(watch)
  watchConnections(watch)
  watchListeners(watch)
  watchDatagrams(watch)
  watchSignals(watch)
  return () => watch.take()
}

/** The stack from the library's innermost call on; none where it had no part. An Error would keep all that it saw. */
function ownFrames(): readonly Frame[] {
  const { stackTraceLimit, prepareStackTrace } = Error
  Error.stackTraceLimit = FRAMES
  Error.prepareStackTrace = (_, sites) => sites.map(toFrame)
  const frames = new Error().stack as unknown as readonly Frame[]
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  const first = frames.findIndex(({ file }) => file.startsWith(ours))
  return first < 0 ? [] : frames.slice(first)
}

function toFrame(site: NodeJS.CallSite): Frame {
  const name = site.getFileName() ?? ""
  return {
    name: site.getFunctionName(),
    file: name.startsWith("file:") ? fileURLToPath(name) : name,
    line: site.getLineNumber() ?? 1,
    column: site.getColumnNumber() ?? 1,
  }
}

function placeOfFrame({ name, file, line, column }: Frame): string {
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1)
  const known = entry !== undefined && "originalSource" in entry
  const place = known ? `${entry.originalSource}:${entry.originalLine + 1}` : `${file}:${line}`
  return `    at ${name ?? "a function"} (${place.replace(/^file:\/\//, "")})`
}

function watchTimers(watch: Watch): void {
  const {
    setTimeout: setOne,
    clearTimeout: clearOne,
    setInterval: setMany,
    clearInterval: clearMany,
  } = globalThis
  type Task = (...values: unknown[]) => void
  const isOpen = (): boolean => true
  const setTimeout = (task: Task, milliseconds?: number, ...values: unknown[]): NodeJS.Timeout => {
    const timer = setOne(() => {
      watch.forget(timer)
      task(...values)
    }, milliseconds)
    watch.note({ thing: timer, describe: () => `a timer of ${milliseconds} ms`, isOpen })
    return timer
  }
  const setInterval = (task: Task, milliseconds?: number, ...values: unknown[]): NodeJS.Timeout => {
    const timer = setMany(task, milliseconds, ...values)
    watch.note({ thing: timer, describe: () => `a timer each ${milliseconds} ms`, isOpen })
    return timer
  }
  const forget = (timer: unknown): void => {
    if (typeof timer === "object" && timer !== null) watch.forget(timer)
  }
  globalThis.setTimeout = Object.assign(setTimeout, { __promisify__: setOne.__promisify__ }) as typeof setOne
  globalThis.setInterval = setInterval as typeof setMany
  globalThis.clearTimeout = (timer) => {
    forget(timer)
    clearOne(timer)
  }
  globalThis.clearInterval = (timer) => {
    forget(timer)
    clearMany(timer)
  }
}

function watchConnections(watch: Watch): void {
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function (this: net.Socket, ...words: unknown[]) {
    watch.note<net.Socket>({
      thing: this,
      describe: ({ remoteAddress, remotePort }) =>
        remoteAddress === undefined
          ? "a connection, to a path or not made yet"
          : `a connection to ${remoteAddress} port ${remotePort}`,
      isOpen: ({ destroyed }) => !destroyed,
    })
    return Reflect.apply(connect, this, words)
  } as typeof connect
}

function watchListeners(watch: Watch): void {
  const servers = new WeakMap<net.Server, readonly Frame[]>()
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function (this: net.Server, ...words: unknown[]) {
    const frames = ownFrames()
    servers.set(this, frames)
    watch.note<net.Server>({
      thing: this,
      describe: (server) => `a listener at ${placeOf(server.address())}`,
      isOpen: ({ listening }) => listening,
      frames,
    })
    return Reflect.apply(listen, this, words)
  } as typeof listen
  diagnostics.subscribe("net.server.socket", (message) => {
    const { server, _handle: handle } = (message as { socket: unknown }).socket as WithHandle & {
      readonly server?: net.Server
    }
    if (server === undefined || handle === null) return
    const place = placeOf(server.address())
    watch.note({
      // The handle, since the library may give it to a socket of its own. Closed, it has no file.
      thing: handle,
      describe: () => `a connection accepted at ${place}`,
      isOpen: ({ fd = -1 }) => fd >= 0,
      frames: servers.get(server) ?? [],
    })
  })
}

function watchDatagrams(watch: Watch): void {
  diagnostics.subscribe("udp.socket", (message) => {
    const { socket } = message as { socket: DatagramSocket }
    socket.once("close", () => watch.forget(socket))
    watch.note({ thing: socket, describe: () => "a socket of datagrams", isOpen: () => true })
  })
}

/** Listeners on signals, which belong to the user and may live for ever. */
function watchSignals(watch: Watch): void {
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...words: Parameters<typeof add>) {
    const [, listener] = words
    if (this instanceof AbortSignal && listener !== null) {
      const signal = new WeakRef(this)
      watch.note({
        thing: listener,
        describe: () => "a listener on an AbortSignal",
        isOpen: () => signal.deref()?.aborted === false,
      })
    }
    return Reflect.apply(add, this, words)
  }
  EventTarget.prototype.removeEventListener = function (
    this: EventTarget,
    ...words: Parameters<typeof remove>
  ) {
    if (words[1] !== null) watch.forget(words[1])
    return Reflect.apply(remove, this, words)
  }
}

function placeOf(address: net.AddressInfo | string | null): string {
  return typeof address === "object" ? `${address?.address} port ${address?.port}` : address
}
