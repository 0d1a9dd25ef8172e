import type { Frame } from "../index.js"
import { exitCodes } from "./exit.js"
import type { Format } from "./formats/format.js"
import { complain } from "./terminal.js"

type Reaction = (error: NodeJS.ErrnoException) => void

/** A command that has no session ends by itself: when its reader had enough, as if all had been read. */
let react: Reaction = (error) => {
  if (error.code === "EPIPE") return
  complain(sayOutputError(error))
  process.exitCode = exitCodes.failure
}

/** Has what cannot be written end no command in an uncaught error. */
export function guardOutput(): void {
  process.stdout.on("error", (error) => react(error))
  // To whom could that be told?
  process.stderr.on("error", () => {})
}

/** Hears from now on that standard output takes nothing more. */
export function onOutputError(reaction: Reaction): void {
  react = reaction
}

export function sayOutputError({ message }: Error): string {
  return `Cannot write to standard output: ${message}`
}

/** Bytes that are gathered before they are written at the latest. */
const BATCH = 65_536

/** Messages to standard output, in the order in which they come, at its pace. */
export class Output {
  private readonly format: Format
  private readonly signal: AbortSignal
  private pieces: Buffer[] = []
  private size = 0

  constructor(format: Format, signal: AbortSignal) {
    this.format = format
    this.signal = signal
  }

  /** Adds a message to what is written next. */
  add(message: readonly Frame[]): void {
    this.addBytes(this.format.encode(message))
  }

  addBytes(bytes: Buffer): void {
    this.pieces.push(bytes)
    this.size += bytes.length
  }

  /** Whether so much has been added that it should be written. */
  get full(): boolean {
    return this.size >= BATCH
  }

  /** Writes what was added; resolves when standard output can take more. */
  async flush(): Promise<void> {
    if (this.size === 0) return
    const bytes = this.pieces.length === 1 ? (this.pieces[0] as Buffer) : Buffer.concat(this.pieces)
    this.pieces = []
    this.size = 0
    await write(bytes, this.signal)
  }
}

/** Writes to standard output; resolves when it can take more, or nobody wants it to any longer. */
export function write(bytes: Buffer | string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = (): void => {
      signal.removeEventListener("abort", done)
      resolve()
    }
    signal.addEventListener("abort", done)
    process.stdout.write(bytes, done)
  })
}
