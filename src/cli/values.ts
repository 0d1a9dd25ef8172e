// What options and arguments are written as.

import { InvalidArgumentError } from "commander"

const units: Record<string, number> = { "": 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
/** What the runtime's timers can wait. */
const LONGEST = 2_147_483_647

/** `500`, `500ms`, `1.5s`, `2m` or `1h` in milliseconds. */
export function toDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError("It is a time such as 500ms, 1.5s or 2m.")
  const milliseconds = Math.round(Number(number) * (units[unit] as number))
  if (milliseconds > LONGEST) throw new InvalidArgumentError("That is too long.")
  return milliseconds
}

/** As {@link toDuration}, or -1: any time. */
export function toLinger(text: string): number {
  return text === "-1" ? -1 : toDuration(text)
}

/** A whole number from 1 on. */
export function toCount(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError("It is a whole number from 1 on.")
  }
  return count
}

/** A whole number from 0 on. */
export function toMark(text: string): number {
  return text === "0" ? 0 : toCount(text)
}

/** A number above 0. */
export function toRate(text: string): number {
  const rate = Number(text)
  if (!(rate > 0) || rate === Infinity) throw new InvalidArgumentError("It is a number above 0.")
  return rate
}

/** Text in which `\n`, `\r`, `\t`, `\0`, `\\` and `\xHH` stand for bytes. */
export function toBytes(text: string): Buffer {
  const parts = text.split(/(\\(?:x[0-9a-fA-F]{2}|.))/s)
  return Buffer.concat(parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : unescaped(part))))
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0", "\\": "\\" }

function unescaped(part: string): Buffer {
  if (part.startsWith("\\x") && part.length === 4) return Buffer.from(part.slice(2), "hex")
  const found = escapes[part.slice(1)]
  if (found === undefined) throw new InvalidArgumentError(`It has an escape that means nothing: ${part}`)
  return Buffer.from(found)
}

/** Bytes for a separator: at least one. */
export function toSeparator(text: string): Buffer {
  const bytes = toBytes(text)
  if (bytes.length === 0) throw new InvalidArgumentError("It must not be empty.")
  return bytes
}

/** For options that may be given again and again. */
export function collect<T>(parse: (text: string) => T): (text: string, earlier: T[] | undefined) => T[] {
  return (text, earlier = []) => [...earlier, parse(text)]
}

/** An option of the library by its name. */
export interface Assignment {
  readonly name: string
  readonly value: unknown
}

/** `name=value`, where the value is JSON or else text. */
export function toAssignment(text: string): Assignment {
  const at = text.indexOf("=")
  if (at < 1) throw new InvalidArgumentError("It is name=value, such as heartbeatInterval=1000.")
  const value = text.slice(at + 1)
  try {
    return { name: text.slice(0, at), value: JSON.parse(value) }
  } catch {
    return { name: text.slice(0, at), value }
  }
}
