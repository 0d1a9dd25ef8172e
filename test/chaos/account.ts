// What one side of a round has received, by author: what is missing is told by its numbers.
import { type Course, Ledger } from "../letters/ledger.js"
import type { Arrival } from "./protocol.js"

export class Account {
  received = 0
  readonly #ledger: Ledger
  readonly #seen: Map<number, Set<number>> = new Map()
  readonly #jumps: Map<number, number> = new Map()

  constructor(course: Course) {
    this.#ledger = new Ledger(course, () => {})
  }

  /** Throws when the letter came twice or late. */
  enter(arrival: Arrival): void {
    const { sender, sequence } = arrival
    const seen = this.#seen.get(sender) ?? new Set<number>()
    this.#seen.set(sender, seen)
    if (seen.has(sequence)) throw new Error(`letter ${sequence} of author ${sender} came twice`)
    if (sequence > 1 && !seen.has(sequence - 1)) this.#jumps.set(sender, this.jumps(sender) + 1)
    seen.add(sequence)
    this.received++
    this.#ledger.enter({ ...arrival, parts: [] })
  }

  highest(author: number): number {
    return this.#ledger.highest(author)
  }

  /** How often a letter of an author came before the one that was written before it. */
  jumps(author: number): number {
    return this.#jumps.get(author) ?? 0
  }

  has(author: number, sequence: number): boolean {
    return this.#seen.get(author)?.has(sequence) === true
  }

  /** The first letter of an author that came; Infinity before it. */
  lowest(author: number): number {
    return Math.min(...(this.#seen.get(author) ?? []))
  }
}
