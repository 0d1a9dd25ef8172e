import { fromLatin1, toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Pipe } from "./pattern.js"

/** How much a peer may ask for; 0: any amount. */
export interface TopicLimits {
  readonly maxSubscriptions: number
  /** In bytes, all together. */
  readonly maxTopicsSize: number
}

interface TopicSet {
  /** A byte a character: a Uint8Array of a few bytes takes many times the memory. */
  readonly topics: Set<string>
  /** Of all topics together. */
  bytes: number
}

/** The topics of each pipe. */
export class PipeTopics {
  private readonly sets: Map<Pipe, TopicSet> = new Map()

  /** False: the pipe has the topic already. */
  add(pipe: Pipe, topic: Frame): boolean {
    let set = this.sets.get(pipe)
    if (set === undefined) this.sets.set(pipe, (set = { topics: new Set(), bytes: 0 }))
    const key = toLatin1(topic)
    if (set.topics.has(key)) return false
    set.topics.add(key)
    set.bytes += topic.length
    return true
  }

  /** False: the pipe does not have the topic. */
  delete(pipe: Pipe, topic: Frame): boolean {
    const set = this.sets.get(pipe)
    if (set === undefined || !set.topics.delete(toLatin1(topic))) return false
    set.bytes -= topic.length
    return true
  }

  /** Whether the pipe has the topic, or may have it besides those that it has. */
  hasRoom(pipe: Pipe, topic: Frame, { maxSubscriptions, maxTopicsSize }: TopicLimits): boolean {
    const set = this.sets.get(pipe)
    const count = set === undefined ? 0 : set.topics.size
    const bytes = set === undefined ? 0 : set.bytes
    const isFull =
      (maxSubscriptions > 0 && count >= maxSubscriptions) ||
      (maxTopicsSize > 0 && bytes + topic.length > maxTopicsSize)
    return !isFull || (set?.topics.has(toLatin1(topic)) ?? false)
  }

  /** Forgets the pipe; its topics are the caller's. */
  *take(pipe: Pipe): Generator<Frame> {
    const set = this.sets.get(pipe)
    this.sets.delete(pipe)
    for (const topic of set?.topics ?? []) yield fromLatin1(topic)
  }
}
