// MESSAGE of CURVE (RFC 26, section 3.7): what every frame of the traffic travels in.
//
//   07 "MESSAGE" | n 8 | Box [flags 1, body]
//
// It is the body of a frame without flags, whatever the flags of the frame in it: libzmq drops a MESSAGE whose frame has
// the COMMAND bit, though RFC 26 calls it a command, and sends none that has.

import { COMMAND, LONG_HEADER, MORE, SHORT_MAX } from "../../wire/flags.js"
import { writeLongHeader } from "../../wire/long-header.js"
import { MAC_BYTES } from "../crypto/backend.js"
import { SHORT_NONCE } from "./nonce.js"

/** The length of the name, and the name. */
export const NAME = "\x07MESSAGE"
/** Where the box begins. */
export const BOX_AT: number = NAME.length + SHORT_NONCE
/** By so many bytes a MESSAGE is longer than the body of the frame in it. */
export const OVERHEAD: number = BOX_AT + MAC_BYTES + 1

/** What a nonce begins with in either direction. */
export const CLIENT_PREFIX = "CurveZMQMESSAGEC"
export const SERVER_PREFIX = "CurveZMQMESSAGES"
/** Where in a nonce its number begins. */
export const COUNTER_AT: number = CLIENT_PREFIX.length

/** Where on a bench the bytes to work on begin, behind the nonce. */
export const BENCH_AT = 32
/** About as many bytes are sealed or opened at a time. */
export const SLICE_BYTES = 262_144

/** In a box a command is told by a bit of its own, which is not that of frames: libzmq goes by it alone. */
const BOXED_COMMAND = 2

/** The flags in a box, from those of the frame. */
export function boxedFlags(flags: number): number {
  return (flags & MORE) | (flags & COMMAND ? BOXED_COMMAND : 0)
}

/** The flags of a frame, from those in its box. */
export function frameFlags(boxed: number): number {
  return (boxed & MORE) | (boxed & BOXED_COMMAND ? COMMAND : 0)
}

/** The bytes of flags and length before a body of that size. */
export function headerSize(size: number): number {
  return size > SHORT_MAX ? 9 : 2
}

/** Puts flags and length before a body of that size; the position behind them. */
export function writeHeader(target: Uint8Array, at: number, flags: number, size: number): number {
  if (size > SHORT_MAX) {
    writeLongHeader(target, at, flags, size)
    return at + LONG_HEADER
  }
  target[at] = flags
  target[at + 1] = size
  return at + 2
}

/** Whether the name of MESSAGE stands at `at`. */
export function isMessage(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < NAME.length; index++) {
    if (bytes[at + index] !== NAME.charCodeAt(index)) return false
  }
  return true
}
