import { EMPTY, fromText, toLatin1, toText } from "../../bytes.js"
import { ZmqError } from "../../errors.js"
import { type Frame, type MessageLike, toFrame } from "../../message.js"
import { KEY_BYTES } from "../../security/crypto/backend.js"
import { decodeKey } from "../../security/curve/keys.js"
import { isAcceptFilter } from "../../transports/accept-filter.js"
import { encodeZ85 } from "../../wire/z85.js"
import type { OptionEntry } from "./kinds.js"
import { type MetadataOption, type OptionName, type OptionValues, optionEntry } from "./table.js"

const INT_MAX = 0x7fff_ffff
const LONGEST_ID = 255
const LONGEST_NAME = 255

/** The value in its stored form. Throws a TypeError for a wrong type, EINVAL for a value out of range. */
export function checkOption<Name extends OptionName>(name: Name, value: unknown): OptionValues[Name] {
  return checkAny(name, optionEntry(name), value) as OptionValues[Name]
}

function checkAny(name: OptionName, entry: OptionEntry, value: unknown): unknown {
  switch (entry.kind) {
    case "bool":
      if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
      return value
    case "int":
      return checkInteger(name, entry, value)
    case "choice":
      if (value === null || (entry.choices ?? []).includes(value as string)) return value
      throw invalid(`${name} is null or one of ${entry.choices?.join(", ")}; ${String(value)} isn't.`)
    case "text":
      return checkText(name, entry, value)
    case "properties":
      return checkProperties(value)
    case "bytes":
      return checkBytes(value)
    case "key":
      return checkKey(name, value)
    case "id":
      return checkId(value)
  }
}

function checkInteger(
  name: OptionName,
  { min = 0, max = INT_MAX, step = 1 }: OptionEntry,
  value: unknown,
): number {
  if (typeof value !== "number") throw new TypeError("Option value must be a number")
  // What is left until a deadline is seldom a whole number of milliseconds.
  const whole = Math.trunc(value) + 0
  if (Number.isInteger(whole) && whole >= min && whole <= max) return whole - (whole % step)
  throw invalid(`${name} goes from ${min} to ${max}; ${value} doesn't.`)
}

function checkText(
  name: OptionName,
  { min = 1, max = INT_MAX, form }: OptionEntry,
  value: unknown,
): string | null {
  if (value === null) return null
  if (typeof value !== "string" && !ArrayBuffer.isView(value)) {
    throw new TypeError("Option value must be a string or buffer")
  }
  const bytes = toFrame(value as MessageLike)
  // With libzmq no bytes are no value, while an empty text is a bad one.
  if (bytes.length === 0 && (typeof value !== "string" || min === 0)) return null
  const text = typeof value === "string" ? value : toText(bytes)
  // Each byte that is none of UTF-8's becomes a sign of three, and what goes to the peer is the text.
  const size = typeof value === "string" ? bytes.length : fromText(text).length
  if (size === 0 || size > max) throw invalid(`${name} has 1 to ${max} bytes.`)
  if (form === "acceptFilter" && !isAcceptFilter(text)) {
    throw invalid(`${name} is a network such as 10.0.0.0/8; ${text} isn't.`)
  }
  return text
}

/** As the application wants it back; bytes are copied, so that he may use his memory again. */
function checkBytes(value: unknown): string | Frame | null {
  if (value === null || typeof value === "string") return value
  if (!ArrayBuffer.isView(value)) throw new TypeError("Option value must be a string or buffer")
  return Uint8Array.prototype.slice.call(toFrame(value)) as Frame
}

/** Kept in Z85, as zeromq.js shows keys. */
function checkKey(name: string, value: unknown): string {
  if (value !== null && typeof value !== "string" && !ArrayBuffer.isView(value)) {
    throw new TypeError("Option value must be a string or buffer")
  }
  const bytes = value === null ? EMPTY : toFrame(value as MessageLike)
  try {
    return encodeZ85(decodeKey(bytes.length === KEY_BYTES ? bytes : toLatin1(bytes)))
  } catch (cause) {
    throw new ZmqError("EINVAL", { message: `${name} is a key: 40 characters of Z85, or 32 bytes.`, cause })
  }
}

function checkId(value: unknown): string | Frame | null {
  if (value === null) return null
  if (typeof value !== "string" && !ArrayBuffer.isView(value)) {
    throw new TypeError("Option value must be a string or buffer")
  }
  const bytes = toFrame(value as MessageLike)
  if (bytes.length === 0 || bytes.length > LONGEST_ID || bytes[0] === 0) {
    throw invalid("A routing id has 1 to 255 bytes and does not begin with a zero.")
  }
  return checkBytes(value)
}

function checkProperties(value: unknown): MetadataOption | null {
  if (value === null) return null
  if (typeof value !== "object") throw new TypeError("Option value must be an object")
  const properties: Record<string, string> = {}
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new TypeError("A property's value must be a string")
    if (!/^X-[\x21-\x7e]+$/.test(name) || name.length > LONGEST_NAME) {
      throw invalid(`A property's name is "X-" and up to 253 letters, digits and signs; ${name} isn't.`)
    }
    properties[name] = text
  }
  return Object.freeze(properties)
}

function invalid(message: string): ZmqError {
  return new ZmqError("EINVAL", { message })
}

/** A stored option as bytes; none for null. */
export function optionBytes(value: string | Frame | null): Frame {
  return typeof value === "string" ? fromText(value) : (value ?? fromText(""))
}
