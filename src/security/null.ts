// The NULL mechanism (RFC 37, section 3.5.1): both sides send READY with their metadata, at once.

import { ProtocolError } from "../errors.js"
import type { Frame } from "../message.js"
import {
  decodeCommand,
  decodeErrorReason,
  decodeProperties,
  encodeCommand,
  encodeProperties,
  type Properties,
} from "../wire/command.js"
import { type Mechanism, PeerRefusal } from "./mechanism.js"

const NO_PROPERTIES: Properties = new Map()

/** Whoever says the same says it in the same bytes: ten thousand sockets of a type have one READY. */
const readies: WeakMap<Properties, Frame> = new WeakMap()

/** No authentication and no confidentiality. */
export class NullMechanism implements Mechanism {
  readonly name = "NULL"
  complete = false
  peerProperties: ReadonlyMap<string, Frame> = NO_PROPERTIES

  private readonly properties: Properties
  private sent = false
  private received = false

  constructor(properties: Properties) {
    this.properties = properties
  }

  next(): Frame | undefined {
    if (this.sent) return undefined
    this.sent = true
    this.complete = this.received
    let ready = readies.get(this.properties)
    if (ready === undefined) {
      ready = encodeCommand("READY", encodeProperties(this.properties))
      readies.set(this.properties, ready)
    }
    return ready
  }

  handle(body: Frame): void {
    const { name, data } = decodeCommand(body)
    if (name === "ERROR") throw new PeerRefusal(decodeErrorReason(data))
    if (name !== "READY" || this.received) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A NULL handshake is READY or ERROR, once.")
    }
    this.peerProperties = decodeProperties(data)
    this.received = true
    this.complete = this.sent
  }
}
