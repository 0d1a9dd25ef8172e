import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { Trie } from "../routing/trie.js"
import { CANCEL, isSubscription, SUBSCRIBE, subscriptionFrame } from "../subscription.js"

/**
 * XSUB (RFC 29): sends subscriptions to all publishers and receives from them in turn, unfiltered. A message
 * that begins with 1 subscribes to the rest of it, one that begins with 0 cancels; others go upstream as they are.
 */
export class XsubPattern extends Pattern {
  override readonly startsOver = true
  protected readonly queue: FairQueue = new FairQueue()
  /** How many times each topic was asked for. */
  protected readonly topics: Trie<number> = new Trie()
  private readonly pipes: Set<Pipe> = new Set()

  attach(pipe: Pipe): void {
    this.pipes.add(pipe)
  }

  detach(pipe: Pipe): void {
    this.pipes.delete(pipe)
  }

  /** A publisher knows nothing of what we told its predecessor. */
  override linked(pipe: Pipe): void {
    for (const topic of this.topics.keys()) pipe.force([subscriptionFrame(SUBSCRIBE, topic)])
  }

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override receive(): Message | undefined {
    return this.queue.next()
  }

  override takeAtOnce(): Message | undefined {
    return this.queue.takeAtOnce()
  }

  /** Never waits: what a publisher has no room for is dropped there. */
  override send(message: Message): boolean {
    const first = message[0] as Frame
    if (!isSubscription(message)) {
      for (const pipe of this.pipes) pipe.write(message)
    } else if (first[0] === SUBSCRIBE) this.subscribe(first.subarray(1) as Frame)
    else this.unsubscribe(first.subarray(1) as Frame)
    return true
  }

  /** Every request goes upstream: a publisher that counts them may want to see each. */
  subscribe(topic: Frame): void {
    this.topics.set(topic, (this.topics.get(topic) ?? 0) + 1)
    this.tell(SUBSCRIBE, topic)
  }

  /** Only the last reference goes upstream; a topic that nobody asked for is ignored. */
  unsubscribe(topic: Frame): void {
    const count = this.topics.get(topic)
    if (count === undefined) return
    if (count > 1) {
      this.topics.set(topic, count - 1)
      return
    }
    this.topics.delete(topic)
    this.tell(CANCEL, topic)
  }

  override get sender(): Peer | undefined {
    return this.queue.last?.peer
  }

  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }

  private tell(what: number, topic: Frame): void {
    const message = [subscriptionFrame(what, topic)]
    // A publisher that is away hears all of it when it comes back.
    for (const pipe of this.pipes) if (pipe.linked) pipe.force(message)
  }
}
