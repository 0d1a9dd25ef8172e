import { isUtf8 } from "node:buffer"
import type { Frame } from "../../index.js"
import type { Format } from "./format.js"
import { badLine, LineSplitter, parseOne } from "./lines.js"

const NEWLINE = 10

/** A frame in JSON: its text, or an object where its bytes are no UTF-8. */
export type JsonFrame = string | { readonly base64: string }

/** A frame as a value for JSON, from which {@link jsonFormat} reads the same bytes. */
export function toJsonFrame(frame: Frame): JsonFrame {
  return isUtf8(frame) ? frame.toString() : { base64: frame.toString("base64") }
}

/**
 * A line a message, an array of its frames. What is read may also be a value that is no array: a message of one frame,
 * of a string's text or else of the value's JSON.
 */
export const jsonFormat: Format = {
  encode: (message) => Buffer.from(`${JSON.stringify(message.map(toJsonFrame))}\n`),
  parse: (bytes) => parseOne(createSplitter(), bytes),
  createSplitter,
}

function createSplitter(): LineSplitter {
  return new LineSplitter(NEWLINE, (line, number) => {
    const text = line.toString().trim()
    return text === "" ? undefined : toMessage(parse(text, number), number)
  })
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badLine(number, `is not JSON: ${(error as Error).message}`)
  }
}

function toMessage(value: unknown, number: number): Frame[] {
  if (!Array.isArray(value)) return [toFrame(value)]
  if (value.length === 0) throw badLine(number, "is a message without frames.")
  return value.map(toFrame)
}

function toFrame(value: unknown): Frame {
  if (typeof value === "string") return Buffer.from(value)
  if (typeof value === "object" && value !== null && Object.keys(value).length === 1) {
    const { base64, hex } = value as { base64?: unknown; hex?: unknown }
    if (typeof base64 === "string") return Buffer.from(base64, "base64")
    if (typeof hex === "string") return Buffer.from(hex, "hex")
  }
  return Buffer.from(JSON.stringify(value))
}
