import type { Frame } from "../../index.js"
import type { Format } from "./format.js"
import { badLine, LineSplitter, parseOne } from "./lines.js"

const NEWLINE = 10
/** Stands for a frame without bytes. */
const EMPTY_WORD = "-"

const alphabets = {
  hex: /^(?:[0-9a-fA-F]{2})+$/,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/,
} as const

/** A line a message, a word a frame; `-` is a frame without bytes. */
export function wordFormat(encoding: "hex" | "base64"): Format {
  const alphabet = alphabets[encoding]
  const toFrame = (word: string, number: number): Frame => {
    if (word === EMPTY_WORD) return Buffer.alloc(0)
    if (!alphabet.test(word)) throw badLine(number, `is not ${encoding}.`)
    return Buffer.from(word, encoding)
  }
  const createSplitter = (): LineSplitter =>
    new LineSplitter(NEWLINE, (line, number) => {
      const words = line.toString("latin1").trim()
      return words === "" ? undefined : words.split(/[ \t]+/).map((word) => toFrame(word, number))
    })
  return {
    encode: (message) =>
      Buffer.from(`${message.map((frame) => frame.toString(encoding) || EMPTY_WORD).join(" ")}\n`),
    parse: (bytes) => parseOne(createSplitter(), bytes),
    createSplitter,
  }
}
