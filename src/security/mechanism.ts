import type { Frame } from "../message.js"

/** One side of a handshake: a pure state machine, commands in, commands out. */
export interface Mechanism {
  /** The name in the greeting. */
  readonly name: string
  /** The body of the next command to send; undefined when it is the peer's turn. */
  next(): Frame | undefined
  /** Takes the body of a command from the peer. Throws ProtocolError or {@link PeerRefusal}. */
  handle(body: Frame): void
  /** Both sides are done. */
  readonly complete: boolean
  /** The metadata that the peer sent; whole once {@link complete}. */
  readonly peerProperties: ReadonlyMap<string, Frame>
}

/** The peer ended the handshake with an ERROR command: trying again would be answered the same. */
export class PeerRefusal extends Error {
  /** The reason as the peer gave it: three digits when an authenticator decided. */
  readonly reason: string

  constructor(reason: string) {
    super(`The peer refused the connection: ${reason || "no reason given"}.`)
    this.reason = reason
  }
}

Object.defineProperty(PeerRefusal.prototype, "name", {
  value: "PeerRefusal",
  configurable: true,
  writable: true,
})
