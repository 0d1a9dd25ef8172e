import { LimitError } from "../errors.js"
import type { Frame } from "../message.js"
import type { Peer } from "../peer.js"
import type { Mechanism, Protection } from "../security/mechanism.js"
import { BARE_SUBPROTOCOL, encodePacket, subprotocolOf, webSubprotocolOf, ZWS_COMMAND } from "../wire/zws.js"
import type { HandshakeOwner } from "./handshake.js"
import type { Hello } from "./link.js"
import { ownProperties, readOldPeer, readPeer } from "./metadata.js"

/** What is said over a WebSocket until messages may follow: that of a mechanism, or the bare routing ids. */
export interface ZwsHandshake {
  /** Takes a command of the peer's. Throws a ProtocolError or a PeerRefusal. */
  handle(body: Frame): void
  /** The same for a message; false where none may come. */
  handleMessage(body: Frame): boolean
  /** The next packet to send; undefined while it is the peer's turn. */
  next(): Uint8Array | undefined
  /** Messages may follow. */
  readonly complete: boolean
  /** We do not let the peer in: the connection ends behind what {@link next} has. */
  readonly failure: Error | undefined
  /** What hides messages once it is complete; undefined where they go as they are. */
  readonly protection: Protection | undefined
  /** The connection has ended: keys are forgotten. */
  close(): void
  /** Who the peer says it is. Throws a ProtocolError when we cannot talk to it. */
  readPeer(remote: string): Peer
}

/** The subprotocols that a socket can speak, in the order in which a client offers them. */
export function subprotocolsFor({ security }: Hello): readonly string[] {
  const { mechanism, guarded } = security
  return guarded ? [subprotocolOf(mechanism)] : [subprotocolOf(mechanism), BARE_SUBPROTOCOL]
}

/** The same for browsers, which can say no name with a slash in it. */
export function webSubprotocolsFor({ security }: Hello): readonly string[] {
  const { mechanism, guarded } = security
  return guarded ? [webSubprotocolOf(mechanism)] : [webSubprotocolOf(mechanism), BARE_SUBPROTOCOL]
}

/** The handshake of the subprotocol that was agreed on. */
export function createZwsHandshake(
  subprotocol: string,
  hello: Hello,
  remote: string,
  owner: HandshakeOwner,
): ZwsHandshake {
  if (subprotocol === BARE_SUBPROTOCOL) return new BareHandshake(hello)
  const { security } = hello
  const mechanism = security.createMechanism(ownProperties(hello), remote)
  if (security.guarded) mechanism.onProgress = () => owner.progressed()
  return new MechanismHandshake(mechanism, hello)
}

/** A mechanism's commands, as over ZMTP. */
class MechanismHandshake implements ZwsHandshake {
  private readonly mechanism: Mechanism
  private readonly hello: Hello
  /** Bytes of its commands so far. */
  private heard = 0

  constructor(mechanism: Mechanism, hello: Hello) {
    this.mechanism = mechanism
    this.hello = hello
  }

  handle(body: Frame): void {
    this.heard += body.length
    if (this.heard > this.hello.handshakeLimits.messageBytes) {
      throw new LimitError("EMSGSIZE", { message: "The peer's handshake has more bytes than allowed." })
    }
    this.mechanism.handle(body)
  }

  handleMessage(): boolean {
    return false
  }

  next(): Uint8Array | undefined {
    const body = this.mechanism.next()
    return body === undefined ? undefined : encodePacket(ZWS_COMMAND, body)
  }

  get complete(): boolean {
    return this.mechanism.complete
  }

  get failure(): Error | undefined {
    return this.mechanism.failure
  }

  get protection(): Protection | undefined {
    return this.mechanism.protection
  }

  close(): void {
    this.mechanism.close?.()
  }

  readPeer(remote: string): Peer {
    const { peerProperties, verdict } = this.mechanism
    return readPeer(peerProperties, this.hello, remote, verdict)
  }
}

/** Without a mechanism each side's first message is its routing id, and nobody says what he is. */
class BareHandshake implements ZwsHandshake {
  readonly failure = undefined
  readonly protection = undefined
  private readonly hello: Hello
  private sent = false
  private routingId: Frame | undefined

  constructor(hello: Hello) {
    this.hello = hello
  }

  /** There is none that would mean anything yet. */
  handle(): void {}

  close(): void {}

  handleMessage(body: Frame): boolean {
    this.routingId = body
    return true
  }

  next(): Uint8Array | undefined {
    if (this.sent) return undefined
    this.sent = true
    return encodePacket(0, this.hello.routingId)
  }

  get complete(): boolean {
    return this.sent && this.routingId !== undefined
  }

  readPeer(remote: string): Peer {
    return readOldPeer(undefined, this.routingId as Frame, this.hello, remote)
  }
}
