// Two sides, each with a context of its own, and a port between them.
import { test } from "node:test"
import * as puremq from "puremq"
import { within } from "../suites/deadline.js"

type Closable = { close(): void }

/** Two contexts with a channel between them, and the sockets in them. */
export class Sides {
  readonly channel = new MessageChannel()
  readonly left = new puremq.Context()
  readonly right = new puremq.Context()
  readonly ports: Closable[] = []
  readonly #closables: Closable[] = []

  attach(): this {
    this.ports.push(puremq.attachPort(this.channel.port1, this.left))
    this.ports.push(puremq.attachPort(this.channel.port2, this.right))
    return this
  }

  keep<T extends Closable>(closable: T): T {
    this.#closables.push(closable)
    return closable
  }

  close(): void {
    for (const closable of [...this.#closables, ...this.ports]) closable.close()
    this.channel.port1.close()
  }
}

/** A scenario between two sides. */
export function scene(title: string, play: (sides: Sides) => Promise<void>): void {
  test(title, async () => {
    const sides = new Sides()
    try {
      await within(play(sides), "the scenario to end")
    } finally {
      sides.close()
    }
  })
}
