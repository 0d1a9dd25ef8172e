// The server of CURVE (RFC 25, RFC 26). The commands and letters are those of client.ts; besides
//
//   cookie     96  r 16 | secretbox [C' 32, s' 32] (K)
//
// where K is of this connection alone, so that no cookie of another one opens here.

import { copyOf } from "../../bytes.js"
import { ProtocolError } from "../../errors.js"
import type { Frame } from "../../message.js"
import { encodeCommand, encodeProperties, type Properties } from "../../wire/command.js"
import { Admission } from "../admission.js"
import type { Verdict, Verify } from "../authentication.js"
import {
  type CryptoBackend,
  createKeyPair,
  KEY_BYTES,
  MAC_BYTES,
  type RawKeyPair,
  sameKeys,
} from "../crypto/backend.js"
import {
  checkStructure,
  dataOf,
  malformed,
  NO_PROPERTIES,
  outOfTurn,
  readProperties,
} from "../handshake-command.js"
import type { Mechanism } from "../mechanism.js"
import { BoxPair, cannotOpen, joined } from "./box.js"
import { LONG_NONCE, makeNonce, NonceCounter, NonceGuard, SHORT_NONCE } from "./nonce.js"
import { CurveProtection } from "./protection.js"

const CLIENT_KEY_AT = 2 + 72
const HELLO_NONCE_AT = CLIENT_KEY_AT + KEY_BYTES
const HELLO_BOX_AT = HELLO_NONCE_AT + SHORT_NONCE
const HELLO_BYTES = HELLO_BOX_AT + MAC_BYTES + 64

const COOKIE_BYTES = LONG_NONCE + MAC_BYTES + 2 * KEY_BYTES
const INITIATE_BOX_AT = COOKIE_BYTES + SHORT_NONCE
const VOUCH_AT = KEY_BYTES + LONG_NONCE
const METADATA_AT = VOUCH_AT + MAC_BYTES + 2 * KEY_BYTES
const LEAST_INITIATE = INITIATE_BOX_AT + MAC_BYTES + METADATA_AT

/** What a server of CURVE goes by. */
export interface CurveServerSettings {
  readonly backend: CryptoBackend
  /** s, 32 bytes. S is its public key, whatever else the user says. */
  readonly secretKey: Uint8Array
  /** Asked about every client's permanent key; without it all are let in who know S. */
  readonly verify?: Verify | undefined
}

type State = "hello" | "welcome" | "initiate" | "verifying" | "complete" | "closed"

/** Encryption, and proof to either side of who the other is. */
export class CurveServer implements Mechanism {
  readonly name = "CURVE"
  peerProperties: Properties = NO_PROPERTIES
  protection: CurveProtection | undefined
  onProgress: (() => void) | undefined

  private readonly properties: Properties
  private readonly settings: CurveServerSettings
  private readonly admission: Admission = new Admission()
  private state: State = "hello"
  private readonly sent: NonceCounter = new NonceCounter()
  private readonly received: NonceGuard = new NonceGuard()
  /** C'. */
  private clientKey: Uint8Array = NOTHING
  /** Between C' and S. */
  private first: BoxPair | undefined
  /** Between C' and S'. */
  private second: BoxPair | undefined
  private ownKeys: RawKeyPair | undefined
  private cookieKey: Uint8Array = NOTHING

  constructor(properties: Properties, settings: CurveServerSettings) {
    this.properties = properties
    this.settings = settings
  }

  get complete(): boolean {
    return this.state === "complete"
  }

  get verdict(): Verdict | undefined {
    return this.admission.verdict
  }

  get failure(): Error | undefined {
    return this.admission.failure
  }

  next(): Frame | undefined {
    if (this.state === "welcome") {
      this.state = "initiate"
      return this.makeWelcome()
    }
    if (this.state === "verifying") {
      const { granted } = this.admission
      if (!granted && this.settings.verify !== undefined) return this.admission.takeError()
      this.state = "complete"
      return this.makeReady()
    }
    return undefined
  }

  handle(body: Frame): void {
    if (this.state === "hello") this.readHello(body)
    else if (this.state === "initiate") this.readInitiate(body)
    else throw outOfTurn()
  }

  close(): void {
    this.state = "closed"
    this.admission.close()
    this.ownKeys?.secretKey.fill(0)
    this.cookieKey.fill(0)
    this.first?.close()
    this.protection?.close()
    this.protection = undefined
    this.second?.close()
  }

  private readHello(body: Frame): void {
    checkStructure(body)
    const data = dataOf(body, "HELLO")
    if (data.length !== HELLO_BYTES || !startsAsHello(data)) {
      throw malformed("HELLO", "A HELLO of CURVE 1.0 has another form.")
    }
    const { backend, secretKey } = this.settings
    this.clientKey = copyOf(data.subarray(CLIENT_KEY_AT, HELLO_NONCE_AT))
    this.first = new BoxPair(backend, this.clientKey, secretKey)
    const nonce = data.subarray(HELLO_NONCE_AT, HELLO_BOX_AT)
    this.first.open(data.subarray(HELLO_BOX_AT), "CurveZMQHELLO---", nonce)
    this.received.check(nonce, 0)
    this.state = "welcome"
  }

