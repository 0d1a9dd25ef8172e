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

/** Answers clients, each by its number. (draft) */
export const SERVER = 12
/** Asks servers. (draft) */
export const CLIENT = 13
/** Sends to groups. (draft) */
export const RADIO = 14
/** Receives what is sent to the groups that it joined. (draft) */
export const DISH = 15
/** A PULL of messages of one frame. (draft) */
export const GATHER = 16
/** A PUSH of messages of one frame. (draft) */
export const SCATTER = 17
/** Plain UDP. (draft) */
export const DGRAM = 18
/** A SERVER and CLIENT in one. (draft) */
export const PEER = 19
/** A PAIR of messages of one frame. (draft) */
export const CHANNEL = 20

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
  SERVER,
  CLIENT,
  RADIO,
  DISH,
  GATHER,
  SCATTER,
  DGRAM,
  PEER,
  CHANNEL,
}

/** Whether libzmq lets threads share sockets of a type: those that send and receive single frames. */
export function isThreadSafe(type: SocketType): boolean {
  const number = socketNumbers[type]
  return number >= SERVER && number !== DGRAM
}
