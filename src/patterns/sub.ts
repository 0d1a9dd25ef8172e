import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { XsubPattern } from "./xsub.js"

/** SUB (RFC 29): receives the messages whose first frame begins with a topic that it asked for. */
export class SubPattern extends XsubPattern {
  /** A message that matched and that nobody has taken yet. */
  private next: Message | undefined
  /** Who sent the message that was taken last: not one that was passed over since, nor the next one. */
  private lastSender: Peer | undefined
  private inverted = false

  override optionsChanged(): void {
    this.inverted = this.settings.invertMatching
  }

  override send(): boolean {
    throw new ZmqError("ENOTSUP")
  }

  override receive(): Message | undefined {
    const message = this.look()
    this.next = undefined
    if (message !== undefined) this.lastSender = this.queue.last?.sender
    return message
  }

  override takeAtOnce(): Message | undefined {
    if (this.next !== undefined) return undefined
    const message = this.queue.takeAtOnce()
    if (message === undefined || !this.matches(message)) return undefined
    this.lastSender = this.queue.last?.sender
    return message
  }

  override get sender(): Peer | undefined {
    return this.lastSender
  }

  override get canSend(): boolean {
    return false
  }

  override get canReceive(): boolean {
    this.next = this.look()
    return this.next !== undefined
  }

  /** What is next for the user, who may not want any more what was found before. */
  private look(): Message | undefined {
    const { next } = this
    return next !== undefined && this.matches(next) ? next : this.findNext()
  }

  /**
   * Publishers filter, but we filter again: one may send what it queued before it heard of our cancelling, and
   * one that we share with another subscriber of this process sends what either asked for.
   */
  private findNext(): Message | undefined {
    for (let message = this.queue.next(); message !== undefined; message = this.queue.next()) {
      if (this.matches(message)) return message
    }
    return undefined
  }

  private matches(message: Message): boolean {
    return this.topics.matches(message[0] as Frame) !== this.inverted
  }
}
