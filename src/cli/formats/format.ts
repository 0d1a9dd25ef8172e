import type { Frame } from "../../index.js"

/** How messages are written and read. */
export interface Format {
  /** A message with what ends it. */
  encode(message: readonly Frame[]): Buffer
  /** Reads bytes that are one message, and have no end of a line of text behind it. Throws a Failure. */
  parse(bytes: Buffer): Frame[]
  /** A reader for one stream of bytes. */
  createSplitter(): Splitter
}

/** Takes bytes in whatever pieces they come, and finds the messages in them. */
export interface Splitter {
  /** The messages that `bytes` complete. Throws a Failure. */
  push(bytes: Buffer): Frame[][]
  /** What is left when no more bytes come. Throws a Failure. */
  end(): Frame[][]
}
