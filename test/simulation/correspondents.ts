// Whom the numbers of a SERVER or a PEER stand for.
import assert from "node:assert/strict"
import type { Chance } from "../fuzz/chance.js"

export interface Correspondent {
  readonly number: Buffer
  /** Who alone may get what is sent to it: see `Letter.to`. */
  readonly to: string
}

export class Correspondents {
  private readonly owner: string
  private readonly known: Map<string, Correspondent> = new Map()

  constructor(owner: string) {
    this.owner = owner
  }

  /** A number never comes to stand for somebody else. */
  learn(number: Uint8Array, to: string): void {
    const key = Buffer.from(number).toString("hex")
    const before = this.known.get(key)
    assert.equal(before?.to ?? to, to, `number: ${key} of ${this.owner} stands for two`)
    if (before === undefined) this.known.set(key, { number: Buffer.from(number), to })
  }

  /** One of them, who may have gone; undefined while nobody is known. */
  any(chance: Chance): Correspondent | undefined {
    // Those that came last are the likeliest to be there.
    const last = [...this.known.values()].slice(-4)
    return last.length === 0 ? undefined : chance.of(last)
  }
}
