import type { Message, MessageRun } from "../message.js"
import { Queue } from "../queue.js"

/** Messages that came one by one: a run that grows at its end. */
class Gathered implements MessageRun {
  private readonly messages: Queue<Message> = new Queue()

  get length(): number {
    return this.messages.length
  }

  push(message: Message): void {
    this.messages.push(message)
  }

  take(): Message {
    return this.messages.shift() as Message
  }

  clear(): void {
    this.messages.clear()
  }
}

/** What was received and not read, as runs of messages. */
export class Inbox {
  /** What is being read; others may take from it too. */
  run: MessageRun | undefined
  private readonly runs: Queue<MessageRun> = new Queue()
  /** The newest run, if messages can be added to it. */
  private open: Gathered | undefined
  /** Messages behind the run. */
  private waiting = 0

  /** In messages. */
  get length(): number {
    return this.run === undefined ? this.waiting : this.waiting + this.run.length
  }

  push(message: Message): void {
    this.open ??= this.openRun()
    this.open.push(message)
    if (this.open !== this.run) this.waiting++
  }

  pushRun(run: MessageRun): void {
    this.open = undefined
    this.waiting += run.length
    this.runs.push(run)
  }

  shift(): Message | undefined {
    const run = this.run === undefined || this.run.length === 0 ? this.nextRun() : this.run
    if (run === undefined) return undefined
    const message = run.take()
    // A run of bytes keeps them alive; one that can grow stays, to be filled again.
    if (run.length === 0 && run !== this.open) this.run = undefined
    return message
  }

  clear(): void {
    this.run?.clear()
    this.run = undefined
    this.open = undefined
    this.runs.clear()
    this.waiting = 0
  }

  private openRun(): Gathered {
    const run = new Gathered()
    if (this.length === 0) this.run = run
    else this.runs.push(run)
    return run
  }

  private nextRun(): MessageRun | undefined {
    if (this.waiting === 0) return undefined
    this.run = this.runs.shift() as MessageRun
    this.waiting -= this.run.length
    return this.run
  }
}
