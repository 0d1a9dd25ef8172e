import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FilteredQueue } from "../routing/filtered-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { isSole } from "../routing/sole-frame.js"

/** GATHER (RFC 49, draft): a PULL of messages of one frame. Others are dropped. */
export class GatherPattern extends Pattern {
  private readonly queue: FilteredQueue = new FilteredQueue(isSole)

  attach(_pipe: Pipe): void {}

  detach(_pipe: Pipe): void {}

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
    return this.queue.sender
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }
}
