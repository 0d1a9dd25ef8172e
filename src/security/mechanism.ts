import { toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import { type Verdict, wordsOf } from "./authentication.js"

/**
 * One side of a handshake: a pure state machine, commands in, commands out. After each {@link handle}, and whenever
 * {@link onProgress} is called, whoever runs it sends what {@link next} has until it has no more, and looks at
 * {@link failure} and {@link complete} then.
 */
export interface Mechanism {
  /** The name in the greeting. */
  readonly name: string
  /** The body of the next command to send; undefined when it is not our turn. Throws ProtocolError. */
  next(): Frame | undefined
  /** Takes the body of a command from the peer. Throws ProtocolError or {@link PeerRefusal}. */
  handle(body: Frame): void
  /** Both sides are done. */
  readonly complete: boolean
  /** The metadata that the peer sent; whole once {@link complete}. */
  readonly peerProperties: ReadonlyMap<string, Frame>
  /** What our authenticator said of the peer; undefined where nobody was asked, or has answered. */
  readonly verdict?: Verdict | undefined
  /** We do not let the peer in: the connection ends behind what {@link next} has. */
  readonly failure?: Error | undefined
  /** Called when something came of what the mechanism waited for that was no command of the peer's. */
  onProgress?: (() => void) | undefined
  /** What hides messages from now on; undefined before {@link complete}, and where messages go as they are. */
  readonly protection?: Protection | undefined
  /** The connection has ended: forgets keys, and wants no answer any more. */
  close?(): void
}

/** What a mechanism does with the frames of messages and commands once the handshake is over. */
export interface Protection {
  /** For what we send. */
  readonly sealer: FrameSealer
  /** For what the peer sends, once, in frames of `frameBytes` bytes at most; `take` gets the frames as they were. */
  createOpener(frameBytes: number, take: (frames: Uint8Array) => void): FrameOpener
  /** The connection has ended: forgets keys, and seals and opens nothing more. */
  close(): void
}

/** Hides frames. Their order is that of the wire: what was sealed first is sent first. */
export interface FrameSealer {
  /**
   * ZMTP frames, split at will, into those to send in their place, which are in memory of their own; what is incomplete
   * is kept for the next call.
   */
  seal(chunks: readonly Uint8Array[]): Uint8Array[]
  /** One frame's body in its hidden form, in memory of its own. `flags` are MORE and COMMAND. */
  sealFrame(flags: number, body: Uint8Array): Frame
}

/**
 * Uncovers frames. What the peer must not send throws a ProtocolError, or a LimitError; the opener is of no
 * further use then.
 */
export interface FrameOpener {
  /**
   * Takes the next bytes of the connection, split at will. The frames that are whole by then are passed on as ZMTP
   * frames in memory of their own, also those before the one that throws.
   */
  open(bytes: Uint8Array): void
  /** One frame: from the hidden body as it came, its flags and its body. */
  openFrame(body: Uint8Array): OpenedFrame
}

/** A frame as the peer's socket sent it. */
export interface OpenedFrame {
  /** MORE and COMMAND. */
  readonly flags: number
  readonly body: Frame
}

/** The peer ended the handshake with an ERROR command: trying again would be answered the same. */
export class PeerRefusal extends Error {
  /** The reason as the peer gave it: three digits when an authenticator decided. */
  readonly reason: string

  constructor(reason: string) {
    super(
      Object.hasOwn(wordsOf, reason)
        ? wordsOf[Number(reason) as keyof typeof wordsOf]
        : `The peer refused the connection: ${reason || "no reason given"}.`,
    )
    this.reason = reason
  }
}

Object.defineProperty(PeerRefusal.prototype, "name", {
  value: "PeerRefusal",
  configurable: true,
  writable: true,
})

/** Characters of a late ERROR's reason, which gets to the user. */
const MAX_REASON = 255

/** What an ERROR command says that comes when the handshake is over. */
export function lateRefusal(data: Frame): PeerRefusal {
  return new PeerRefusal(toLatin1(data, 1, Math.min(data.length, 1 + MAX_REASON)))
}
