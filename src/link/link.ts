import type { Frame, Message, MessageRun } from "../message.js"
import type { Peer, SocketType } from "../peer.js"
import type { Security } from "../security/security.js"
import type { DecoderLimits } from "../wire/decoder.js"
import type { Batch } from "../wire/encoder.js"
import type { RequestNames } from "../wire/requests.js"
import type { HeartbeatSettings } from "./heartbeat.js"

/** What a socket says of itself in a handshake, and what it puts up with. */
export interface Hello {
  readonly socketType: SocketType
  readonly routingId: Frame
  /** What is said of the socket besides, by names that begin with `X-`; null: nothing. */
  readonly metadata: Readonly<Record<string, string>> | null
  /** No ZMTP: the peer speaks plain TCP. */
  readonly raw: boolean
  /** What each connection is sent before all other messages. */
  readonly firstMessage: Frame | undefined
  /** What the peer may send until its handshake is over, and from then on. */
  readonly handshakeLimits: DecoderLimits
  readonly limits: DecoderLimits
  /** Milliseconds that greeting and mechanism may take; 0: no limit. */
  readonly handshakeInterval: number
  readonly heartbeat: HeartbeatSettings
  readonly security: Security
}

/** Messages of one pipe that wait for its connection. */
export interface Outbox {
  /** Messages pushed and not yet taken. */
  readonly length: number
  /** The array stays the caller's: whoever keeps the message copies it. */
  push(message: Message): void
  clear(): void
}

/** An outbox that holds bytes: what stream transports send from. */
export interface EncodedOutbox extends Outbox {
  readonly hasFullBatch: boolean
  requestNames: RequestNames | undefined
  take(): Batch | undefined
  release(batch: Batch): void
}

/** An outbox that holds the messages themselves: what inproc sends from. */
export interface MessageOutbox extends Outbox {
  passTo(taker: MessageTaker | undefined): void
  /** Hands over what waits, until `taker` has no more room. */
  passOn(taker: MessageTaker): void
  shift(): Message | undefined
}

/** Takes messages that need not be queued. */
export interface MessageTaker {
  /** False: there is no room. The message stays the caller's, its small frames too: whoever keeps them copies them. */
  pass(message: Message): boolean
}

/** The pipe as its link sees it. */
export interface LinkEnd {
  readonly outbox: Outbox
  /** Takes in one message; false: no more, until {@link Link.resume}. */
  deliver(message: Message): boolean
  /** Whether {@link deliverRun} may be called; else messages are to be delivered one by one. */
  readonly takesRuns: boolean
  /** Takes in all messages of one read at once, beyond the mark too; false as for {@link deliver}. */
  deliverRun(run: MessageRun): boolean
  /** How many messages may come until the mark is reached. */
  readonly room: number
  /** Its user is behind with what an earlier link brought: nothing may be delivered until {@link Link.resume}. */
  readonly halted: boolean
  /** Messages were taken from the outbox. */
  drained(): void
  /** Nothing that was accepted is left in this process. */
  flushed(): void
}

/** Hears of messages in an outbox. */
export interface Waker {
  /** The outbox has something. */
  wake(): void
  /** Sends now what would leave at the end of the microtasks; not there where nothing waits for that. */
  flush?(): void
}

/** A live, handshaken connection that moves messages for one pipe. */
export interface Link {
  readonly peer: Peer
  /** Moves messages for `end` from now on. */
  start(end: LinkEnd): void
  /** Who is told that the outbox has something: with every message, so it is to be asked for once. */
  readonly waker: Waker
  /**
   * Nothing is on its way out, so what the outbox holds leaves by itself before long: it does not count
   * against the high-water mark. It is one batch at most, since a full one leaves at once.
   */
  readonly idle: boolean
  /** The pipe has room again. */
  resume(): void
  /** Whether messages come from within another socket's operation, and not from the event loop. */
  readonly local: boolean
  /** Whether there was no handshake: the peer speaks plain TCP. */
  readonly raw: boolean
  /** Whether something taken from the outbox is still on its way out of the process. */
  readonly busy: boolean
  /** Ends the connection behind what was taken from the outbox. */
  end(): void
  /** Ends the connection at once, for a reason if it is the peer's doing. */
  destroy(reason?: Error): void
  /** Adds what was not counted yet to the counters, where that is not done all the time. */
  settle?(): void
}

/** Why a connection ended. */
export interface Ending {
  readonly error: Error | undefined
  /** Whether the handshake had been completed. */
  readonly linked: boolean
  /** Whether a connecter may try again: not after a protocol error or an ERROR command. */
  readonly retry: boolean
  /** Whether messages were hidden by then: what is wrong with one tells of a stranger, as in a handshake. */
  readonly hidden?: boolean
  /** Nobody listens there: the peer's system said so. */
  readonly refused?: boolean
}

/**
 * What a socket's connections have moved. They add to it by reads and by batches, and not by messages where they can.
 */
export interface Counters {
  messagesIn: number
  messagesOut: number
  /** On the wire, with all that frames, handshakes and heartbeats add. */
  bytesIn: number
  bytesOut: number
  /** Datagrams that nobody had room for, or that were too large. */
  dropped: number
}

/** Who opened or accepted a connection. */
export interface LinkOwner {
  readonly counters: Counters
  /**
   * The connection is up; the handshake begins. `remote` is the peer's address, empty where it has none; `abandon`
   * ends the connection without a word, and is there for whoever has no other way to it before it is linked.
   */
  opened(remote: string, abandon?: () => void): void
  /** The handshake is complete: the owner starts the link with a pipe. */
  linked(link: Link): void
  /** The connection has ended; told once. */
  ended(ending: Ending): void
}

/** What the core takes from the platform instead of from globals. */
export interface Scheduler {
  /** Runs `task` when the microtasks that are due have run, before any I/O. */
  afterMicrotasks(task: () => void): void
  /**
   * The same for what writes: where operations wait for the event loop already, it may come some turns later. So a
   * thousand busy links do not write a few messages each in every turn.
   */
  flushLater(task: () => void): void
  /** Told by every link that it was read from: operations on what came have their time anew. */
  arrived(): void
  /** The number of this turn of the event loop. */
  currentTurn(): number
  /** Whether a connection that has more to bring may be read on from before the event loop's next turn. */
  mayReadOn(): boolean
  nextTurn(): Promise<void>
  /** Runs `task` in the next turn, behind what is read by then. */
  afterReading(task: () => void): void
  /** Runs `task` after `milliseconds`; does not keep the process alive. */
  setTimer(milliseconds: number, task: () => void): Timer
}

export interface Timer {
  cancel(): void
}
