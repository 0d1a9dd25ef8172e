import type { MessageRun } from "../link/link.js"
import type { Message } from "../message.js"
import { Queue } from "../queue.js"

/** What was received and not read, as messages or as runs of them. */
export class Inbox {
  /** In messages. */
  length = 0
  private readonly items: Queue<Message | MessageRun> = new Queue()
  /** What is being read. */
  private run: MessageRun | undefined

  push(message: Message): void {
    this.length++
    this.items.push(message)
  }

  pushRun(run: MessageRun): void {
    this.length += run.length
    this.items.push(run)
  }

  shift(): Message | undefined {
    if (this.length === 0) return undefined
    this.length--
    let { run } = this
    if (run === undefined) {
      const item = this.items.shift() as Message | MessageRun
      if (Array.isArray(item)) return item
      this.run = run = item
    }
    const message = run.take()
    if (run.length === 0) this.run = undefined
    return message
  }

  clear(): void {
    this.length = 0
    this.items.clear()
    this.run = undefined
  }
}
