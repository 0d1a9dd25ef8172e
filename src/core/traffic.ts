// Sending and receiving: the pattern says yes or "not now", and operations that have to wait do so here.

import { type ErrorCode, ZmqError } from "../errors.js"
import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Pattern } from "../routing/pattern.js"
import type { KeepAlive } from "./keep-alive.js"
import type { OptionValues } from "./options.js"
import type { Platform } from "./platform.js"
import type { Turn } from "./turn.js"
import { WaitList } from "./wait-list.js"

// One promise for every send that completes at once: making one costs as much as encoding a small message.
const SENT: Promise<void> = Promise.resolve()

/** A message with who sent it. */
export interface Received<M extends object[] = Message> {
  /** The message, all its frames. */
  readonly message: M
  /** Who sent it. */
  readonly sender: Peer
}

/** The operations of one socket. */
export class Traffic {
  private readonly pattern: Pattern
  private readonly options: OptionValues
  private readonly turn: Turn
  private readonly senders: WaitList<Message, void>
  /** Whether each wants to know the sender too. */
  private readonly receivers: WaitList<boolean, Message | Received>
  /** Whether what waits to be sent may go when something was received. */
  private readonly receivingFreesSenders: boolean
  private closed = false
  /** Nobody takes anything by the shortest way: the socket is closed, somebody else has it, or a receive is late. */
  private barred = false
  /** What receives wait for that have their message: those that get one meanwhile come behind them. */
  private late: Promise<void> | undefined
  private follower: (() => void) | undefined
  /** Who looks whether there is something to receive, or room to send, and takes nothing. */
  private readonly watchers: Set<() => void> = new Set()
  private serving = false
  private servingLater = false
  private servingSenders = false

  constructor(pattern: Pattern, options: OptionValues, turn: Turn, platform: Platform, keepAlive: KeepAlive) {
    this.pattern = pattern
    this.options = options
    this.turn = turn
    // A publisher whose user reads takes in what its subscribers had to wait with.
    this.receivingFreesSenders = pattern.lockstep || pattern.readsAtOnce
    // What a ROUTER sends to one peer may have waited behind what it had for another. Not at once: a signal that
    // ends several operations ends one after the other.
    this.senders = new WaitList(platform, keepAlive, () => turn.afterMicrotasks(() => this.serveSenders()))
    this.receivers = new WaitList(platform, keepAlive)
  }

  /** Sends now, or not at all. Throws EFSM, EHOSTUNREACH. */
  trySend(message: Message): boolean {
    if (this.senders.length > 0 || !this.pattern.send(message)) return false
    if (this.pattern.lockstep) this.serveReceivers()
    return true
  }

  /** The next message, where it can be had by the shortest way, as an operation that completed at once. */
  takeAtOnce(): Message | undefined {
    if (this.barred || this.receivers.length > 0 || !this.turn.spendAtOnce()) return undefined
    return this.pattern.takeAtOnce()
  }

  /** Receives now, or not at all. Throws EFSM. */
  tryReceive(): Message | undefined {
    if (this.receivers.length > 0) return undefined
    const message = this.pattern.receive()
    if (message !== undefined && this.receivingFreesSenders) this.serveSenders()
    return message
  }

  send(message: Message, signal: AbortSignal | undefined, holder: object): Promise<void> {
    if (signal?.aborted) return this.failAfterTurn(signal.reason)
    try {
      if (this.trySend(message)) return this.turn.spend() ?? SENT
    } catch (error) {
      return this.failAfterTurn(error)
    }
    return this.waitForRoom(message, signal, holder)
  }

  private waitForRoom(message: Message, signal: AbortSignal | undefined, holder: object): Promise<void> {
    const timeout = this.options.sendTimeout
    if (timeout === 0) return this.failAfterTurn(new ZmqError("EAGAIN"))
    return this.senders.add(message.slice(), { timeout, signal, holder })
  }

  receive(signal: AbortSignal | undefined, holder: object): Promise<Message> {
    if (signal?.aborted) return this.failAfterTurn(signal.reason)
    let message = this.takeAtOnce()
    if (message !== undefined) return Promise.resolve(message)
    try {
      message = this.tryReceive()
    } catch (error) {
      return this.failAfterTurn(error)
    }
    return message === undefined ? this.waitForMessage(signal, holder) : this.afterTurn(message)
  }

  /** What to resolve an operation with that completed at once. */
  afterTurn<Value>(value: Value): Promise<Value> {
    const turned = this.late ?? this.turn.spend()
    return turned === undefined ? Promise.resolve(value) : this.delay(turned, value)
  }

