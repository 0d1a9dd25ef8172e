// The greeting of ZMTP 3.1 (RFC 37, section 3.2): 64 bytes each way, before any frame.
//
//   0 FF | 1-8 padding | 9 7F | 10 major | 11 minor | 12-31 mechanism, NUL-padded | 32 as-server | 33-63 zero
//
// It goes out whole and unasked, as RFC 37 wants it of whoever speaks no older version. So no peer waits for us
// in vain, whichever part of it he wants to see before he goes on; libzmq holds back its own from byte 10 on.

import { toLatin1 } from "../bytes.js"
import { ProtocolError } from "../errors.js"

export const GREETING_SIZE = 64
const MECHANISM_START = 12
const MECHANISM_END = 32

/** What a peer's greeting says. */
export interface Greeting {
  /** 3 and later peers are spoken to as 3. */
  readonly major: number
  /** 0 for RFC 23, 1 or more for RFC 37. */
  readonly minor: number
  /** `NULL`, `PLAIN` or `CURVE`, as the peer spells it. */
  readonly mechanism: string
}

/** Our greeting. */
export function encodeGreeting(mechanism: string): Uint8Array {
  const bytes = new Uint8Array(GREETING_SIZE)
  bytes[0] = 0xff
  // libzmq reads bytes 1 to 8 as a long length when it looks for a ZMTP 1.0 peer; it writes 1 itself.
  bytes[8] = 1
  bytes[9] = 0x7f
  bytes[10] = 3
  bytes[11] = 1
  for (let at = 0; at < mechanism.length; at++) bytes[MECHANISM_START + at] = mechanism.charCodeAt(at)
  return bytes
}

/** Throws a ProtocolError as soon as the bytes so far cannot open a ZMTP 3 greeting. */
export function checkOpening(bytes: Uint8Array): void {
  if (bytes.length > 0 && bytes[0] !== 0xff) throw notZmtp3("the first byte is not 0xFF")
  if (bytes.length > 9 && ((bytes[9] as number) & 1) === 0)
    throw notZmtp3("the signature does not end in 0x7F")
  if (bytes.length > 10 && (bytes[10] as number) < 3) throw notZmtp3(`its version is ${bytes[10]}`)
}

/** Reads a peer's greeting. The as-server byte is not looked at: libzmq always sends 0. */
export function decodeGreeting(bytes: Uint8Array): Greeting {
  checkOpening(bytes)
  if (bytes.length < GREETING_SIZE) throw notZmtp3("its greeting is cut short")
  let end = MECHANISM_END
  while (end > MECHANISM_START && bytes[end - 1] === 0) end--
  return {
    major: bytes[10] as number,
    minor: bytes[11] as number,
    mechanism: toLatin1(bytes, MECHANISM_START, end),
  }
}

function notZmtp3(reason: string): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", `The peer does not speak ZMTP 3: ${reason}.`)
}
