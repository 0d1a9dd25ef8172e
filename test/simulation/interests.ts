// The topics or groups that a socket asked for.
import { DishPattern } from "#src/patterns/dish.js"
import type { SubPattern } from "#src/patterns/sub.js"
import type { Pattern } from "#src/routing/pattern.js"

export class Interests {
  private readonly pattern: Pattern
  /** Each as many times as it was asked for; a group counts once. */
  private readonly topics: Map<string, number> = new Map()

  constructor(pattern: Pattern) {
    this.pattern = pattern
  }

  add(topic: string): void {
    const { pattern } = this
    const count = this.topics.get(topic) ?? 0
    if (pattern instanceof DishPattern) {
      if (count === 0) pattern.join(Buffer.from(topic))
      this.topics.set(topic, 1)
      return
    }
    this.topics.set(topic, count + 1)
    ;(pattern as SubPattern).subscribe(Buffer.from(topic))
  }

  /** Whether it is no longer asked for. */
  remove(topic: string): boolean {
    const { pattern } = this
    const count = this.topics.get(topic) ?? 0
    if (count > 1) this.topics.set(topic, count - 1)
    else this.topics.delete(topic)
    if (!(pattern instanceof DishPattern)) (pattern as SubPattern).unsubscribe(Buffer.from(topic))
    else if (count === 1) pattern.leave(Buffer.from(topic))
    return count === 1
  }

  /** Whether something is asked for. */
  get any(): boolean {
    return this.topics.size > 0
  }

  /** Whether what is sent to `topic` is for this socket. */
  want(topic: string): boolean {
    if (this.pattern instanceof DishPattern) return this.topics.has(topic)
    for (const prefix of this.topics.keys()) if (topic.startsWith(prefix)) return true
    return false
  }
}
