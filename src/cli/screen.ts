import { write } from "./output.js"
import type { Report, Row } from "./tally.js"
import { paint } from "./terminal.js"

const ENTER = "\x1b[?1049h\x1b[?25l"
const LEAVE = "\x1b[?25h\x1b[?1049l"
const HOME = "\x1b[H"
const CLEAR_LINE = "\x1b[K"
const CLEAR_BELOW = "\x1b[J"
const DEFAULT_COLUMNS = 80
const DEFAULT_ROWS = 24
/** The head, the sum, and the line that the cursor is in. */
const OTHER_LINES = 3
const NUMBERS_WIDTH = 28
const LONGEST_ENDPOINT = 40

/** Shows reports: drawn over each other on a terminal, else line after line. */
export class Screen {
  private readonly stream: NodeJS.WriteStream
  private readonly signal: AbortSignal
  private entered = false

  constructor(stream: NodeJS.WriteStream, signal: AbortSignal) {
    this.stream = stream
    this.signal = signal
  }

  async show(report: Report): Promise<void> {
    if (!this.stream.isTTY) {
      await write(toLines(report), this.signal)
      return
    }
    const lines = this.draw(report).map((line) => line + CLEAR_LINE)
    await write(`${this.entered ? "" : ENTER}${HOME}${lines.join("\n")}${CLEAR_BELOW}`, this.signal)
    this.entered = true
  }

  /** Gives the terminal back as it was. */
  leave(): void {
    if (this.entered) this.stream.write(LEAVE)
    this.entered = false
  }

  private draw({ rows, messagesPerSecond, bytesPerSecond }: Report): string[] {
    const { columns = DEFAULT_COLUMNS, rows: height = DEFAULT_ROWS } = this.stream
    const shown = rows.slice(0, Math.max(0, height - OTHER_LINES))
    const longest = Math.max(8, ...shown.map(({ endpoint }) => endpoint.length))
    const left = Math.min(longest, LONGEST_ENDPOINT) + 2
    const right = Math.max(8, columns - left - NUMBERS_WIDTH)
    const line = (endpoint: string, topic: string, numbers: string): string =>
      fit(endpoint, left) + fit(topic, right) + numbers
    const head = line("ENDPOINT", "TOPIC", "msg/s".padStart(12) + "bytes/s".padStart(16))
    const sum = line(`${rows.length} rows`, "", numbersOf({ messagesPerSecond, bytesPerSecond }))
    return [
      paint(this.stream, "inverse", head.slice(0, columns)),
      ...shown.map((row) => line(row.endpoint, row.topic, numbersOf(row)).slice(0, columns)),
      paint(this.stream, "bold", sum.slice(0, columns)),
    ]
  }
}

/** What had traffic, and the sum. */
function toLines({ time, rows, messagesPerSecond, bytesPerSecond }: Report): string {
  const at = new Date(time).toISOString()
  const lines = rows
    .filter((row) => row.messagesPerSecond > 0)
    .map((row) => [at, row.endpoint, printable(row.topic), ...ratesOf(row)])
  lines.push([at, "total", "", ...ratesOf({ messagesPerSecond, bytesPerSecond })])
  return lines.map((words) => `${words.join("\t")}\n`).join("")
}

type Rates = Pick<Row, "messagesPerSecond" | "bytesPerSecond">

function ratesOf({ messagesPerSecond, bytesPerSecond }: Rates): string[] {
  return [`${Math.round(messagesPerSecond)} msg/s`, `${Math.round(bytesPerSecond)} B/s`]
}

function numbersOf({ messagesPerSecond, bytesPerSecond }: Rates): string {
  const number = (value: number): string => Math.round(value).toLocaleString("en")
  return number(messagesPerSecond).padStart(12) + number(bytesPerSecond).padStart(16)
}

/** The text, cut or filled up. */
function fit(text: string, width: number): string {
  const shown = printable(text)
  return (shown.length < width ? shown : `${shown.slice(0, width - 2)}…`).padEnd(width)
}

/** Control characters would steer the terminal. */
function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  )
}
