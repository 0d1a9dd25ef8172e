// How a connection begins, in all versions (RFC 13, 15, 23 and 37):
//
//   3.x   0 FF | 1-8 padding | 9 7F | 10 major | 11 minor | 12-31 mechanism, NUL-padded | 32 as-server | 33-63 zero
//   2.0   0 FF | 1-8 padding | 9 7F | 10 revision 1 | 11 socket type; then the routing id as a frame
//   1.0   the routing id as a frame of its own framing (see version1.ts), whose flags have no bit 0
//
// What we say begins so that each of them can read it: the first ten bytes are, to 1.0, the head of a frame with our
// routing id. So no more than those go out before the peer has shown that it is none of 1.0, and the twelfth not
// before it has told its version.

import { toLatin1 } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import type { SocketType } from "../peer.js"

export const GREETING_SIZE = 64
/** What everybody begins with. */
export const SIGNATURE_SIZE = 10
/** A greeting of ZMTP 2.0, without the frame that follows. */
export const OLD_GREETING_SIZE = 12
const MECHANISM_START = 12
const MECHANISM_END = 32
const LONGEST_ID = 255
/**
 * The flags of a routing id of ZMTP 1.0: RFC 13 wants no bits and no check of them. libzmq 2 leaves those at one that
 * it marks its messages with in memory. Whoever has others is no peer: an HTTP client, for instance.
 */
const ID_FLAGS: readonly number[] = [0x00, 0x7e]

/**
 * How a peer is spoken to: `1.0` has no greeting; `1.0 with greeting` has that of 2.0, before frames of 1.0, and was
 * in no release of libzmq, which knows it nevertheless; `3.x` is that and whatever comes later.
 */
export type Version = "1.0" | "1.0 with greeting" | "2.0" | "3.x"

/** What a peer's greeting says. */
export interface Greeting {
  /** Whatever is not 3 is spoken to as 3. */
  readonly major: number
  /** 0 for RFC 23, 1 or more for RFC 37. */
  readonly minor: number
  /** `NULL`, `PLAIN` or `CURVE`, as the peer spells it. */
  readonly mechanism: string
}

/**
 * Our greeting. A peer of ZMTP 1.0 reads in its padding how long our routing id is. `asServer` is of the mechanism, which
 * has two sides; libzmq says of its servers, too, that they are none, and asks no peer.
 */
export function encodeGreeting(mechanism: string, idSize: number = 0, asServer: boolean = false): Uint8Array {
  const bytes = new Uint8Array(GREETING_SIZE)
  bytes[0] = 0xff
  bytes[7] = (idSize + 1) >> 8
  bytes[8] = (idSize + 1) & 0xff
  bytes[9] = 0x7f
  bytes[10] = 3
  bytes[11] = 1
  for (let at = 0; at < mechanism.length; at++) bytes[MECHANISM_START + at] = mechanism.charCodeAt(at)
  bytes[MECHANISM_END] = Number(asServer)
  return bytes
}

/**
 * The version of a peer from the bytes so far; undefined while they are too few to tell. Throws a ProtocolError as
 * soon as they cannot open a connection of any.
 */
export function versionOf(bytes: Uint8Array): Version | undefined {
  const first = bytes[0]
  if (first === undefined) return undefined
  if (first !== 0xff) {
    if (first === 0) throw notZmtp("the first byte is 0")
    return bytes.length < 2 ? undefined : checkIdFlags(bytes[1] as number)
  }
  if (bytes.length < SIGNATURE_SIZE) return undefined
  if (((bytes[9] as number) & 1) === 0) {
    checkLongId(bytes)
    return checkIdFlags(bytes[9] as number)
  }
  switch (bytes[10]) {
    case undefined:
      return undefined
    case 0:
      return "1.0 with greeting"
    case 1:
      return "2.0"
    default:
      return "3.x"
  }
}

/** How much of our greeting a peer may be told who has said so much of its own, and is none of ZMTP 1.0. */
export function tellable(heard: Uint8Array): number {
  if (heard.length < SIGNATURE_SIZE) return SIGNATURE_SIZE
  return heard.length === SIGNATURE_SIZE ? SIGNATURE_SIZE + 1 : GREETING_SIZE
}

/** Reads a peer's greeting. The as-server byte is not looked at: libzmq always sends 0. */
export function decodeGreeting(bytes: Uint8Array): Greeting {
  if (bytes.length < GREETING_SIZE || versionOf(bytes) !== "3.x") throw notZmtp("its greeting is another")
  let end = MECHANISM_END
  while (end > MECHANISM_START && bytes[end - 1] === 0) end--
  return {
    major: bytes[10] as number,
    minor: bytes[11] as number,
    mechanism: toLatin1(bytes, MECHANISM_START, end),
  }
}

/** The socket types of ZMTP 2.0 by their numbers (RFC 15); libzmq sends those of XPUB and XSUB too. */
const oldTypes: readonly SocketType[] = [
  "PAIR",
  "PUB",
  "SUB",
  "REQ",
  "REP",
  "DEALER",
  "ROUTER",
  "PULL",
  "PUSH",
  "XPUB",
  "XSUB",
]

/** Whether ZMTP 2.0 and older know a socket type. */
export function isOldType(type: SocketType): boolean {
  return oldTypes.includes(type)
}

/** The byte that says to a peer of ZMTP 2.0 what we are. */
export function encodeOldType(type: SocketType): number {
  return oldTypes.indexOf(type)
}

/** What the byte says that a peer of ZMTP 2.0 is; empty when it is none of the protocol's types. */
export function decodeOldType(byte: number): string {
  return oldTypes[byte] ?? ""
}

function checkIdFlags(flags: number): "1.0" {
  if (!ID_FLAGS.includes(flags)) throw notZmtp("it begins with no greeting and no routing id")
  return "1.0"
}

function checkLongId(bytes: Uint8Array): void {
  for (let at = 1; at < 7; at++) if (bytes[at] !== 0) throw notZmtp("its routing id is too long")
  const length = ((bytes[7] as number) << 8) | (bytes[8] as number)
  if (length === 0 || length > LONGEST_ID + 1) throw notZmtp("its routing id is too long, or of no length")
}

function notZmtp(reason: string): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", `The peer does not speak ZMTP: ${reason}.`)
}
