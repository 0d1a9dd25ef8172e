import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/**
 * REP (RFC 28): a request, then its reply to whom it came from. The frames up to and including the first empty
 * one are the envelope: the way back, kept while the user works and put before the reply.
 */
export class RepPattern extends Pattern {
  override readonly lockstep = true
  private readonly queue: FairQueue = new FairQueue()
  private asker: Pipe | undefined
  /** Who asked last, answered or not. */
  private lastSender: Peer | undefined
  private envelope: Message = []

  attach(): void {}

  detach(): void {}

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override receive(): Message | undefined {
    if (this.asker !== undefined) throw new ZmqError("EFSM")
    for (let request = this.queue.next(); request !== undefined; request = this.queue.next()) {
      const bodyAt = request.findIndex((frame) => frame.length === 0) + 1
      // Without a delimiter, or without a body behind it, nobody could be answered.
      if (bodyAt === 0 || bodyAt === request.length) continue
      this.asker = this.queue.last
      this.lastSender = this.asker?.sender
      this.envelope = request.slice(0, bodyAt)
      return request.slice(bodyAt)
    }
    return undefined
  }

  /** Never waits: a reply whose asker has gone or does not read is dropped. */
  override send(message: Message): boolean {
    const { asker } = this
    if (asker === undefined) throw new ZmqError("EFSM")
    this.asker = undefined
    if (!asker.write([...this.envelope, ...message] as Frame[])) this.dropped++
    return true
  }

  override get sender(): Peer | undefined {
    return this.lastSender
  }

  override get canSend(): boolean {
    return this.asker !== undefined
  }

  override get canReceive(): boolean {
    return this.asker === undefined && this.queue.readable
  }
}
