import { readFile } from "node:fs/promises"
import type { Frame } from "../index.js"
import { Failure } from "./exit.js"
import type { Format } from "./formats/format.js"
import { Pace } from "./pace.js"

/** Where messages come from. */
export interface InputOptions {
  /** Messages of the command line, as their format has them. */
  readonly message?: readonly string[] | undefined
  /** Files whose contents are a message each. */
  readonly file?: readonly string[] | undefined
  /** A frame before those of each message. */
  readonly prefix?: Frame | undefined
  readonly repeat?: boolean | undefined
  /** Messages after which it ends. */
  readonly count?: number | undefined
  /** Messages a second at most. */
  readonly rate?: number | undefined
  /** Milliseconds from one message to the next. */
  readonly interval?: number | undefined
}

/** Whether messages come from the command line and files, and not from standard input. */
export function hasOwnMessages({ message, file }: InputOptions): boolean {
  return message !== undefined || file !== undefined
}

/** The messages to send, at the pace that is asked for. Ends when `signal` aborts. */
export async function* readInput(
  format: Format,
  options: InputOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame[], void, undefined> {
  const { prefix, count = Infinity, interval = 0, rate } = options
  const pace = new Pace(rate === undefined ? interval : 1000 / rate)
  const paced = interval > 0 || rate !== undefined
  let sent = 0
  for await (const messages of hasOwnMessages(options) ? given(format, options) : fromStdin(format, signal)) {
    for (const message of messages) {
      if (paced) await pace.wait(signal)
      if (signal.aborted) return
      yield prefix === undefined ? message : [prefix, ...message]
      if (++sent >= count) return
    }
  }
}

async function* given(
  format: Format,
  { message = [], file = [], repeat = false }: InputOptions,
): AsyncGenerator<Frame[][], void, undefined> {
  const messages = message.map((text) => format.parse(Buffer.from(text)))
  for (const path of file) messages.push([await read(path)])
  do yield messages
  while (repeat && messages.length > 0)
}

async function read(path: string): Promise<Buffer> {
  try {
    return path === "-" ? await readAll() : await readFile(path)
  } catch (error) {
    throw new Failure(`Cannot read ${path}: ${(error as Error).message}`)
  }
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Reads on only when what was read has been taken: the system holds up whoever writes. */
async function* fromStdin(format: Format, signal: AbortSignal): AsyncGenerator<Frame[][], void, undefined> {
  const { stdin } = process
  const stop = (): void => void stdin.destroy()
  signal.addEventListener("abort", stop)
  try {
    const splitter = format.createSplitter()
    for await (const chunk of stdin) yield splitter.push(chunk as Buffer)
    yield splitter.end()
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
