import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/** PULL (RFC 30): takes messages from all PUSH peers, one of each in turn. */
export class PullPattern extends Pattern {
  private readonly queue: FairQueue = new FairQueue()

  attach(): void {}

  detach(): void {}

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override receive(): Message | undefined {
    return this.queue.next()
  }

  override takeAtOnce(): Message | undefined {
    return this.queue.takeAtOnce()
  }

  override get sender(): Peer | undefined {
    return this.queue.last?.sender
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }
}
