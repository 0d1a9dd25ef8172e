// Who gets which topics, against the plainest account of it.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { defaultOptions } from "#src/core/options.js"
import { XpubPattern } from "#src/patterns/xpub.js"
import type { Pipe } from "#src/routing/pattern.js"
import { PipeTopics } from "#src/routing/pipe-topics.js"
import { Subscriptions } from "#src/routing/subscriptions.js"

const pipes: readonly Pipe[] = [0, 1, 2].map((number) => ({ number }) as unknown as Pipe)
const topics = ["", "a", "ab", "abc", "b", "ba", "longer than labels".repeat(50)]

/** Each pipe's topics. */
type Account = Set<string>[]

function holders(account: Account, topic: string): number {
  return account.filter((held) => held.has(topic)).length
}

function play(subscriptions: Subscriptions, account: Account, kind: string, at: number, topic: string): void {
  const pipe = pipes[at] as Pipe
  const held = account[at] as Set<string>
  if (kind === "add") {
    assert.equal(subscriptions.add(pipe, Buffer.from(topic)), holders(account, topic) === 0)
    held.add(topic)
  } else if (kind === "delete") {
    const had = held.delete(topic)
    assert.equal(subscriptions.delete(pipe, Buffer.from(topic)), had && holders(account, topic) > 0)
  } else {
    account[at] = new Set()
    const told = new Map<string, boolean>()
    subscriptions.forget(pipe, (gone, wasLast) => told.set(String(gone), wasLast))
    const expected = [...held].map((gone): [string, boolean] => [gone, holders(account, gone) === 0])
    assert.deepEqual(told, new Map(expected))
  }
}

test("subscriptions come, go and are found as in a plain list of them", () => {
  const anyStep = fc.record({
    kind: fc.constantFrom("add", "add", "add", "delete", "delete", "forget"),
    at: fc.nat(pipes.length - 1),
    topic: fc.constantFrom(...topics),
  })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const subscriptions = new Subscriptions()
      const account: Account = pipes.map(() => new Set())
      for (const { kind, at, topic } of steps) {
        play(subscriptions, account, kind, at, topic)
        assert.equal(subscriptions.size, new Set(account.flatMap((held) => [...held])).size)
      }
      for (const text of [...topics, "abcd", "c"]) {
        const found: Set<Pipe>[] = []
        const count = subscriptions.find(Buffer.from(text), found)
        const sets = found.slice(0, count).map((set) => [...set].map((pipe) => pipes.indexOf(pipe)).sort())
        const expected = topics
          .filter((topic) => text.startsWith(topic) && holders(account, topic) > 0)
          .map((topic) => [0, 1, 2].filter((at) => account[at]?.has(topic)))
        assert.deepEqual(sets, expected)
      }
    }),
    { numRuns: 300 },
  )
})

test("there is room for as much as the limits allow, and for what is there already", () => {
  const anyStep = fc.record({
    wanted: fc.boolean(),
    at: fc.nat(pipes.length - 1),
    topic: fc.constantFrom(...topics),
  })
  const anyLimits = fc.record({ maxSubscriptions: fc.nat(4), maxTopicsSize: fc.nat(8) })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), anyLimits, (steps, limits) => {
      const subscriptions = new Subscriptions()
      const account: Account = pipes.map(() => new Set())
      for (const { wanted, at, topic } of steps) {
        const held = account[at] as Set<string>
        const pipe = pipes[at] as Pipe
        const bytes = [...held, topic].join("").length
        const fits =
          held.has(topic) ||
          ((limits.maxSubscriptions === 0 || held.size < limits.maxSubscriptions) &&
            (limits.maxTopicsSize === 0 || bytes <= limits.maxTopicsSize))
        assert.equal(subscriptions.hasRoom(pipe, Buffer.from(topic), limits), fits)
        if (wanted && fits) play(subscriptions, account, "add", at, topic)
        if (!wanted) play(subscriptions, account, "delete", at, topic)
      }
    }),
    { numRuns: 300 },
  )
})

test("of several that have a topic the last to give it up is the last to have it", () => {
  const subscriptions = new Subscriptions()
  const [first, second, third] = pipes as [Pipe, Pipe, Pipe]
  const topic = Buffer.from("topic")
  assert.equal(subscriptions.add(first, topic), true)
  assert.equal(subscriptions.add(second, topic), false)
  assert.equal(subscriptions.add(third, topic), false)
  assert.equal(subscriptions.delete(first, topic), true)
  assert.equal(subscriptions.delete(third, topic), true)
  assert.equal(subscriptions.delete(second, topic), false)
  assert.equal(subscriptions.find(topic, []), 0)
  assert.equal(subscriptions.add(third, topic), true)
})

test("a topic is a pipe's once", () => {
  const held = new PipeTopics()
  const [pipe] = pipes as [Pipe]
  assert.equal(held.add(pipe, Buffer.from("topic")), true)
  assert.equal(held.add(pipe, Buffer.from("topic")), false)
  assert.equal(held.delete(pipe, Buffer.from("topic")), true)
  assert.equal(held.delete(pipe, Buffer.from("topic")), false)
})

test("a peer that ends while its last subscription is read leaves none", () => {
  const pattern = new XpubPattern(defaultOptions("XPUB"))
  const pipe = { ended: false, read: undefined as unknown as Pipe["read"] }
  let unread = 1
  pipe.read = () => {
    if (unread-- === 0) return undefined
    pipe.ended = true
    pattern.detach(pipe as Pipe)
    return [Buffer.from("\x01a")]
  }
  pattern.attach(pipe as Pipe)
  pattern.readable(pipe as Pipe)
  assert.equal(pattern.topicsCount, 0)
  assert.equal(pattern.receive(), undefined)
})

test("among many topics those that a text begins with are found, and no others", () => {
  const subscriptions = new Subscriptions()
  const [pipe] = pipes as [Pipe]
  for (let number = 0; number < 200; number++) subscriptions.add(pipe, Buffer.from(`topic ${number}`))
  assert.equal(subscriptions.find(Buffer.from("topic 150 and more"), []), 3)
  assert.equal(subscriptions.find(Buffer.from("another topic"), []), 0)
  for (let number = 0; number < 199; number++) subscriptions.delete(pipe, Buffer.from(`topic ${number}`))
  assert.equal(subscriptions.find(Buffer.from("topic 199"), []), 1)
  assert.equal(subscriptions.find(Buffer.from("topic 19"), []), 0)
})
