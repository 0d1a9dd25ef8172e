// Keys as users have them: 32 bytes, or the 40 characters of their Z85 form (RFC 32).

import { ZmqError } from "../../errors.js"
import { decodeZ85, encodeZ85 } from "../../wire/z85.js"
import { KEY_BYTES, type RawKeyPair } from "../crypto/backend.js"

/** A key pair in Z85, as options and certificates have it. */
export interface CurveKeyPair {
  /** 40 characters. */
  publicKey: string
  /** 40 characters. Whoever has them can pass for the owner. */
  secretKey: string
}

/** What makes keys at once, with no library to wait for. */
export interface KeySource {
  /** Two new keys. */
  createKeyPair(): RawKeyPair
  /** The public key of a secret one. */
  publicKey(secretKey: Uint8Array): Uint8Array
}

/** The bytes of a key. Throws a ZmqError `EINVAL` when it has neither 32 bytes nor 40 characters of Z85. */
export function decodeKey(key: string | Uint8Array): Uint8Array {
  const bytes = typeof key === "string" ? decodeZ85(key) : key
  if (bytes.length !== KEY_BYTES) throw new ZmqError("EINVAL", { message: "A key of CURVE has 32 bytes." })
  return bytes
}

/** Two new keys. */
export function createCurveKeyPair(source: KeySource): CurveKeyPair {
  const { publicKey, secretKey } = source.createKeyPair()
  const pair = { publicKey: encodeZ85(publicKey), secretKey: encodeZ85(secretKey) }
  secretKey.fill(0)
  return pair
}

/** The public key of `secretKey`. Throws a ZmqError `EINVAL` when that is no key. */
export function deriveCurvePublicKey(source: KeySource, secretKey: string | Uint8Array): string {
  return encodeZ85(source.publicKey(decodeKey(secretKey)))
}
