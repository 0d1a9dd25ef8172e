// Z85 (RFC 32): four bytes in five printable characters, none of which needs quoting in source code or XML.

import { allocate } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame } from "../message.js"

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

/** What a character of seven bits stands for; -1: nothing. */
const values: Int8Array = new Int8Array(128).fill(-1)
for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value

/**
 * The Z85 form of `bytes`, five characters for every four bytes (RFC 32).
 *
 * Throws a ZmqError `EINVAL` when their number is not divisible by four.
 */
export function encodeZ85(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw invalid("Z85 encodes bytes in fours.")
  let text = ""
  for (let at = 0; at < bytes.length; at += 4) {
    let word = 0
    for (let index = 0; index < 4; index++) word = word * 256 + (bytes[at + index] as number)
    let digits = ""
    for (let index = 0; index < 5; index++) {
      digits = ALPHABET.charAt(word % 85) + digits
      word = Math.floor(word / 85)
    }
    text += digits
  }
  return text
}

/**
 * The bytes whose Z85 form is `text` (RFC 32).
 *
 * Throws a ZmqError `EINVAL` when `text` is empty, its length is not divisible by five, a character is none of Z85's 85,
 * or five of them tell more than four bytes hold.
 */
export function decodeZ85(text: string): Frame {
  if (text.length === 0 || text.length % 5 !== 0) throw invalid("Z85 is decoded in fives.")
  const bytes = allocate((text.length / 5) * 4)
  for (let at = 0, to = 0; at < text.length; at += 5) {
    let word = 0
    for (let index = at; index < at + 5; index++) {
      const value = values[text.charCodeAt(index)] ?? -1
      if (value < 0) throw invalid("A character is not one of Z85's.")
      word = word * 85 + value
    }
    if (word > 0xffff_ffff) throw invalid("Five characters tell more than four bytes.")
    bytes[to++] = word >>> 24
    bytes[to++] = (word >>> 16) & 0xff
    bytes[to++] = (word >>> 8) & 0xff
    bytes[to++] = word & 0xff
  }
  return bytes
}

function invalid(message: string): ZmqError {
  return new ZmqError("EINVAL", { message })
}
