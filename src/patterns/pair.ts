import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/** PAIR (RFC 31): one peer, both ways. Who comes while there is one is turned away. */
export class PairPattern extends Pattern {
  private peer: Pipe | undefined
  private last: Pipe | undefined
  /** The peer, behind those that left with messages unread: what was said first is heard first. */
  private readonly heard: Queue<Pipe> = new Queue()

  attach(pipe: Pipe): void {
    if (this.peer !== undefined) {
      pipe.refuse()
      return
    }
    this.peer = pipe
    this.heard.push(pipe)
  }

  detach(pipe: Pipe): void {
    if (this.peer !== pipe) return
    this.peer = undefined
    if (!pipe.readable) this.heard.remove(pipe)
  }

  override send(message: Message): boolean {
    return this.peer?.write(message) ?? false
  }

  override receive(): Message | undefined {
    const pipe = this.heard.peek()
    const message = pipe?.read()
    if (message !== undefined) this.last = pipe
    if (pipe?.ended && !pipe.readable) this.heard.shift()
    return message
  }

  override get sender(): Peer | undefined {
    return this.last?.sender
  }

  override get canSend(): boolean {
    return this.peer?.writable ?? false
  }

  override get canReceive(): boolean {
    return this.heard.peek()?.readable ?? false
  }
}
