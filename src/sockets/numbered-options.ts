// Socket options by their numbers (zmq.h), for subclasses and for programs that come from libzmq.

import { numberOf, setNumber, setText, textOf, type Width } from "../core/options/numbered.js"
import type { SocketCore } from "../core/socket.js"
import { ZmqError } from "../errors.js"
import type { Frame } from "../message.js"
import { isThreadSafe, socketNumbers } from "./types.js"

const RCVMORE = 13
const EVENTS = 15
const TYPE = 16
const LAST_ENDPOINT = 32
const MECHANISM = 43
const THREAD_SAFE = 81
const mechanismNumbers = { NULL: 0, PLAIN: 1, CURVE: 2 } as const
const POLLIN = 1
const POLLOUT = 2

/** A number's type in C. */
export interface NumberType {
  readonly width: Width
  readonly signed: boolean
}

/** int32_t, int64_t and those without a sign. */
export const int32: NumberType = { width: 32, signed: true }
export const uint32: NumberType = { width: 32, signed: false }
export const int64: NumberType = { width: 64, signed: true }
export const uint64: NumberType = { width: 64, signed: false }

/** Reads an option, or what a socket can be asked for besides. Throws a TypeError, EINVAL. */
export function getNumberOption(inside: SocketCore, option: unknown, { width, signed }: NumberType): number {
  const id = checkId(option)
  const value = (width === 32 ? stateOf(inside, id) : undefined) ?? numberOf(inside, id, width)
  return value < 0 && !signed ? value + 2 ** width : value
}

/** Throws a TypeError, EINVAL. */
export function setNumberOption(inside: SocketCore, option: unknown, value: unknown, type: NumberType): void {
  const id = checkId(option)
  if (typeof value !== "number") throw new TypeError("Option value must be a number")
  setNumber(inside, id, type.width, signOf(Math.trunc(value), type))
  if (type.width === 64 && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    inside.context.platform.warn(
      "Value is larger than Number.MAX_SAFE_INTEGER and may have been rounded inaccurately.",
    )
  }
}

/** Throws a TypeError, EINVAL. */
export function setBooleanOption(inside: SocketCore, option: unknown, value: unknown): void {
  const id = checkId(option)
  if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
  setNumber(inside, id, 32, Number(value))
}

/** Throws a TypeError, EINVAL. */
export function getTextOption(inside: SocketCore, option: unknown): string | null {
  const id = checkId(option)
  return id === LAST_ENDPOINT ? inside.endpoints.last : textOf(inside, id)
}

/** Throws a TypeError, EINVAL. */
export function setTextOption(inside: SocketCore, option: unknown, value: unknown): void {
  const id = checkId(option)
  setText(inside, id, checkText(value))
}

/** Throws a TypeError. */
export function checkId(option: unknown): number {
  if (typeof option !== "number") throw new TypeError("Identifier must be a number")
  return option
}

/** Throws a TypeError. */
export function checkText(value: unknown): string | Frame | null {
  if (value === null || typeof value === "string" || ArrayBuffer.isView(value)) return value as string
  throw new TypeError("Option value must be a string or buffer")
}

/** What can be read only; messages are whole here, so that there is never more of one. */
function stateOf({ type, pattern, mechanism }: SocketCore, id: number): number | undefined {
  switch (id) {
    case RCVMORE:
      return 0
    case MECHANISM:
      return mechanismNumbers[mechanism]
    case THREAD_SAFE:
      return Number(isThreadSafe(type))
    case EVENTS:
      return (pattern.canReceive ? POLLIN : 0) + (pattern.canSend ? POLLOUT : 0)
    case TYPE:
      return socketNumbers[type]
    default:
      return undefined
  }
}

/** The upper half of numbers without a sign is that of the negative ones; libzmq does not tell them apart. */
function signOf(value: number, { width }: NumberType): number {
  const limit = 2 ** (width - 1)
  if (value < limit) return value
  // All bits are set in the greatest number, which a double rounds up.
  if (value === limit * 2 && width === 64) return -1
  if (value >= limit * 2) throw new ZmqError("EINVAL")
  return value - limit * 2
}
