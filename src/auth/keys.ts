// Keys of CURVE (RFC 26), and the form in which they are written down (RFC 32).

import { platform } from "#platform"
import type { Frame } from "../message.js"
import { type CurveKeyPair, createCurveKeyPair, deriveCurvePublicKey } from "../security/curve/keys.js"
import { decodeZ85, encodeZ85 } from "../wire/z85.js"

/**
 * Two new keys that belong together, in Z85: the public one for `curveServerKey` of others, and both for
 * `curvePublicKey` and `curveSecretKey` of the owner. At once, from the platform's own source of chance.
 * (zmq_curve_keypair(3))
 */
export function curveKeyPair(): CurveKeyPair {
  return createCurveKeyPair(platform.curveKeys)
}

/**
 * The public key that belongs to a secret one, in Z85. A key is given as its 40 characters of Z85, or as its 32
 * bytes. Throws EINVAL for what is no key. (zmq_curve_public(3))
 */
export function curvePublicKey(secretKey: string | Uint8Array): string {
  if (typeof secretKey !== "string") checkBytes(secretKey, "Secret key must be a string or bytes")
  return deriveCurvePublicKey(platform.curveKeys, secretKey)
}

/**
 * Bytes as text that needs no quoting, five characters for every four bytes (RFC 32). Throws EINVAL when their number
 * is not divisible by four. (zmq_z85_encode(3))
 */
export function z85Encode(bytes: Uint8Array): string {
  checkBytes(bytes, "Z85 encodes bytes")
  return encodeZ85(bytes)
}

/**
 * The bytes of a text in Z85 (RFC 32). Throws EINVAL when it is none: empty, of a length that is not divisible by five,
 * with a character that Z85 has not, or with five that stand for no four bytes. (zmq_z85_decode(3))
 */
export function z85Decode(text: string): Frame {
  if (typeof text !== "string") throw new TypeError("Z85 is text")
  return decodeZ85(text)
}

function checkBytes(value: unknown, otherwise: string): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(otherwise)
}
