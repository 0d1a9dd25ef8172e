import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { Inbox } from "#src/core/inbox.js"
import type { Message, MessageRun } from "#src/message.js"
import type { Peer } from "#src/peer.js"

/** Messages whose place in the order they came in is their only frame. */
class Counted {
  #next = 0

  message(): Message {
    return [Buffer.from(`${this.#next++}`)]
  }

  run(length: number): MessageRun {
    const messages = Array.from({ length }, () => this.message())
    return {
      get length() {
        return messages.length
      },
      take: () => messages.shift() as Message,
      clear: () => void messages.splice(0),
    }
  }
}

const anyStep = fc.oneof(
  fc.constant({ kind: "push" as const }),
  fc.record({ kind: fc.constant("run" as const), length: fc.integer({ min: 2, max: 5 }) }),
  fc.record({
    kind: fc.constantFrom("shift" as const, "take" as const),
    count: fc.integer({ min: 1, max: 6 }),
  }),
  fc.constant({ kind: "clear" as const }),
  fc.constant({ kind: "peer" as const }),
)

test("messages leave in the order in which they came, one by one or in runs, with who sent them", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const inbox = new Inbox()
      const counted = new Counted()
      let first = 0
      let end = 0
      let peer: Peer | undefined
      const senders: (Peer | undefined)[] = []
      const expectNext = (message: Message | undefined): void => {
        assert.equal(message?.[0]?.toString(), first < end ? `${first}` : undefined)
        if (message === undefined) return
        assert.equal(inbox.sender, senders[first])
        first++
      }
      for (const step of steps) {
        if (step.kind === "push") {
          inbox.push(counted.message())
          end++
        } else if (step.kind === "run") {
          inbox.pushRun(counted.run(step.length))
          end += step.length
        } else if (step.kind === "shift") {
          for (let count = 0; count < step.count; count++) expectNext(inbox.shift())
        } else if (step.kind === "take") {
          // As the fair queue does: all but the last.
          for (let count = 0; count < step.count && (inbox.run?.length ?? 0) > 1; count++) {
            expectNext(inbox.run?.take())
          }
        } else if (step.kind === "clear") {
          inbox.clear()
          first = end
        } else {
          peer = {} as Peer
          inbox.receiveFrom(peer)
        }
        while (senders.length < end) senders.push(peer)
        assert.equal(inbox.length, end - first)
      }
    }),
    { numRuns: 1000 },
  )
})

test("a run that has been read is let go, with the memory that it stands in", () => {
  const inbox = new Inbox()
  inbox.pushRun(new Counted().run(2))
  inbox.shift()
  inbox.shift()
  assert.equal(inbox.run, undefined)
})
