import type { Frame } from "../../index.js"
import { Failure } from "../exit.js"
import type { Splitter } from "./format.js"

/** Cuts bytes at a byte that ends each piece; the last one need not be ended. */
export class LineSplitter implements Splitter {
  private readonly delimiter: number
  private readonly toMessage: (line: Buffer, number: number) => Frame[] | undefined
  /** Pieces of a line that has no end yet. */
  private begun: Buffer[] = []
  private number = 0

  /** What `toMessage` makes undefined of is no message. */
  constructor(delimiter: number, toMessage: (line: Buffer, number: number) => Frame[] | undefined) {
    this.delimiter = delimiter
    this.toMessage = toMessage
  }

  push(bytes: Buffer): Frame[][] {
    const messages: Frame[][] = []
    let start = 0
    for (;;) {
      const end = bytes.indexOf(this.delimiter, start)
      if (end < 0) break
      this.add(messages, bytes.subarray(start, end))
      start = end + 1
    }
    if (start < bytes.length) this.begun.push(bytes.subarray(start))
    return messages
  }

  end(): Frame[][] {
    const messages: Frame[][] = []
    if (this.begun.length > 0) this.add(messages, Buffer.alloc(0))
    return messages
  }

  private add(messages: Frame[][], rest: Buffer): void {
    const line = this.begun.length === 0 ? rest : Buffer.concat([...this.begun, rest])
    this.begun = []
    const message = this.toMessage(line, ++this.number)
    if (message !== undefined) messages.push(message)
  }
}

/** Reads bytes that are one message. Throws a Failure. */
export function parseOne(splitter: Splitter, bytes: Buffer): Frame[] {
  const messages = [...splitter.push(bytes), ...splitter.end()]
  if (messages.length === 1) return messages[0] as Frame[]
  throw new Failure(messages.length === 0 ? "There is no message." : "There is more than one message.")
}

/** Says where input is wrong. */
export function badLine(number: number, what: string): Failure {
  return new Failure(`Line ${number} of the input ${what}`)
}
