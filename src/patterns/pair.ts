import type { Message } from "../message.js"
import { FairQueue } from "../routing/fair-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/** PAIR (RFC 31): one peer, both ways. Who comes while there is one is turned away. */
export class PairPattern extends Pattern {
  private readonly queue: FairQueue = new FairQueue()
  override readonly plainQueue: FairQueue = this.queue
  private pipe: Pipe | undefined

  attach(pipe: Pipe): void {
    if (this.pipe === undefined) this.pipe = pipe
    else pipe.refuse()
  }

  detach(pipe: Pipe): void {
    if (this.pipe === pipe) this.pipe = undefined
  }

  override readable(pipe: Pipe): void {
    if (pipe === this.pipe) this.queue.add(pipe)
  }

  override send(message: Message): boolean {
    return this.pipe?.write(message) ?? false
  }

  override receive(): Message | undefined {
    return this.queue.next()
  }

  override get canSend(): boolean {
    return this.pipe !== undefined
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }
}