  private makeWelcome(): Frame {
    const { backend } = this.settings
    const own = (this.ownKeys = createKeyPair(backend))
    const cookieNonce = backend.randomBytes(LONG_NONCE)
    this.cookieKey = backend.randomBytes(KEY_BYTES)
    const inside = joined(this.clientKey, own.secretKey)
    const cookie = backend.seal(inside, makeNonce("COOKIE--", cookieNonce), this.cookieKey)
    inside.fill(0)
    const nonce = backend.randomBytes(LONG_NONCE)
    const first = this.first as BoxPair
    const box = first.seal(joined(own.publicKey, cookieNonce, cookie), "WELCOME-", nonce)
    first.close()
    return encodeCommand("WELCOME", joined(nonce, box))
  }

  private readInitiate(body: Frame): void {
    checkStructure(body)
    const data = dataOf(body, "INITIATE")
    if (data.length < LEAST_INITIATE) throw malformed("INITIATE", "An INITIATE of CURVE is longer.")
    this.checkCookie(data.subarray(0, COOKIE_BYTES))
    const { backend, verify } = this.settings
    const { secretKey } = this.ownKeys as RawKeyPair
    const second = (this.second = new BoxPair(backend, this.clientKey, secretKey))
    const nonce = data.subarray(COOKIE_BYTES, INITIATE_BOX_AT)
    const content = second.open(data.subarray(INITIATE_BOX_AT), "CurveZMQINITIATE", nonce)
    this.received.check(nonce, 0)
    const permanentKey = content.subarray(0, KEY_BYTES)
    this.checkVouch(content, permanentKey, secretKey)
    secretKey.fill(0)
    this.peerProperties = readProperties(content.subarray(METADATA_AT) as Frame)
    this.state = "verifying"
    if (verify === undefined) return
    const credentials = { mechanism: "CURVE", frames: [copyOf(permanentKey)] } as const
    this.admission.ask(verify, credentials, () => this.onProgress?.())
  }

  /** The cookie has to be ours, of this connection and not used before. */
  private checkCookie(cookie: Uint8Array): void {
    const { backend } = this.settings
    const { secretKey } = this.ownKeys as RawKeyPair
    const nonce = makeNonce("COOKIE--", cookie.subarray(0, LONG_NONCE))
    const inside = backend.open(cookie.subarray(LONG_NONCE), nonce, this.cookieKey)
    this.cookieKey.fill(0)
    if (inside === undefined) throw cannotOpen()
    const expected = joined(this.clientKey, secretKey)
    const same = sameKeys(inside, expected)
    inside.fill(0)
    expected.fill(0)
    if (!same) throw cannotOpen()
  }

  /** Who has c must have meant this connection, by C', and this server, by S. */
  private checkVouch(content: Uint8Array, clientKey: Uint8Array, secretKey: Uint8Array): void {
    const voucher = new BoxPair(this.settings.backend, clientKey, secretKey)
    const nonce = content.subarray(KEY_BYTES, VOUCH_AT)
    let vouch: Frame
    try {
      vouch = voucher.open(content.subarray(VOUCH_AT, METADATA_AT), "VOUCH---", nonce)
    } finally {
      voucher.close()
    }
    if (!sameKeys(vouch, joined(this.clientKey, publicKeyOf(this.settings)))) {
      throw new ProtocolError("ERR_ZMTP_KEY_EXCHANGE", "The client vouches for another connection.")
    }
  }

  private makeReady(): Frame {
    const { backend } = this.settings
    const second = this.second as BoxPair
    const nonce = this.sent.take()
    const box = second.seal(encodeProperties(this.properties), "CurveZMQREADY---", nonce)
    this.protection = new CurveProtection(backend, second.key, "server", this.sent, this.received)
    this.forget()
    return encodeCommand("READY", joined(nonce, box))
  }

  /** What only the handshake needs, and has been wiped, is not kept for as long as the connection lives. */
  private forget(): void {
    this.ownKeys = undefined
    this.first = undefined
    this.second = undefined
    this.clientKey = NOTHING
    this.cookieKey = NOTHING
  }
}

/** Ten thousand connections to one server have one S. */
const publicKeys: WeakMap<Uint8Array, Uint8Array> = new WeakMap()

function publicKeyOf({ backend, secretKey }: CurveServerSettings): Uint8Array {
  let publicKey = publicKeys.get(secretKey)
  if (publicKey === undefined) {
    publicKey = backend.publicKey(secretKey)
    publicKeys.set(secretKey, publicKey)
  }
  return publicKey
}

/** Version 1.0, and padding of zeroes. */
function startsAsHello(data: Uint8Array): boolean {
  if (data[0] !== 1 || data[1] !== 0) return false
  for (let at = 2; at < CLIENT_KEY_AT; at++) if (data[at] !== 0) return false
  return true
}

const NOTHING = new Uint8Array(0)
