import { EMPTY } from "../bytes.js"
import { LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Mechanism, Protection } from "../security/mechanism.js"
import type { Security } from "../security/security.js"
import { encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import {
  decodeGreeting,
  decodeOldType,
  encodeGreeting,
  encodeOldType,
  GREETING_SIZE,
  isOldType,
  OLD_GREETING_SIZE,
  SIGNATURE_SIZE,
  tellable,
  type Version,
  versionOf,
} from "../wire/greeting.js"
import type { Hello } from "./link.js"
import { ownProperties, readOldPeer, readPeer } from "./metadata.js"

/** Sockets without a routing id greet in the same bytes. */
const greetings: Map<string, Uint8Array> = new Map()

function greetingOf({ mechanism, asServer }: Security, idSize: number): Uint8Array {
  if (idSize > 0) return encodeGreeting(mechanism, idSize, asServer)
  const key = asServer ? `${mechanism} server` : mechanism
  let greeting = greetings.get(key)
  if (greeting === undefined) greetings.set(key, (greeting = encodeGreeting(mechanism, 0, asServer)))
  return greeting
}

/** What was read before there were frames. */
export interface RawBytes {
  /** Takes `count` bytes; undefined until they are all there. */
  takeRaw(count: number): Uint8Array | undefined
  /** All that are there. */
  peekRaw(): Uint8Array
}

/** Who runs a handshake. */
export interface HandshakeOwner {
  /** Something came of what the mechanism waited for that was no command of the peer's. */
  progressed(): void
}

/**
 * Greeting and mechanism of one connection: what is said until messages may follow. Peers older than ZMTP 3 have no
 * mechanism: behind the greeting they say their routing id, and that is all.
 */
export class Handshake {
  /** The peer's minor version: 1 and more know subscriptions as commands. */
  peerMinor = 0
  /** How the peer is spoken to, once it is known. */
  version: Version | undefined
  private readonly hello: Hello
  private readonly mechanism: Mechanism
  private readonly greeting: Uint8Array
  /** How much of the greeting has been said. */
  private said = SIGNATURE_SIZE
  private oldType: number | undefined
  private oldId: Frame | undefined
  /** Bytes of the peer's commands. */
  private heard = 0

  constructor(hello: Hello, remote: string, owner: HandshakeOwner) {
    this.hello = hello
    this.mechanism = hello.security.createMechanism(ownProperties(hello), remote)
    if (hello.security.guarded) this.mechanism.onProgress = () => owner.progressed()
    this.greeting = greetingOf(hello.security, hello.routingId.length)
  }

  /**
   * What is said before anything was heard: no more than a peer of ZMTP 1.0 may hear, or all of it where one of ZMTP 3 is
   * known to be.
   */
  opening(whole: boolean): Uint8Array {
    if (whole) {
      this.said = GREETING_SIZE
      return this.greeting
    }
    return this.greeting.subarray(0, SIGNATURE_SIZE)
  }

  /**
   * Whether the peer speaks ZMTP 3, and so takes commands: PING is one. Others get messages alone.
   */
  get takesCommands(): boolean {
    return this.version === "3.x"
  }

  /** Whether what the peer sends has the framing of ZMTP 1.0, as must what it is sent. */
  get hasOldFrames(): boolean {
    return this.version === "1.0" || this.version === "1.0 with greeting"
  }

  /** Whether a publisher gives the peer everything: it may be one that filters by itself and asks for nothing. */
  get wantsAll(): boolean {
    const { socketType } = this.hello
    return this.version === "1.0" && (socketType === "PUB" || socketType === "XPUB")
  }

  /**
   * Reads the peer's greeting, and says in pieces what it may be told by now; false while some of it is missing.
   * Throws a ProtocolError.
   */
  greet(raw: RawBytes, say: (bytes: Uint8Array) => void): boolean {
    const heard = raw.peekRaw()
    // A stranger may never send 64 bytes: he is told by the first that are wrong.
    const version = versionOf(heard)
    if (version !== undefined && version !== "3.x") return this.greetOld(version, raw, say)
    this.sayUpTo(tellable(heard), say)
    const bytes = raw.takeRaw(GREETING_SIZE)
    if (bytes === undefined) return false
    const greeting = decodeGreeting(bytes)
    if (greeting.mechanism !== this.mechanism.name) {
      throw new ProtocolError(
        "ERR_ZMTP_MECHANISM_MISMATCH",
        `The peer's mechanism is ${greeting.mechanism || "missing"}, ours is ${this.mechanism.name}.`,
      )
    }
    this.version = "3.x"
    this.peerMinor = greeting.major === 3 ? greeting.minor : 1
    return true
  }

  private greetOld(version: Version, raw: RawBytes, say: (bytes: Uint8Array) => void): boolean {
    if (this.hello.security.guarded) {
      throw new ProtocolError(
        "ERR_ZMTP_MECHANISM_MISMATCH",
        `The peer speaks ZMTP ${version}, which has no mechanisms.`,
      )
    }
    if (this.said === GREETING_SIZE) {
      throw new ZmqError("EPROTO", {
        message: "The peer is older than the one that was there, and has heard too much.",
      })
    }
    const { routingId, socketType } = this.hello
    if (!isOldType(socketType)) {
      throw new ProtocolError(
        "ERR_ZMTP_INVALID_METADATA",
        `The peer speaks ZMTP ${version}, which has no ${socketType}.`,
      )
    }
    if (version === "1.0") {
      // The signature was the head of a frame, and what follows is its body.
      if (routingId.length > 0) say(routingId)
    } else {
      this.sayUpTo(SIGNATURE_SIZE + 1, say)
      if (this.said < OLD_GREETING_SIZE) {
        this.said = OLD_GREETING_SIZE
        say(Uint8Array.of(encodeOldType(socketType)))
      }
      const bytes = raw.takeRaw(OLD_GREETING_SIZE)
      if (bytes === undefined) return false
      this.oldType = bytes[OLD_GREETING_SIZE - 1] as number
    }
    this.version = version
    return true
  }

  private sayUpTo(size: number, say: (bytes: Uint8Array) => void): void {
    if (size <= this.said) return
    say(this.greeting.subarray(this.said, size))
    this.said = size
  }

  /** Takes a command of the peer's. Throws a ProtocolError, a LimitError or a PeerRefusal. */
  handle(body: Frame): void {
    this.heard += body.length
    if (this.heard > this.hello.handshakeLimits.messageBytes) {
      throw new LimitError("EMSGSIZE", { message: "The peer's handshake has more bytes than allowed." })
    }
    this.mechanism.handle(body)
  }

  /** Takes a message that came before the handshake was over: an old peer's routing id. Throws a ProtocolError. */
  handleMessage(message: Message): void {
    if (this.takesCommands) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message came before the handshake was over.")
    }
    this.oldId = message[0] as Frame
  }

  /** The next frame to send; undefined while it is the peer's turn. */
  next(): Frame | undefined {
    if (!this.takesCommands) return this.nextOld()
    const body = this.mechanism.next()
    return body === undefined ? undefined : encodeFrame(body, COMMAND)
  }

  /** Behind a greeting of ZMTP 2.0 stands a frame with our routing id. */
  private nextOld(): Frame | undefined {
    if (this.version === "1.0" || this.said === GREETING_SIZE) return undefined
    this.said = GREETING_SIZE
    return encodeFrame(this.hello.routingId, 0)
  }

  /** Messages may follow. */
  get complete(): boolean {
    return this.takesCommands ? this.mechanism.complete : this.oldId !== undefined
  }

  /** We do not let the peer in: the connection ends behind what {@link next} has. */
  get failure(): Error | undefined {
    return this.mechanism.failure
  }

  /** What hides messages once it is complete; undefined where they go as they are. */
  get protection(): Protection | undefined {
    return this.mechanism.protection
  }

  /** The connection has ended: keys are forgotten. */
  close(): void {
    this.mechanism.close?.()
  }

  /** Who the peer says it is, and our authenticator. Throws a ProtocolError when we cannot talk to it. */
  readPeer(remote: string): Peer {
    const { peerProperties, verdict } = this.mechanism
    if (this.takesCommands) return readPeer(peerProperties, this.hello, remote, verdict)
    const type = this.oldType === undefined ? undefined : decodeOldType(this.oldType)
    return readOldPeer(type, this.oldId ?? EMPTY, this.hello, remote)
  }
}
