// The NULL mechanism (RFC 37, section 3.5.1): both sides send READY with their metadata, at once; or, where there is an
// authenticator, when he has let the peer's address in (RFC 27).

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
import { Admission } from "./admission.js"
import type { Verdict, Verify } from "./authentication.js"
import { NO_PROPERTIES } from "./handshake-command.js"
import { type Mechanism, PeerRefusal } from "./mechanism.js"

/** Whoever says the same says it in the same bytes: ten thousand sockets of a type have one READY. */
const readies: WeakMap<Properties, Frame> = new WeakMap()

/** No authentication and no confidentiality. */
export class NullMechanism implements Mechanism {
  readonly name = "NULL"
  complete = false
  peerProperties: ReadonlyMap<string, Frame> = NO_PROPERTIES
  onProgress: (() => void) | undefined

  private readonly properties: Properties
  private sent = false
  private received = false
  private readonly verify: Verify | undefined
  private admission: Admission | undefined

  /** `verify` is asked before READY is sent, about a peer who has shown nothing. */
  constructor(properties: Properties, verify?: Verify) {
    this.properties = properties
    this.verify = verify
  }

  get verdict(): Verdict | undefined {
    return this.admission?.verdict
  }

  get failure(): Error | undefined {
    return this.admission?.failure
  }

  next(): Frame | undefined {
    if (this.sent) return undefined
    if (this.verify !== undefined && !this.admits(this.verify)) return this.admission?.takeError()
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

  close(): void {
    this.admission?.close()
  }

  private admits(verify: Verify): boolean {
    if (this.admission === undefined) {
      this.admission = new Admission()
      this.admission.ask(verify, { mechanism: "NULL", frames: [] }, () => this.onProgress?.())
    }
    return this.admission.granted
  }
}
