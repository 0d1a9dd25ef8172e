// The client of PLAIN (RFC 24): HELLO with name and password, WELCOME, INITIATE with our metadata, READY with the
// server's.

import { toLatin1 } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame } from "../message.js"
import { decodeErrorReason, encodeCommand, encodeProperties, type Properties } from "../wire/command.js"
import {
  checkRefusal,
  dataOf,
  malformed,
  NO_PROPERTIES,
  readProperties,
  unexpected,
} from "./handshake-command.js"
import { type Mechanism, PeerRefusal } from "./mechanism.js"

const MAX_CREDENTIAL = 255

/** What a client of PLAIN shows. */
export interface PlainCredentials {
  /** At most 255 bytes. */
  readonly username: Frame
  /** At most 255 bytes. */
  readonly password: Frame
}

type State = "hello" | "welcome" | "initiate" | "ready" | "complete"

/** Authentication by name and password, which go in the clear. */
export class PlainClient implements Mechanism {
  readonly name = "PLAIN"
  peerProperties: Properties = NO_PROPERTIES

  private readonly properties: Properties
  private readonly credentials: PlainCredentials
  private state: State = "hello"

  /** Throws a ZmqError EINVAL where a credential is too long. */
  constructor(properties: Properties, credentials: PlainCredentials) {
    const { username, password } = credentials
    if (username.length > MAX_CREDENTIAL || password.length > MAX_CREDENTIAL) {
      throw new ZmqError("EINVAL", { message: "A user name or password has at most 255 bytes." })
    }
    this.properties = properties
    this.credentials = credentials
  }

  get complete(): boolean {
    return this.state === "complete"
  }

  next(): Frame | undefined {
    if (this.state === "hello") {
      this.state = "welcome"
      return encodeHello(this.credentials)
    }
    if (this.state === "initiate") {
      this.state = "ready"
      return encodeCommand("INITIATE", encodeProperties(this.properties))
    }
    return undefined
  }

  handle(body: Frame): void {
    if (this.state === "welcome" || this.state === "ready") {
      checkRefusal(body)
      checkMisspelledRefusal(body)
    }
    if (this.state === "welcome") this.readWelcome(body)
    else if (this.state === "ready") this.readReady(body)
    else throw unexpected("It is not the server's turn.")
  }

  private readWelcome(body: Frame): void {
    if (dataOf(body, "WELCOME").length > 0) throw malformed("WELCOME", "A WELCOME of PLAIN has no data.")
    this.state = "initiate"
  }

  private readReady(body: Frame): void {
    this.peerProperties = readProperties(dataOf(body, "READY"))
    this.state = "complete"
  }
}

/**
 * libzmq writes `"\x05ERROR"` in its source, where the E is one more hexadecimal digit. So what its servers of PLAIN send
 * begins with 5E, and has no length before its name. Our own servers send what RFC 24 says; libzmq's clients, which know
 * only their own form, take that for a protocol error, and stop as they would otherwise.
 */
const MISSPELLED_ERROR = "^RROR"

function checkMisspelledRefusal(body: Frame): void {
  const { length } = MISSPELLED_ERROR
  if (toLatin1(body.subarray(0, length)) === MISSPELLED_ERROR) {
    throw new PeerRefusal(decodeErrorReason(body.subarray(length) as Frame))
  }
}

function encodeHello({ username, password }: PlainCredentials): Frame {
  const data = new Uint8Array(2 + username.length + password.length)
  data[0] = username.length
  data.set(username, 1)
  data[1 + username.length] = password.length
  data.set(password, 2 + username.length)
  return encodeCommand("HELLO", data)
}

/** The name and password of a HELLO; throws a ProtocolError. */
export function decodeHello(body: Frame): PlainCredentials {
  const data = dataOf(body, "HELLO")
  const passwordAt = 2 + (data[0] ?? 0)
  if (data.length < passwordAt || data.length !== passwordAt + (data[passwordAt - 1] as number)) {
    throw malformed("HELLO", "A HELLO of PLAIN is a name and a password, each behind its length.")
  }
  return {
    username: data.subarray(1, passwordAt - 1) as Frame,
    password: data.subarray(passwordAt) as Frame,
  }
}
