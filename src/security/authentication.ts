// What a server asks before it lets a peer in. Who answers is not known here: a ZAP handler (RFC 27), or a function
// of the user's.

import type { Frame } from "../message.js"
import type { Properties } from "../wire/command.js"

/** What a peer has shown of itself, in the form in which ZAP passes it on. */
export interface Credentials {
  /** The mechanism that brought them. */
  readonly mechanism: "NULL" | "PLAIN" | "CURVE"
  /** NULL: nothing; PLAIN: user name and password; CURVE: the 32 bytes of the peer's permanent public key. */
  readonly frames: readonly Frame[]
}

/**
 * An authenticator's word: 200 lets the peer in, 300 sends it away without a word (it may try again), 400 and 500 send
 * it away with an ERROR command (it does not try again).
 */
export type Status = 200 | 300 | 400 | 500

/** The whole answer of an authenticator. */
export interface Verdict {
  readonly status: Status
  /** Whom the peer was found to be; empty where that was left open. */
  readonly userId: Frame
  /** What the authenticator says of the peer besides. */
  readonly properties: Properties
}

/**
 * Asks the authenticator. It calls `answer` once, at once or later: with the verdict, or with an Error when there was
 * none, which ends the connection. The function that it returns is called when the connection ends before that; an
 * answer is of no consequence then.
 */
export type Verify = (credentials: Credentials, answer: (verdict: Verdict | Error) => void) => () => void

/** What the events of zeromq.js say of each. */
export const wordsOf: Readonly<Record<Exclude<Status, 200>, string>> = {
  300: "Temporary error",
  400: "Authentication failure",
  500: "Internal error",
}

/** Our authenticator sent the peer away. */
export class PeerRejection extends Error {
  /** What the authenticator said. */
  readonly status: Exclude<Status, 200>

  constructor(status: Exclude<Status, 200>) {
    super(wordsOf[status])
    this.status = status
  }
}

Object.defineProperty(PeerRejection.prototype, "name", {
  value: "PeerRejection",
  configurable: true,
  writable: true,
})
