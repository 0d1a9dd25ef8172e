import type { Frame } from "../../index.js"
import type { Format } from "./format.js"
import { LineSplitter } from "./lines.js"

const TAB = Buffer.from("\t")

/**
 * A line a message, as bytes: nothing is decoded. Frames are written with `separator` between them, or a tab; a line is
 * taken apart only where a separator is given, since text may well have tabs in it.
 */
export function textFormat(delimiter: number, separator: Buffer | undefined): Format {
  const between = separator ?? TAB
  const end = Buffer.of(delimiter)
  return {
    encode: (message) => {
      const pieces: Buffer[] = []
      for (const [index, frame] of message.entries()) {
        if (index > 0) pieces.push(between)
        pieces.push(frame)
      }
      return Buffer.concat([...pieces, end])
    },
    parse: (bytes) => split(bytes, separator),
    createSplitter: () => new LineSplitter(delimiter, (line) => split(line, separator)),
  }
}

function split(line: Buffer, separator: Buffer | undefined): Frame[] {
  if (separator === undefined) return [line]
  const frames: Frame[] = []
  let start = 0
  for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, start)) {
    frames.push(line.subarray(start, at))
    start = at + separator.length
  }
  return [...frames, line.subarray(start)]
}
