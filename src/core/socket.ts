import { type ErrorCode, ZmqError } from "../errors.js"
import type { Counters, Hello, Outbox } from "../link/link.js"
import type { SocketType } from "../peer.js"
import type { Pattern } from "../routing/pattern.js"
import type { MechanismName } from "../security/security.js"
import { ConflateOutbox } from "./conflate.js"
import type { Connection } from "./connection.js"
import type { ContextCore } from "./context.js"
import { Endpoints } from "./endpoints.js"
import { helloOf, isRaw } from "./hello.js"
import { type Event, isUnwatched, Monitor } from "./monitor.js"
import { type Notices, noticesFor } from "./notices.js"
import {
  chooseMechanism,
  defaultOptions,
  type MechanismChoice,
  noMechanism,
  type OptionName,
  type OptionValues,
  takesEffectLater,
} from "./options.js"
import type { Marks, SocketPipe } from "./pipe.js"
import { securityOf } from "./security.js"
import { type SocketStats, takeStats } from "./stats.js"
import { Traffic } from "./traffic.js"
import type { Turn } from "./turn.js"

/** What a connection that we make goes by, however often it is made. */
export interface DialSettings {
  readonly options: Readonly<OptionValues>
  readonly hello: Hello
}

/** What a pipe is made of. */
interface PipeSettings {
  readonly outbox: Outbox
  readonly marks: Marks
  readonly conflate: boolean
  readonly connectionless: boolean
}

/** Who has a socket in its user's stead. */
export interface Borrower {
  /** There may be something to receive, or room to send. */
  changed(): void
  /** The socket was closed. */
  lost(code: ErrorCode): void
}

/** Makes a socket type's pattern. */
export type PatternFactory = (options: OptionValues, random: () => number) => Pattern

/** A socket's inside: its endpoints, its pattern and their lives. The class that users hold is a facade of it. */
export class SocketCore {
  readonly type: SocketType
  readonly context: ContextCore
  readonly options: OptionValues
  readonly pattern: Pattern
  readonly traffic: Traffic
  readonly scheduler: Turn
  readonly endpoints: Endpoints = new Endpoints(this)
  readonly counters: Counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  /** Messages that were dropped with their connections. */
  lost = 0
  closed = false
  /** Whether the user's operations are refused: the socket is closed, or somebody has borrowed it. */
  barred = false
  /** Resolves when everything that was accepted has been sent or given up, after {@link close}. */
  readonly done: Promise<void>

  private resolveDone!: () => void
  private readonly connections: Set<Connection> = new Set()
  private readonly pipes: Set<SocketPipe> = new Set()
  private over = false
  private held = false
  private monitorIfAny: Monitor | undefined
  private borrower: Borrower | undefined
  private choice: MechanismChoice = noMechanism
  private dialSettingsIfAny: DialSettings | undefined

