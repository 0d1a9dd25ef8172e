import type { Writable } from "./writable.js"

/** One thing to be told. */
export interface LogEntry {
  /** How grave it is: `"INFO"`, for one. */
  readonly level: string
  /** What it is about, behind the level in the topic; empty: nothing more particular. */
  readonly subtopic: string
  /** What is said, before a format has been put to it. */
  readonly text: string
}

/** How a {@link LogPublisher} names and words what it is told. */
export interface LogOptions {
  /** What all topics begin with, usually the program's name. Empty by default: topics begin with the level. */
  name?: string
  /** What its entries are about, behind the level in the topic; empty by default. */
  subtopic?: string
  /** The body of an entry's message; the text by default. */
  format?: (entry: LogEntry) => string
}

/**
 * Publishes what a program has to log, for whoever listens: the counterpart of pyzmq's `PUBHandler`. Each entry is a
 * message of two frames, the topic `name.LEVEL`, or `name.LEVEL.subtopic`, and the text. A subscriber hears of all that
 * a program logs by subscribing to its name, and of errors alone by `name.ERROR`.
 *
 * ```
 * const log = new LogPublisher(publisher, { name: "shop" })
 * log.info("open")                             // shop.INFO        open
 * log.child("till").error("out of paper")      // shop.ERROR.till  out of paper
 * await Readable.toWeb(child.stderr).pipeTo(log.lines("WARNING"))
 * ```
 *
 * To log never waits and never throws: an entry that cannot be sent at once is dropped, as one that nobody hears.
 */
export class LogPublisher {
  readonly #publisher: Pick<Writable, "trySend">
  readonly #name: string
  readonly #subtopic: string
  readonly #format: (entry: LogEntry) => string

  /** Publishes by `publisher`, which the caller has bound or connected, and closes: a Publisher or an XPublisher. */
  constructor(publisher: Pick<Writable, "trySend">, options: LogOptions = {}) {
    if (typeof publisher?.trySend !== "function") throw new TypeError("Publisher must be a socket that sends")
    const { name = "", subtopic = "", format = ({ text }) => text } = options
    this.#publisher = publisher
    this.#name = name
    this.#format = format
    this.#subtopic = subtopic
  }

  /** Publishes `text`. Returns false when it could not be sent at once, or `format` failed. */
  log(level: string, text: string, subtopic: string = this.#subtopic): boolean {
    const topic = [this.#name, level, subtopic].filter((part) => part !== "").join(".")
    try {
      return this.#publisher.trySend([topic, this.#format({ level, subtopic, text })])
    } catch {
      return false
    }
  }

  /** Publishes at the level `DEBUG`. */
  debug(text: string): boolean {
    return this.log("DEBUG", text)
  }

  /** Publishes at the level `INFO`. */
  info(text: string): boolean {
    return this.log("INFO", text)
  }

  /** Publishes at the level `WARNING`. */
  warning(text: string): boolean {
    return this.log("WARNING", text)
  }

  /** Publishes at the level `ERROR`. */
  error(text: string): boolean {
    return this.log("ERROR", text)
  }

  /** Publishes at the level `CRITICAL`. */
  critical(text: string): boolean {
    return this.log("CRITICAL", text)
  }

  /** The same, with `subtopic` behind the level of all entries; within this one's own, if it has one. */
  child(subtopic: string): LogPublisher {
    const own = this.#subtopic === "" ? subtopic : `${this.#subtopic}.${subtopic}`
    return new LogPublisher(this.#publisher, { name: this.#name, format: this.#format, subtopic: own })
  }

  /** A stream that publishes each line of what is written to it, text or UTF-8, at a level. */
  lines(level: string): WritableStream<string | Uint8Array> {
    const decoder = new TextDecoder()
    let begun = ""
    const publish = (text: string, last: boolean): void => {
      // What was there before is not looked through again: a line may be as long as it likes.
      const lines = text.split("\n")
      lines[0] = begun + lines[0]
      begun = lines.pop() as string
      for (const line of lines) this.log(level, line.endsWith("\r") ? line.slice(0, -1) : line)
      // A CR that no LF follows ends no line.
      if (last && begun !== "") this.log(level, begun)
    }
    return new WritableStream({
      write: (chunk) =>
        publish(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }), false),
      close: () => publish(decoder.decode(), true),
    })
  }
}
