import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { Inbox } from "#src/core/inbox.js"
import type { Message } from "#src/message.js"
import { FairQueue } from "#src/routing/fair-queue.js"
import type { Pipe } from "#src/routing/pattern.js"

function pipeOf(inbox: Inbox): Pipe {
  return {
    get run() {
      return inbox.run
    },
    get readable() {
      return inbox.length > 0
    },
    read: () => inbox.shift(),
    queued: false,
  } as Partial<Pipe> as Pipe
}

/** A queue over so many pipes, and what was taken from it as `pipe.number`. */
class Side {
  readonly queue: FairQueue = new FairQueue()
  readonly taken: string[] = []
  readonly #pipes: { inbox: Inbox; pipe: Pipe }[]
  #count = 0

  constructor(pipes: number) {
    this.#pipes = Array.from({ length: pipes }, () => {
      const inbox = new Inbox()
      return { inbox, pipe: pipeOf(inbox) }
    })
  }

  push(pipe: number): void {
    const to = this.#pipes[pipe] as { inbox: Inbox; pipe: Pipe }
    to.inbox.push([Buffer.from(`${pipe}.${this.#count++}`)])
    if (to.inbox.length === 1) this.queue.add(to.pipe)
  }

  take(message: Message | undefined): boolean {
    if (message === undefined) return false
    this.taken.push(`${message[0]}`)
    return true
  }
}

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ push: fc.nat(3), times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 6 }) }) },
)

test("the short way gives the same messages in the same order as the long one", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const short = new Side(4)
      const long = new Side(4)
      for (const step of steps) {
        for (let count = 0; "push" in step && count < step.times; count++) {
          short.push(step.push)
          long.push(step.push)
        }
        for (let count = 0; "take" in step && count < step.take; count++) {
          const atOnce = short.queue.takeAtOnce()
          short.take(atOnce ?? short.queue.next())
          long.take(long.queue.next())
        }
      }
      assert.deepEqual(short.taken, long.taken)
    }),
    { numRuns: 1000 },
  )
})

test("pipes take turns, message by message", () => {
  const side = new Side(3)
  for (const pipe of [0, 0, 0, 1, 1, 1, 2, 2, 2]) side.push(pipe)
  while (side.take(side.queue.takeAtOnce() ?? side.queue.next()));
  assert.deepEqual(
    side.taken.map((text) => text[0]),
    ["0", "1", "2", "0", "1", "2", "0", "1", "2"],
  )
})
