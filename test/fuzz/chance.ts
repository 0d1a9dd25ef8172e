import { randomInt } from "node:crypto"

/** Numbers that repeat for a seed (xorshift32), so that a failing stream can be had again. */
export class Chance {
  /** Where it is: a Chance with this seed goes on alike. */
  state: number

  constructor(seed: number) {
    this.state = seed | 0 || 1
  }

  /** From 0 to `bound` - 1. */
  below(bound: number): number {
    let state = this.state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.state = state
    return (state >>> 0) % bound
  }

  /** One of `choices`. */
  of<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)] as Choice
  }
}

export function freshSeed(): number {
  return randomInt(1, 2 ** 31)
}
