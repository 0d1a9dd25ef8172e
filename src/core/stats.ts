import type { Counters } from "../link/link.js"
import type { SocketPipe } from "./pipe.js"

/**
 * What a socket has moved since it was made, and what it holds now. Peers count one by one: a message that a Publisher
 * sends to three subscribers is three.
 */
export interface SocketStats {
  /** Messages that came in, subscriptions among them, read by the user or not. */
  readonly messagesIn: number
  /** Messages that went out, subscriptions among them: handed to the system, or to the other side over inproc. */
  readonly messagesOut: number
  /**
   * Bytes that came in on the wire, with all that frames, handshakes and heartbeats add; inproc has none. Over ws what
   * the WebSocket adds is not counted.
   */
  readonly bytesIn: number
  /** Bytes that went out on the wire, as {@link bytesIn}. */
  readonly bytesOut: number
  /**
   * Messages to send that were dropped: for want of room or of a peer, where the socket type does not wait, or with the
   * connection that they waited for. And messages that came over UDP and that there was no room for.
   */
  readonly dropped: number
  /** Messages that wait to be received, of peers that are there. */
  readonly queuedIn: number
  /** Messages that wait to be sent, without those that are on their way already. */
  readonly queuedOut: number
  /** Peers that are connected, their handshakes over; with those over inproc. */
  readonly connections: number
}

/** Adds up what is known when somebody asks: nothing here is counted message by message. */
export function takeStats(counters: Counters, pipes: Iterable<SocketPipe>, dropped: number): SocketStats {
  let [queuedIn, queuedOut, connections] = [0, 0, 0]
  for (const pipe of pipes) {
    queuedIn += pipe.unread
    queuedOut += pipe.outbox.length
    if (pipe.link === undefined) continue
    connections++
    pipe.link.settle?.()
  }
  const { messagesIn, messagesOut, bytesIn, bytesOut } = counters
  return { messagesIn, messagesOut, bytesIn, bytesOut, dropped, queuedIn, queuedOut, connections }
}
