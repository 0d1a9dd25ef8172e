import { ProtocolError } from "../errors.js"
import type { Frame } from "../message.js"
import type { Peer } from "../peer.js"
import type { Mechanism } from "../security/mechanism.js"
import { NullMechanism } from "../security/null.js"
import type { Decoder } from "../wire/decoder.js"
import { encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import { checkOpening, decodeGreeting, encodeGreeting, GREETING_SIZE } from "../wire/greeting.js"
import type { Hello } from "./link.js"
import { ownProperties, readPeer } from "./metadata.js"

/** Greeting and mechanism of one connection: what is said until messages may follow. */
export class Handshake {
  /** The peer's minor version: 1 and more know subscriptions as commands. */
  peerMinor = 0
  private readonly hello: Hello
  private readonly mechanism: Mechanism

  constructor(hello: Hello) {
    this.hello = hello
    this.mechanism = new NullMechanism(ownProperties(hello))
  }

  /** What is said before anything was heard. */
  opening(): Uint8Array {
    return encodeGreeting(this.mechanism.name)
  }

  /** Reads the peer's greeting; false while some of it is missing. Throws a ProtocolError. */
  greet(decoder: Decoder): boolean {
    // A stranger may never send 64 bytes: he is told by the first that are wrong.
    checkOpening(decoder.peekRaw())
    const bytes = decoder.takeRaw(GREETING_SIZE)
    if (bytes === undefined) return false
    const greeting = decodeGreeting(bytes)
    if (greeting.mechanism !== this.mechanism.name) {
      throw new ProtocolError(
        "ERR_ZMTP_MECHANISM_MISMATCH",
        `The peer's mechanism is ${greeting.mechanism || "missing"}, ours is ${this.mechanism.name}.`,
      )
    }
    this.peerMinor = greeting.major > 3 ? 1 : greeting.minor
    return true
  }

  /** Takes a command of the peer's. Throws a ProtocolError or a PeerRefusal. */
  handle(body: Frame): void {
    this.mechanism.handle(body)
  }

  /** The next frame to send; undefined while it is the peer's turn. */
  next(): Frame | undefined {
    const body = this.mechanism.next()
    return body === undefined ? undefined : encodeFrame(body, COMMAND)
  }

  /** Messages may follow. */
  get complete(): boolean {
    return this.mechanism.complete
  }

  /** Who the peer says it is. Throws a ProtocolError when we cannot talk to it. */
  readPeer(remote: string): Peer {
    return readPeer(this.mechanism.peerProperties, this.hello, remote)
  }
}
