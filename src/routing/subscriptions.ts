import type { Frame } from "../message.js"
import type { Pipe } from "./pattern.js"
import { PipeTopics, type TopicLimits } from "./pipe-topics.js"
import { PrefixFilter } from "./prefix-filter.js"
import { Trie } from "./trie.js"

/** Which pipes get which topics: what a publisher goes by. */
export class Subscriptions {
  private readonly pipes: Trie<Set<Pipe>> = new Trie()
  private readonly filter: PrefixFilter = new PrefixFilter(() => this.pipes.keys())
  /** One set for all topics that a pipe has to itself, which are most: a set takes more memory than its topic. */
  private readonly alone: Map<Pipe, Set<Pipe>> = new Map()
  /** Each pipe's topics, for the time when it goes. */
  private readonly topics: PipeTopics = new PipeTopics()

  /** How many topics there are. */
  get size(): number {
    return this.pipes.size
  }

  /** Puts the pipes of all topics that `text` begins with into `found`, a set for each topic; returns how many. */
  find(text: Frame, found: Set<Pipe>[]): number {
    return this.filter.mayMatch(text) ? this.pipes.collect(text, found) : 0
  }

  /** Whether the pipe has the topic, or may have it besides those that it has. */
  hasRoom(pipe: Pipe, topic: Frame, limits: TopicLimits): boolean {
    return this.topics.hasRoom(pipe, topic, limits)
  }

  /** Whether nobody had the topic before. */
  add(pipe: Pipe, topic: Frame): boolean {
    if (!this.topics.add(pipe, topic)) return false
    const pipes = this.pipes.get(topic)
    if (pipes === undefined) {
      this.pipes.set(topic, this.aloneOf(pipe))
      this.filter.add(topic)
      return true
    }
    if (this.isAlone(pipes)) this.pipes.set(topic, new Set(pipes).add(pipe))
    else pipes.add(pipe)
    return false
  }

  /** Whether the pipe had the topic and others have it still. */
  delete(pipe: Pipe, topic: Frame): boolean {
    return this.topics.delete(pipe, topic) && !this.remove(pipe, topic)
  }

  /** Forgets the pipe; `tell` hears of each of its topics, and whether it was the last to have it. */
  forget(pipe: Pipe, tell: (topic: Frame, wasLast: boolean) => void): void {
    for (const topic of this.topics.take(pipe)) tell(topic, this.remove(pipe, topic))
    this.alone.delete(pipe)
  }

  /** Whether nobody has the topic any more. */
  private remove(pipe: Pipe, topic: Frame): boolean {
    const pipes = this.pipes.get(topic) as Set<Pipe>
    if (!this.isAlone(pipes)) {
      pipes.delete(pipe)
      if (pipes.size > 0) return false
    }
    this.pipes.delete(topic)
    this.filter.delete(topic)
    return true
  }

  private aloneOf(pipe: Pipe): Set<Pipe> {
    let set = this.alone.get(pipe)
    if (set === undefined) this.alone.set(pipe, (set = new Set([pipe])))
    return set
  }

  /** Whether the set is the one of all topics that its pipe has to itself. */
  private isAlone(pipes: Set<Pipe>): boolean {
    if (pipes.size !== 1) return false
    const [pipe] = pipes as Iterable<Pipe> as [Pipe]
    return this.alone.get(pipe) === pipes
  }
}
