import { nextTick } from "node:process"
import type { Message, Readable } from "../index.js"
import type { AnySocket } from "./sockets.js"

/** Who gets what a socket receives. */
export interface Reader {
  /** A message came. */
  receive(message: Message[]): void
  /** To receive failed, for another reason than that the socket was closed. */
  fail(error: unknown): void
}

/** Receives message after message, but when it is paused. */
export class Inbox {
  private readonly inside: AnySocket
  private readonly reader: Reader
  private paused = false
  private running = false
  /** Its turn may have come since it asked last. */
  private again = false
  private waiting: AbortController | undefined

  constructor(inside: AnySocket, reader: Reader) {
    this.inside = inside
    this.reader = reader
    // What the maker of a socket subscribes to in this turn hears all.
    nextTick(() => this.goOn())
  }

  pause(): void {
    this.paused = true
    this.waiting?.abort()
  }

  resume(): void {
    this.paused = false
    this.goOn()
  }

  /** The socket's turn may have come: it could receive again. */
  goOn(): void {
    this.again = true
    if (!this.running && !this.paused) void this.run()
  }

  /** One message, if there is one. */
  take(): Message[] | undefined {
    return ready(() => this.inside.tryReceive?.())
  }

  private async run(): Promise<void> {
    const { inside } = this
    if (inside.receive === undefined) return
    this.running = true
    while (!this.paused && !inside.closed) {
      this.again = false
      try {
        const message = await this.next()
        await guarded(() => this.reader.receive(message))
      } catch (error) {
        // Nothing can come before a REQ or REP has sent.
        if (codeOf(error) === "EFSM" && !this.again) break
        if (!inside.closed && !this.waiting?.signal.aborted && codeOf(error) !== "EFSM") {
          await guarded(() => this.reader.fail(error))
        }
      }
    }
    this.waiting = undefined
    this.running = false
  }

  private next(): Promise<Message[]> {
    const receiver = this.inside as Readable
    if (this.inside.readable) return receiver.receive()
    this.waiting = new AbortController()
    return receiver.receive({ signal: this.waiting.signal })
  }
}

/** What a listener throws is uncaught, as it was, before the next message comes. */
function guarded(call: () => void): Promise<void> | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    nextTick(() => {
      throw error
    })
    return new Promise((resolve) => {
      nextTick(resolve)
    })
  }
}

/** Undefined when it is not the socket's turn, or it was closed. */
function ready<Result>(operate: () => Result): Result | undefined {
  try {
    return operate()
  } catch (error) {
    if (codeOf(error) === "EFSM" || codeOf(error) === "EBADF") return undefined
    throw error
  }
}

export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code
}
