import { copyOf, toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Pipe } from "./pattern.js"

/** The topics of each pipe. */
export class PipeTopics {
  private readonly topics: Map<Pipe, Map<string, Frame>> = new Map()

  /** The copy that is kept; undefined when the pipe has the topic already. */
  add(pipe: Pipe, topic: Frame): Frame | undefined {
    let topics = this.topics.get(pipe)
    if (topics === undefined) this.topics.set(pipe, (topics = new Map()))
    const key = toLatin1(topic)
    if (topics.has(key)) return undefined
    const copy = copyOf(topic)
    topics.set(key, copy)
    return copy
  }

  /** False: the pipe does not have the topic. */
  delete(pipe: Pipe, topic: Frame): boolean {
    return this.topics.get(pipe)?.delete(toLatin1(topic)) ?? false
  }

  /** Forgets the pipe; its topics are the caller's. */
  take(pipe: Pipe): Iterable<Frame> {
    const topics = this.topics.get(pipe)
    this.topics.delete(pipe)
    return topics?.values() ?? []
  }
}
