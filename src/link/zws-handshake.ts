import type { Frame } from "../message.js"
import type { Peer } from "../peer.js"
import type { Mechanism } from "../security/mechanism.js"
import { NullMechanism } from "../security/null.js"
import { BARE_SUBPROTOCOL, encodePacket, subprotocolOf, ZWS_COMMAND } from "../wire/zws.js"
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
  /** Who the peer says it is. Throws a ProtocolError when we cannot talk to it. */
  readPeer(remote: string): Peer
}

/** The subprotocols that a socket can speak, in the order in which a client offers them. */
export function subprotocolsFor(hello: Hello): readonly string[] {
  return [subprotocolOf(createMechanism(hello).name), BARE_SUBPROTOCOL]
}

/** The handshake of the subprotocol that was agreed on. */
export function createZwsHandshake(subprotocol: string, hello: Hello): ZwsHandshake {
  return subprotocol === BARE_SUBPROTOCOL
    ? new BareHandshake(hello)
    : new MechanismHandshake(createMechanism(hello), hello)
}

function createMechanism(hello: Hello): Mechanism {
  return new NullMechanism(ownProperties(hello))
}

/** A mechanism's commands, as over ZMTP. */
class MechanismHandshake implements ZwsHandshake {
  private readonly mechanism: Mechanism
  private readonly hello: Hello

  constructor(mechanism: Mechanism, hello: Hello) {
    this.mechanism = mechanism
    this.hello = hello
  }

  handle(body: Frame): void {
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

  readPeer(remote: string): Peer {
    return readPeer(this.mechanism.peerProperties, this.hello, remote)
  }
}

/** Without a mechanism each side's first message is its routing id, and nobody says what he is. */
class BareHandshake implements ZwsHandshake {
  private readonly hello: Hello
  private sent = false
  private routingId: Frame | undefined

  constructor(hello: Hello) {
    this.hello = hello
  }

  /** There is none that would mean anything yet. */
  handle(): void {}

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
