import type { Format } from "./format.js"
import { jsonFormat } from "./json.js"
import { rawFormat } from "./raw.js"
import { textFormat } from "./text.js"
import { wordFormat } from "./words.js"

export const formatNames = ["text", "hex", "base64", "json", "raw"] as const

export type FormatName = (typeof formatNames)[number]

/** What the options say of text. */
export interface TextOptions {
  /** Lines end with a zero byte instead of a newline. */
  readonly null?: boolean | undefined
  readonly frameSeparator?: Buffer | undefined
}

/** The format of a name. */
export function toFormat(name: FormatName, { null: zero = false, frameSeparator }: TextOptions): Format {
  switch (name) {
    case "text":
      return textFormat(zero ? 0 : 10, frameSeparator)
    case "json":
      return jsonFormat
    case "raw":
      return rawFormat
    default:
      return wordFormat(name)
  }
}
