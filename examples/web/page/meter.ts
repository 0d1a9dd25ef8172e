/** What messages are counted by. */
export const kinds = ["feeds", "answers", "work"] as const
export type Kind = (typeof kinds)[number]
export type Counts = Record<Kind, number>

/** Counts messages, sent and received. */
export class Meter {
  total = 0
  #counts: Counts = { feeds: 0, answers: 0, work: 0 }

  add(kind: Kind, messages = 1): void {
    this.#counts[kind] += messages
    this.total += messages
  }

  /** The messages since the last call. */
  take(): Counts {
    const counts = this.#counts
    this.#counts = { feeds: 0, answers: 0, work: 0 }
    return counts
  }
}
