import { copyOf, toLatin1 } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { Queue } from "../queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { PrefixFilter } from "../routing/prefix-filter.js"
import { Trie } from "../routing/trie.js"
import { CANCEL, SUBSCRIBE, subscriptionFrame } from "../subscription.js"

/** When the user leaves so many notifications unread, subscribers have to wait until he reads some. */
const MAX_NOTIFICATIONS = 100_000

/**
 * XPUB (RFC 29): sends each message to the subscribers whose topics are prefixes of its first frame. One that
 * reads too slowly loses messages; nobody else notices. Receives a notification, `\x01topic` or `\x00topic`,
 * when a topic gets its first subscriber or loses its last, and whatever else an XSUB sends.
 */
export class XpubPattern extends Pattern {
  private readonly subscribers: Trie<Set<Pipe>> = new Trie()
  private readonly filter: PrefixFilter = new PrefixFilter(() => this.subscribers.keys())
  /** Each pipe's topics, for the time when it goes. */
  private readonly topics: Map<Pipe, Map<string, Frame>> = new Map()
  private readonly notifications: Queue<Message> = new Queue()
  private readonly waiting: Set<Pipe> = new Set()
  private readonly found: Set<Pipe>[] = []
  /** Whose messages are being handled. */
  private reading: Pipe | undefined
  private round = 0

  attach(pipe: Pipe): void {
    this.topics.set(pipe, new Map())
  }

  detach(pipe: Pipe): void {
    this.waiting.delete(pipe)
    for (const topic of this.topics.get(pipe)?.values() ?? []) this.cancel(pipe, topic)
    this.topics.delete(pipe)
  }

  override readable(pipe: Pipe): void {
    // Reading may let the connection deliver more, which comes here again before the message at hand was handled.
    if (this.reading === pipe) return
    this.reading = pipe
    if (!this.readAll(pipe)) this.waiting.add(pipe)
    this.reading = undefined
  }

  /** False: the user has to read first. */
  private readAll(pipe: Pipe): boolean {
    while (this.notifications.length < MAX_NOTIFICATIONS) {
      const message = pipe.read()
      if (message === undefined) return true
      this.handle(pipe, message)
    }
    return false
  }

  override receive(): Message | undefined {
    const notification = this.notifications.shift()
    if (this.waiting.size > 0) this.resume()
    return notification
  }

  override send(message: Message): boolean {
    const topic = message[0] as Frame
    if (!this.filter.mayMatch(topic)) return true
    const count = this.subscribers.collect(topic, this.found)
    // A subscriber whose topics overlap gets the message once.
    const round = ++this.round
    for (let at = 0; at < count; at++) {
      for (const pipe of this.found[at] as Set<Pipe>) {
        if (pipe.round === round) continue
        pipe.round = round
        pipe.write(message)
      }
    }
    return true
  }

  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return this.notifications.length > 0
  }

  /** Something for the user to receive. */
  protected notify(message: Message): void {
    this.notifications.push(message)
  }

  /** Each frame counts by itself, as with libzmq; what is no subscription stays a message for the user. */
  private handle(pipe: Pipe, message: Message): void {
    let others: Message | undefined
    for (const frame of message) {
      if (frame.length > 0 && frame[0] === SUBSCRIBE) this.subscribe(pipe, frame)
      else if (frame.length > 0 && frame[0] === CANCEL) this.unsubscribe(pipe, frame)
      else if (others === undefined) others = [frame]
      else others.push(frame)
    }
    if (others !== undefined) this.notify(others)
  }

  private subscribe(pipe: Pipe, frame: Frame): void {
    const topic = copyOf(frame.subarray(1))
    const topics = this.topics.get(pipe)
    const key = toLatin1(topic)
    if (topics === undefined || topics.has(key)) return
    topics.set(key, topic)
    const pipes = this.subscribers.get(topic)
    if (pipes !== undefined) pipes.add(pipe)
    else {
      this.subscribers.set(topic, new Set([pipe]))
      this.filter.add(topic)
      this.notify([copyOf(frame)])
    }
  }

  private unsubscribe(pipe: Pipe, frame: Frame): void {
    const topic = frame.subarray(1) as Frame
    if (this.topics.get(pipe)?.delete(toLatin1(topic))) this.cancel(pipe, topic)
  }

  private cancel(pipe: Pipe, topic: Frame): void {
    const pipes = this.subscribers.get(topic)
    if (pipes === undefined || !pipes.delete(pipe) || pipes.size > 0) return
    this.subscribers.delete(topic)
    this.filter.delete(topic)
    this.notify([subscriptionFrame(CANCEL, topic)])
  }

  private resume(): void {
    for (const pipe of [...this.waiting]) {
      this.waiting.delete(pipe)
      this.readable(pipe)
    }
  }
}
