import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { Trie } from "../routing/trie.js"
import { asks, CANCEL, isSubscription, SUBSCRIBE, subscriptionFrame } from "../subscription.js"

/** The options of subscribers, as they are at the moment. */
export interface SubscriberSettings {
  readonly invertMatching: boolean
  readonly onlyFirstSubscribe: boolean
  readonly verboseUnsubscribe: boolean
}

/**
 * XSUB (RFC 29): sends subscriptions to all publishers and receives from them in turn, unfiltered. A message
 * that begins with 1 subscribes to the rest of it, one that begins with 0 cancels; others go upstream as they are.
 */
export class XsubPattern extends Pattern {
  override readonly startsOver = true
  protected readonly queue: FairQueue = new FairQueue()
  /** How many times each topic was asked for. */
  protected readonly topics: Trie<number> = new Trie()
  protected readonly settings: SubscriberSettings
  private readonly pipes: Set<Pipe> = new Set()

  constructor(settings: SubscriberSettings) {
    super()
    this.settings = settings
  }

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
    if (isSubscription(message)) this.ask(message[0] as Frame)
    else if (message.length === 1) this.pass(message)
    else this.sendFrames(message)
    return true
  }

  /** Each frame counts by itself, as with libzmq; what is no subscription goes upstream as a message. */
  private sendFrames(message: Message): void {
    if (this.settings.onlyFirstSubscribe && !asks(message[0] as Frame)) {
      this.pass(message)
      return
    }
    const others: Message = []
    for (const frame of message) {
      if (asks(frame)) this.ask(frame)
      else others.push(frame)
    }
    if (others.length > 0) this.pass(others)
  }

  private ask(request: Frame): void {
    const topic = request.subarray(1) as Frame
    if (request[0] === SUBSCRIBE) this.subscribe(topic)
    else this.unsubscribe(topic)
  }

  private pass(message: Message): void {
    for (const pipe of this.pipes) if (!pipe.write(message)) this.dropped++
  }

  /** Every request goes upstream: a publisher that counts them may want to see each. */
  subscribe(topic: Frame): void {
    this.topics.set(topic, (this.topics.get(topic) ?? 0) + 1)
    this.tell(SUBSCRIBE, topic)
  }

  /**
   * Only the last reference goes upstream, and a topic that nobody asked for is ignored, but with
   * `verboseUnsubscribe`.
   */
  unsubscribe(topic: Frame): void {
    const count = this.topics.get(topic) ?? 0
    if (count > 1) this.topics.set(topic, count - 1)
    else this.topics.delete(topic)
    if (count === 1 || this.settings.verboseUnsubscribe) this.tell(CANCEL, topic)
  }

  /** How many topics are asked for. */
  get topicsCount(): number {
    return this.topics.size
  }

  override get sender(): Peer | undefined {
    return this.queue.last?.sender
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