  private delay<Value>(turned: Promise<void>, value: Value): Promise<Value> {
    if (this.late === undefined) {
      this.late = turned
      this.barred = true
      void turned.then(() => {
        this.late = undefined
        this.barred = this.closed || this.follower !== undefined
      })
    }
    return after(turned, value)
  }

  /** What to reject an operation with that failed at once: whoever tries again and again waits for the event loop. */
  failAfterTurn(reason: unknown): Promise<never> {
    const turned = this.turn.spend()
    return turned === undefined ? Promise.reject(reason) : failLater(turned, reason)
  }

  waitForMessage(signal: AbortSignal | undefined, holder: object): Promise<Message> {
    const timeout = this.options.receiveTimeout
    if (timeout === 0) return this.failAfterTurn(new ZmqError("EAGAIN"))
    return this.receivers.add(false, { timeout, signal, holder }) as Promise<Message>
  }

  receiveWithSender(signal: AbortSignal | undefined, holder: object): Promise<Received> {
    if (signal?.aborted) return this.failAfterTurn(signal.reason)
    try {
      const message = this.tryReceive()
      if (message !== undefined) return this.afterTurn(this.withSender(message))
    } catch (error) {
      return this.failAfterTurn(error)
    }
    const timeout = this.options.receiveTimeout
    if (timeout === 0) return this.failAfterTurn(new ZmqError("EAGAIN"))
    return this.receivers.add(true, { timeout, signal, holder }) as Promise<Received>
  }

  private withSender(message: Message): Received {
    return { message, sender: this.pattern.sender as Peer }
  }

  /** There may be something to receive. */
  serveReceivers(): void {
    // Reading may let a connection deliver more, which comes here again; the loop below sees it.
    if (this.serving) return
    this.serving = true
    while (this.receivers.length > 0) {
      const message = unlessOutOfTurn(() => this.pattern.receive())
      if (message === undefined) break
      this.receivers.resolveFirst(this.receivers.firstItem ? this.withSender(message) : message, this.late)
      if (this.receivingFreesSenders) this.serveSenders()
    }
    this.serving = false
    this.follower?.()
    if (this.watchers.size > 0) this.callWatchers()
  }

  /** Serves receivers when the senders of this turn have said what they have to say. */
  serveReceiversLater(): void {
    if (this.servingLater) return
    this.servingLater = true
    const serve = (): void => {
      this.servingLater = false
      this.serveReceivers()
    }
    // Two sockets that answer each other, and do not wait for what they send, would starve the event loop.
    const turned = this.turn.spend()
    if (turned === undefined) this.turn.afterMicrotasks(serve)
    else void turned.then(serve)
  }

  /** There may be room to send. */
  serveSenders(): void {
    if (this.servingSenders) return
    this.servingSenders = true
    while (this.senders.length > 0) {
      try {
        if (!unlessOutOfTurn(() => this.pattern.send(this.senders.firstItem as Message))) break
        this.senders.resolveFirst()
      } catch (error) {
        this.senders.rejectFirst(error)
      }
    }
    this.servingSenders = false
    this.follower?.()
    if (this.watchers.size > 0) this.callWatchers()
  }

  get hasReceivers(): boolean {
    return this.receivers.length > 0 || this.follower !== undefined || this.watchers.size > 0
  }

  /**
   * From now on `follower` takes and sends what there is, by way of the pattern, and hears whenever there may be more
   * or room for more. Operations that are pending come before it. Undefined: the user does so again.
   */
  follow(follower: (() => void) | undefined): void {
    this.follower = follower
    this.barred = this.closed || follower !== undefined || this.late !== undefined
  }

  /**
   * Calls `watcher` whenever there may be something to receive, or room to send, or the socket was closed, until the
   * function that is returned is called.
   */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => {
      this.watchers.delete(watcher)
    }
  }

  private callWatchers(): void {
    for (const watcher of [...this.watchers]) watcher()
  }

  /** Fails all that is pending. */
  close(code: ErrorCode): void {
    this.closed = true
    this.barred = true
    this.senders.rejectAll(code)
    this.receivers.rejectAll(code)
    this.callWatchers()
  }
}

// Apart from its caller, which would else make room for what the closure captures each time.
function after<Value>(turned: Promise<void>, value: Value): Promise<Value> {
  return turned.then(() => value)
}

function failLater(turned: Promise<void>, reason: unknown): Promise<never> {
  return turned.then(() => {
    throw reason
  })
}

/** An operation that is pending already waits for its turn; only one that is called out of turn is an error. */
function unlessOutOfTurn<Result>(operate: () => Result): Result | undefined {
  try {
    return operate()
  } catch (error) {
    if (error instanceof ZmqError && error.code === "EFSM") return undefined
    throw error
  }
}
