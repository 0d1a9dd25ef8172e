// What users hold must not change.
import assert from "node:assert/strict"
import type { Message } from "#src/message.js"
import type { Letter } from "./letters.js"

/** A received message is looked at again so many messages later. */
const KEPT_MESSAGES = 50

export class KeptMessages {
  private readonly holder: string
  private readonly kept: { readonly message: Message; readonly letter: Letter }[] = []

  constructor(holder: string) {
    this.holder = holder
  }

  add(message: Message, letter: Letter): void {
    this.kept.push({ message, letter })
    if (this.kept.length > KEPT_MESSAGES) this.checkOldest()
  }

  /** Throws an AssertionError when one has changed since it was received. */
  check(): void {
    while (this.kept.length > 0) this.checkOldest()
  }

  private checkOldest(): void {
    const { message, letter } = this.kept.shift() as (typeof this.kept)[number]
    const same = message.every((frame, at) => frame.equals(letter.body[at] as Buffer))
    assert.ok(same, `memory: ${letter.name} changed after ${this.holder} received it`)
  }
}
