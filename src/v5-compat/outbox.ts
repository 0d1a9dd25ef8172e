import { nextTick } from "node:process"
import type { MessageLike, Writable } from "../index.js"
import { codeOf } from "./inbox.js"
import type { AnySocket } from "./sockets.js"

/** Told when a message was accepted, or why it was not. */
export type Callback = (error?: Error) => void

/** A message that has not been accepted. */
interface Letter {
  readonly frames: MessageLike[]
  readonly callback: Callback | undefined
}

/** Sends message after message, but when it is paused. */
export class Outbox {
  private readonly inside: AnySocket
  private readonly fail: (error: unknown) => void
  /** Hears that something was sent. */
  private readonly sent: () => void
  private letters: Letter[] = []
  private paused = false
  private running = false
  /** Its turn may have come since it tried last. */
  private again = false

  constructor(inside: AnySocket, fail: (error: unknown) => void, sent: () => void) {
    this.inside = inside
    this.fail = fail
    this.sent = sent
  }

  /** Sends at once what can be sent at once. */
  send(frames: MessageLike[], callback: Callback | undefined): void {
    this.letters.push({ frames, callback })
    this.goOn()
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.goOn()
  }

  /** The socket's turn may have come: it could send again. */
  goOn(): void {
    this.again = true
    if (!this.running && !this.paused && this.letters.length > 0) void this.run()
  }

  /** The socket was closed: those who wait are told. */
  close(error: Error): void {
    const { letters } = this
    this.letters = []
    for (const { callback } of letters) if (callback !== undefined) nextTick(callback, error)
  }

  private async run(): Promise<void> {
    this.running = true
    for (let letter = this.next(); letter !== undefined; letter = this.next()) {
      const { frames, callback } = letter
      this.again = false
      try {
        // At once where it can be: a program may close its socket in the next line.
        if (!this.sender.trySend(frames)) await this.sender.send(frames)
        this.sent()
        if (callback !== undefined) nextTick(callback)
      } catch (error) {
        // Not its turn: the message waits until something has been received.
        if (codeOf(error) === "EFSM") {
          this.letters.unshift(letter)
          if (this.again) continue
          break
        }
        this.report(error, callback)
      }
    }
    this.running = false
  }

  private next(): Letter | undefined {
    return this.paused ? undefined : this.letters.shift()
  }

  private get sender(): Writable {
    const { inside } = this
    if (inside.send === undefined) throw new Error("Cannot send on this socket type.")
    return inside as unknown as Writable
  }

  private report(error: unknown, callback: Callback | undefined): void {
    if (callback !== undefined) nextTick(callback, error as Error)
    else if (!this.inside.closed) nextTick(this.fail, error)
  }
}
