import type { SocketType } from "../peer.js"

// The socket types' numbers (zmq.h).

/** One peer, both ways. */
export const PAIR = 0
/** Publishes to subscribers. */
export const PUB = 1
/** Subscribes to publishers. */
export const SUB = 2
/** Asks. */
export const REQ = 3
/** Answers. */
export const REP = 4
/** Asks many, without waiting for each answer. */
export const DEALER = 5
/** Answers many, each by its routing id. */
export const ROUTER = 6
/** Takes work. */
export const PULL = 7
/** Hands out work. */
export const PUSH = 8
/** A PUB that sees its subscriptions. */
export const XPUB = 9
/** A SUB that sends its subscriptions as messages. */
export const XSUB = 10
/** Plain TCP, with routing ids. */
export const STREAM = 11

/** The number of each socket type. */
export const socketNumbers: Readonly<Record<SocketType, number>> = {
  PAIR,
  PUB,
  SUB,
  REQ,
  REP,
  DEALER,
  ROUTER,
  PULL,
  PUSH,
  XPUB,
  XSUB,
  STREAM,
  // Those of draft-types.ts, which few load.
  SERVER: 12,
  CLIENT: 13,
  RADIO: 14,
  DISH: 15,
  GATHER: 16,
  SCATTER: 17,
  DGRAM: 18,
  PEER: 19,
  CHANNEL: 20,
}

/** Whether libzmq lets threads share sockets of a type: those that send and receive single frames. */
export function isThreadSafe(type: SocketType): boolean {
  const number = socketNumbers[type]
  return number >= socketNumbers.SERVER && type !== "DGRAM"
}
