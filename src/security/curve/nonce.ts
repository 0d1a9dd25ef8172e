// The nonces of CurveZMQ (RFC 26): a text that says what the box is for, and a number or random bytes behind it.

import { ProtocolError } from "../../errors.js"
import { NONCE_BYTES } from "../crypto/backend.js"

/** Bytes of a nonce that is a number: eight, most significant first. */
export const SHORT_NONCE = 8
/** Bytes of a nonce that is random. */
export const LONG_NONCE = 16

/** `prefix`, and `rest` in what it leaves of the 24 bytes. */
export function makeNonce(prefix: string, rest: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES)
  writePrefix(nonce, prefix)
  nonce.set(rest, prefix.length)
  return nonce
}

/** Puts `prefix` at the start of `target`. */
export function writePrefix(target: Uint8Array, prefix: string): void {
  for (let at = 0; at < prefix.length; at++) target[at] = prefix.charCodeAt(at)
}

/** The numbers of one side of a connection: each command that has one has the next. */
export class NonceCounter {
  private high = 0
  private low = 0

  /** Writes the next number, the first of which is 1, at `at`. */
  writeNext(target: Uint8Array, at: number): void {
    if (this.low === 0xffff_ffff) {
      this.low = 0
      this.high++
    } else this.low++
    writeWord(target, at, this.high)
    writeWord(target, at + 4, this.low)
  }

  /** The next number, in memory of its own. */
  take(): Uint8Array {
    const bytes = new Uint8Array(SHORT_NONCE)
    this.writeNext(bytes, 0)
    return bytes
  }
}

/** The numbers of the other side: none may come twice, nor one that is less than another before it. */
export class NonceGuard {
  private high = -1
  private low = 0

  /** Throws a ProtocolError when the number at `at` is no greater than the last one; remembers it otherwise. */
  check(source: Uint8Array, at: number): void {
    const high = readWord(source, at)
    const low = readWord(source, at + 4)
    if (high < this.high || (high === this.high && low <= this.low)) {
      throw new ProtocolError("ERR_ZMTP_INVALID_SEQUENCE", "A nonce is not greater than the one before it.")
    }
    this.high = high
    this.low = low
  }
}

function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word >>> 24
  target[at + 1] = word >>> 16
  target[at + 2] = word >>> 8
  target[at + 3] = word
}

function readWord(source: Uint8Array, at: number): number {
  return (
    (source[at] as number) * 0x100_0000 +
    (((source[at + 1] as number) << 16) | ((source[at + 2] as number) << 8) | (source[at + 3] as number))
  )
}