  constructor(context: ContextCore, type: SocketType, createPattern: PatternFactory) {
    this.context = context
    this.type = type
    this.options = defaultOptions(type)
    this.options.ipv6 = context.options.ipv6
    if (!context.options.blocky) this.options.linger = 0
    this.scheduler = context.turn
    this.pattern = createPattern(this.options, context.platform.random)
    this.traffic = new Traffic(this.pattern, this.options, context.turn, context.platform, context.keepAlive)
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve
    })
    context.add(this)
  }

  random(): number {
    return this.context.platform.random()
  }

  /** Sets a value that has been checked. */
  setOption<Name extends OptionName>(name: Name, value: OptionValues[Name]): void {
    this.choice = chooseMechanism(this.choice, name, value)
    this.options[name] = name === "tcpAcceptFilter" ? this.addFilter(value) : value
    const { mechanism, asServer } = this.choice
    this.options.plainServer = asServer && mechanism === "PLAIN"
    this.options.curveServer = asServer && mechanism === "CURVE"
    this.dialSettingsIfAny = undefined
    this.pattern.optionsChanged()
    // What waited may go now.
    this.traffic.serveSenders()
    if (name === "sendHighWaterMark" || name === "receiveHighWaterMark") {
      const marks = this.marks()
      for (const pipe of this.pipes) pipe.setMarks(marks)
    } else if (takesEffectLater(name) && this.endpoints.anySoon) {
      this.context.platform.warn("Socket option will not take effect until next connect/bind.")
    }
  }

  /** Each filter is one more, until null takes all away. */
  private addFilter<Value>(value: Value): Value {
    const { tcpAcceptFilter } = this.options
    return value === null || tcpAcceptFilter === null ? value : (`${tcpAcceptFilter},${value}` as Value)
  }

  // ---- What connections ask for

  /** The options as they are now: what is set later is for those who ask later. */
  get dialSettings(): DialSettings {
    this.dialSettingsIfAny ??= { options: { ...this.options }, hello: this.hello() }
    return this.dialSettingsIfAny
  }

  /** The mechanism of handshakes that begin now. */
  get mechanism(): MechanismName {
    return this.choice.mechanism
  }

  get raw(): boolean {
    return isRaw(this.type, this.options)
  }

  /** What the user is to hear of a connection that is made now. */
  notices(side: "dialled" | "accepted", local: boolean): Notices | undefined {
    return noticesFor(this.type, this.options, side, local)
  }

  hello(): Hello {
    const { context, options, type, choice } = this
    return helloOf(type, options, context.frameBytes, securityOf(context, options, choice))
  }

  pipeSettings(address: string, raw: boolean): PipeSettings {
    const { conflate } = this.options
    const transport = this.context.transportOf(address)
    const outbox = transport.outbox(this.context.slabs, raw)
    // A subscriber sends subscriptions, and none of them stands for those before it.
    const conflated = conflate && this.type !== "SUB"
    return {
      outbox: conflated ? new ConflateOutbox(outbox) : outbox,
      marks: this.marks(),
      conflate,
      connectionless: transport.connectionless !== undefined,
    }
  }

  add(connection: Connection): void {
    this.connections.add(connection)
  }

  attach(pipe: SocketPipe): void {
    this.pipes.add(pipe)
    this.pattern.attach(pipe)
    this.traffic.serveSenders()
  }

  linked(pipe: SocketPipe): void {
    this.pattern.linked(pipe)
    this.traffic.serveSenders()
    this.traffic.serveReceivers()
  }

  readable(pipe: SocketPipe): void {
    this.pattern.readable(pipe)
    // A subscriber may have given up what a message waited for.
    if (this.pattern.readsAtOnce) this.traffic.serveSenders()
    if (!this.traffic.hasReceivers) return
    // A receiver that were served by each send of its peer would wait for each message anew.
    if (pipe.link?.local) this.traffic.serveReceiversLater()
    else this.traffic.serveReceivers()
  }

  writable(pipe: SocketPipe): void {
    this.pattern.writable(pipe)
    this.traffic.serveSenders()
  }

  detach(pipe: SocketPipe): void {
    pipe.ended = true
    this.pipes.delete(pipe)
    this.pattern.detach(pipe)
    // A subscriber that went may have left a notification.
    this.traffic.serveReceivers()
    // Who waits for a peer that went has to hear of it.
    this.traffic.serveSenders()
  }

  /** The connection is over for good. */
  forget(connection: Connection): void {
    this.connections.delete(connection)
    this.endpoints.forget(connection)
    this.finishIfDone()
  }

  stats(): SocketStats {
    return takeStats(this.counters, this.pipes, this.pattern.dropped + this.lost + this.counters.dropped)
  }

  /** Nobody has looked at the events of most sockets: those have no monitor. */
  get monitor(): Monitor {
    if (this.monitorIfAny === undefined) {
      this.monitorIfAny = new Monitor(this.context.turn, this.context.keepAlive)
      if (this.over) this.monitorIfAny.close()
    }
    return this.monitorIfAny
  }

  /** Whether events need be made. */
  get watched(): boolean {
    return this.monitorIfAny !== undefined
  }

  emit(event: Event): void {
    if (!isUnwatched(event)) this.monitorIfAny?.emit(event)
  }

  // ---- Who uses it

  /** Leaves sending and receiving to `borrower`. Throws EBADF, EBUSY. */
  lend(borrower: Borrower): void {
    if (this.closed) throw new ZmqError("EBADF")
    if (this.borrower !== undefined) throw blocked()
    this.borrower = borrower
    this.barred = true
    this.traffic.follow(() => borrower.changed())
  }

  /** Gives the socket back to its user, if `borrower` has it. */
  reclaim(borrower: Borrower): void {
    if (this.borrower !== borrower) return
    this.borrower = undefined
    this.barred = this.closed
    this.traffic.follow(undefined)
  }

  // ---- The end

  /** Fails what is pending with `code`, and lets everything go as `linger` says. */
  close(code: ErrorCode = "EAGAIN"): void {
    if (this.closed) return
    this.closed = true
    this.barred = true
    this.traffic.close(code)
    this.borrower?.lost(code)
    this.endpoints.close()
    for (const connection of [...this.connections]) this.letGo(connection)
    this.finishIfDone()
  }

  /** Whether messages wait that `linger` would wait for. */
  get unflushed(): boolean {
    for (const connection of this.connections) if (connection.unflushed) return true
    return false
  }

  /** Lets a connection go for good, within `linger` milliseconds. */
  letGo(connection: Connection, keepInbox = false, linger: number = this.options.linger): void {
    // What is still to be sent keeps the process alive, once a socket.
    if (!this.held) {
      this.held = true
      this.context.keepAlive.hold()
    }
    connection.close(linger, keepInbox)
    this.releaseIfQuiet()
  }

  private releaseIfQuiet(): void {
    if (!this.held) return
    for (const connection of this.connections) if (connection.closing) return
    this.held = false
    this.context.keepAlive.release()
  }

  /** Tells who waits for the end, if nothing is left. */
  finishIfDone(): void {
    this.releaseIfQuiet()
    if (!this.closed || this.connections.size > 0 || this.endpoints.busy) return
    this.over = true
    this.monitorIfAny?.close()
    this.context.remove(this)
    this.resolveDone()
  }

  private marks(): Marks {
    const { sendHighWaterMark, receiveHighWaterMark } = this.options
    return { send: sendHighWaterMark || Infinity, receive: receiveHighWaterMark || Infinity }
  }
}

/** What the user of a socket is told that somebody has borrowed. */
export function blocked(): ZmqError {
  return new ZmqError("EBUSY", { message: "Socket is blocked by a proxy" })
}
