import type { Message, MessageRun } from "../message.js"
import { Queue } from "../queue.js"

/** What was received and not read, as messages or as runs of them. */
export class Inbox {
  /** What is being read; others may take from it too. */
  run: MessageRun | undefined
  private readonly items: Queue<Message | MessageRun> = new Queue()
  /** Messages behind the run. */
  private waiting = 0

  /** In messages. */
  get length(): number {
    return this.run === undefined ? this.waiting : this.waiting + this.run.length
  }

  push(message: Message): void {
    this.waiting++
    this.items.push(message)
  }

  pushRun(run: MessageRun): void {
    this.waiting += run.length
    this.items.push(run)
  }

  shift(): Message | undefined {
    if (this.run === undefined) {
      const item = this.items.shift()
      if (item === undefined) return undefined
      if (Array.isArray(item)) {
        this.waiting--
        return item
      }
      this.waiting -= item.length
      this.run = item
    }
    const { run } = this
    const message = run.take()
    if (run.length === 0) this.run = undefined
    return message
  }

  clear(): void {
    this.run?.clear()
    this.run = undefined
    this.items.clear()
    this.waiting = 0
  }
}
