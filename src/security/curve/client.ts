// The client of CURVE (RFC 25, RFC 26). Capitals are public keys, small letters secret ones; those with a quote mark live
// as long as the connection.
//
//   HELLO     200  version 01 00 | 72 zeroes | C' 32 | n 8 | Box [64 zeroes] (C'->S) 80
//   WELCOME   168  r 16 | Box [S' 32, cookie 96] (S->C') 144
//   INITIATE  257+ cookie 96 | n 8 | Box [C 32, r 16, Box [C', S] (C->S') 80, metadata] (C'->S')
//   READY     30+  n 8 | Box [metadata] (S'->C')

import type { Frame } from "../../message.js"
import { encodeCommand, encodeProperties, type Properties } from "../../wire/command.js"
import {
  type CryptoBackend,
  createKeyPair,
  KEY_BYTES,
  MAC_BYTES,
  type RawKeyPair,
} from "../crypto/backend.js"
import {
  checkRefusal,
  dataOf,
  malformed,
  NO_PROPERTIES,
  readProperties,
  unexpected,
} from "../handshake-command.js"
import type { Mechanism } from "../mechanism.js"
import { BoxPair, cannotOpen, joined } from "./box.js"
import { LONG_NONCE, NonceCounter, NonceGuard, SHORT_NONCE } from "./nonce.js"
import { CurveProtection } from "./protection.js"

const VERSION = Uint8Array.of(1, 0)
/** So long that nobody gets more bytes out of a server than he sent. */
const PADDING = new Uint8Array(72)
const SIGNED = new Uint8Array(64)
const COOKIE_BYTES = 96
const WELCOME_BYTES = LONG_NONCE + MAC_BYTES + KEY_BYTES + COOKIE_BYTES

/** The keys of a client, 32 bytes each. */
export interface CurveClientKeys extends RawKeyPair {
  /** S, by which the client knows the server. */
  readonly serverKey: Uint8Array
}

type State = "hello" | "welcome" | "initiate" | "ready" | "complete" | "closed"

/** Encryption, and proof to either side of who the other is. */
export class CurveClient implements Mechanism {
  readonly name = "CURVE"
  peerProperties: Properties = NO_PROPERTIES
  protection: CurveProtection | undefined

  private readonly properties: Properties
  private readonly backend: CryptoBackend
  private readonly keys: CurveClientKeys
  private state: State = "hello"
  private readonly sent: NonceCounter = new NonceCounter()
  private readonly received: NonceGuard = new NonceGuard()
  private ownKeys: RawKeyPair | undefined
  /** Between C' and S. */
  private first: BoxPair | undefined
  /** Between C' and S'. */
  private second: BoxPair | undefined
  private shortServerKey: Uint8Array = NOTHING
  private cookie: Uint8Array = NOTHING

  constructor(properties: Properties, backend: CryptoBackend, keys: CurveClientKeys) {
    this.properties = properties
    this.backend = backend
    this.keys = keys
  }

  get complete(): boolean {
    return this.state === "complete"
  }

  next(): Frame | undefined {
    if (this.state === "hello") {
      this.state = "welcome"
      return this.makeHello()
    }
    if (this.state === "initiate") {
      this.state = "ready"
      return this.makeInitiate()
    }
    return undefined
  }

  handle(body: Frame): void {
    if (this.state === "welcome" || this.state === "ready") checkRefusal(body)
    if (this.state === "welcome") this.readWelcome(body)
    else if (this.state === "ready") this.readReady(body)
    else throw unexpected("It is not the server's turn.")
  }

  close(): void {
    this.state = "closed"
    this.ownKeys?.secretKey.fill(0)
    this.first?.close()
    this.protection?.close()
    this.protection = undefined
    this.second?.close()
  }

  private makeHello(): Frame {
    const { backend, sent } = this
    const own = (this.ownKeys = createKeyPair(backend))
    this.first = new BoxPair(backend, this.keys.serverKey, own.secretKey)
    const nonce = sent.take()
    const box = this.first.seal(SIGNED, "CurveZMQHELLO---", nonce)
    return encodeCommand("HELLO", joined(VERSION, PADDING, own.publicKey, nonce, box))
  }

  private readWelcome(body: Frame): void {
    const data = dataOf(body, "WELCOME")
    if (data.length !== WELCOME_BYTES) throw cannotOpen()
    const { secretKey } = this.ownKeys as RawKeyPair
    const content = (this.first as BoxPair).open(
      data.subarray(LONG_NONCE),
      "WELCOME-",
      data.subarray(0, LONG_NONCE),
    )
    this.shortServerKey = content.subarray(0, KEY_BYTES)
    this.cookie = content.subarray(KEY_BYTES)
    this.second = new BoxPair(this.backend, this.shortServerKey, secretKey)
    secretKey.fill(0)
    this.first?.close()
    this.state = "initiate"
  }

  private makeInitiate(): Frame {
    const { backend, keys, properties, sent } = this
    const own = this.ownKeys as RawKeyPair
    const vouchNonce = backend.randomBytes(LONG_NONCE)
    const voucher = new BoxPair(backend, this.shortServerKey, keys.secretKey)
    const vouch = voucher.seal(joined(own.publicKey, keys.serverKey), "VOUCH---", vouchNonce)
    voucher.close()
    const content = joined(keys.publicKey, vouchNonce, vouch, encodeProperties(properties))
    const nonce = sent.take()
    const box = (this.second as BoxPair).seal(content, "CurveZMQINITIATE", nonce)
    return encodeCommand("INITIATE", joined(this.cookie, nonce, box))
  }

  private readReady(body: Frame): void {
    const data = dataOf(body, "READY")
    if (data.length < SHORT_NONCE + MAC_BYTES) throw malformed("READY", "A READY of CURVE is longer.")
    const second = this.second as BoxPair
    const nonce = data.subarray(0, SHORT_NONCE)
    const content = second.open(data.subarray(SHORT_NONCE), "CurveZMQREADY---", nonce)
    this.received.check(nonce, 0)
    this.peerProperties = readProperties(content)
    this.protection = new CurveProtection(this.backend, second.key, "client", this.sent, this.received)
    this.state = "complete"
    this.forget()
  }

  /** What only the handshake needs, and has been wiped, is not kept for as long as the connection lives. */
  private forget(): void {
    this.ownKeys = undefined
    this.first = undefined
    this.second = undefined
    this.shortServerKey = NOTHING
    this.cookie = NOTHING
  }
}

const NOTHING = new Uint8Array(0)
