import { ZmqError } from "../errors.js"
import type { Frame, Message, MessageRun } from "../message.js"
import type { Peer } from "../peer.js"

/** Bounded traffic to one peer, as a pattern sees it. It outlives its connections: they come and go. */
export interface Pipe {
  /** Who is there; undefined until the first handshake. */
  readonly peer: Peer | undefined
  /** Who sent the message that was read last; another one than the peer when that has come since. */
  readonly sender: Peer | undefined
  /** A connection is up. */
  readonly linked: boolean
  /** The peer may be anybody: it is in another process. */
  readonly foreign: boolean
  /** Nobody in particular is at the other end: there is no telling him anything. */
  readonly connectionless: boolean
  /** The pipe has been detached; what is in its inbox may still be read. */
  readonly ended: boolean
  /** The inbox has a message. */
  readonly readable: boolean
  /** What is being read, where its messages may be taken one after the other, but for the last. */
  readonly run: MessageRun | undefined
  /** Whether {@link write} would take a message; if not, {@link Pattern.writable} tells when. */
  readonly writable: boolean
  /** Queues a message, whose array stays the caller's; false when there is no room. */
  write(message: Message): boolean
  /** Queues a message beyond the high-water mark: for what must neither wait nor be lost. */
  force(message: Message): void
  read(): Message | undefined
  /** Ends the connection, for a reason that events tell if it is the peer's doing; it may come again. */
  refuse(reason?: Error): void
  /** Ends the connection for good, behind what was written. */
  finish(): void

  // Notes that the routing tools keep here, so that no map is asked on the hot path. Each has one owner.

  /** The load balancer's: the place in its list. */
  sendSlot: number
  /** The fair queue's: whether the pipe is in its list. */
  queued: boolean
  /** The fan-out's: the last message that went here. */
  round: number
  /** ROUTER's: the name of the peer, which `connect` may have given already, and the copy of it that users get. */
  routingId: Frame | undefined
  shownId: Frame | undefined
}

/**
 * One socket type's routing: who gets what, and whose turn it is. A pattern sees neither bytes nor promises nor
 * timers; the core calls it, and it calls nothing but pipes.
 */
export abstract class Pattern {
  /**
   * Whether receiving and sending take turns. Then an operation that was pending waits for its turn, and one
   * that is called out of turn throws EFSM.
   */
  readonly lockstep: boolean = false
  /**
   * Whether {@link linked} tells each connection all that its peer has to know: then what was queued for the last
   * connection goes with it.
   */
  readonly startsOver: boolean = false
  /** Whether {@link readable} takes messages in at once, so that what waits to be sent may go behind it. */
  readonly readsAtOnce: boolean = false
  /** Messages that were not sent, for want of room or of a peer, and that nobody waits to send. */
  dropped = 0

  /** An option has a new value: for patterns that keep what follows from some of them. */
  optionsChanged(): void {}
  /** A pipe was made: at `connect`, or when a connection to a binder has shaken hands. */
  abstract attach(pipe: Pipe): void
  /** A pipe has ended; messages in its inbox may still be received. */
  abstract detach(pipe: Pipe): void
  /** Whether no peer has this routing id. */
  isFree(_routingId: Frame): boolean {
    return true
  }
  /** A connection came up, for the first time or again. */
  linked(_pipe: Pipe): void {}
  /** The inbox was empty and is no longer. */
  readable(_pipe: Pipe): void {}
  /** The pipe was full and is no longer. */
  writable(_pipe: Pipe): void {}
  /** Sends a message, whose array stays the caller's. False: no peer can take it now. Throws EFSM, EHOSTUNREACH. */
  send(_message: Message): boolean {
    throw new ZmqError("ENOTSUP")
  }
  /** The next message; undefined when there is none. Throws EFSM. */
  receive(): Message | undefined {
    throw new ZmqError("ENOTSUP")
  }
  /**
   * The next message where it can be had by the shortest way: nobody waits, and there are more behind it. Undefined:
   * ask {@link receive}.
   */
  takeAtOnce(): Message | undefined {
    return undefined
  }
  /** Who sent the message that was received last; undefined before the first. */
  get sender(): Peer | undefined {
    return undefined
  }
  /** Whether a message might be sent now. */
  get canSend(): boolean {
    return false
  }
  /** Whether a message might be received now. */
  get canReceive(): boolean {
    return false
  }
}

/** The option values that patterns look at, each time anew. */
export interface PatternSettings {
  readonly mandatory: boolean
  readonly handover: boolean
  readonly raw: boolean
  readonly probeRouter: boolean
  readonly correlate: boolean
  readonly relaxed: boolean
}

/** Chance, for a pattern that needs some: from 0 up to but not 1. */
export type Random = () => number
