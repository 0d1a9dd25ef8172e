// Standard error, and colours where somebody can see them.

import type { WriteStream } from "node:tty"
import { styleText } from "node:util"

type Style = Parameters<typeof styleText>[0]

/** Whether what is written there may have colours: a terminal's, unless NO_COLOR is set. */
export function hasColors(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && (stream as WriteStream).hasColors()
}

/** The text in a style, if `stream` shows any. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return hasColors(stream) ? styleText(style, text) : text
}

/** Tells the user something beside the output. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Tells the user what went wrong. */
export function complain(text: string): void {
  tell(`${paint(process.stderr, "red", "puremq:")} ${text}`)
}
