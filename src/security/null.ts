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

/** No authentication and no confidentiality. */
export class NullMechanism implements Mechanism {
  readonly name = "NULL"
  complete = false
  peerProperties: ReadonlyMap<string, Frame> = new Map()

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
    return encodeCommand("READY", encodeProperties(this.properties))
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
