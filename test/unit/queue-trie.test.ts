import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { Queue } from "#src/queue.js"
import { Trie } from "#src/routing/trie.js"

type QueueStep = { kind: "push" | "remove" | "at"; value: number } | { kind: "shift" | "peek" | "clear" }

const anyQueueStep: fc.Arbitrary<QueueStep> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("push" as const), value: fc.nat(9) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("shift" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("peek" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), value: fc.nat(10) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("at" as const), value: fc.nat(70) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const) }) },
)

function removeFrom(model: number[], value: number): boolean {
  const index = model.indexOf(value)
  if (index < 0) return false
  model.splice(index, 1)
  return true
}

function takeQueueStep(queue: Queue<number>, model: number[], step: QueueStep): void {
  switch (step.kind) {
    case "push":
      queue.push(step.value)
      model.push(step.value)
      break
    case "shift":
      assert.equal(queue.shift(), model.shift())
      break
    case "peek":
      assert.equal(queue.peek(), model[0])
      break
    case "remove":
      assert.equal(queue.remove(step.value), removeFrom(model, step.value))
      break
    case "at":
      assert.equal(queue.at(step.value), model[step.value])
      break
    case "clear":
      queue.clear()
      model.length = 0
      break
  }
  assert.equal(queue.length, model.length)
}

test("a queue does what an array does", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.array(anyQueueStep, { maxLength: 150, size: "max" }), (firstItems, steps) => {
      const queue = new Queue<number>()
      const model: number[] = []
      for (let value = 0; value < firstItems; value++) takeQueueStep(queue, model, { kind: "push", value })
      for (const step of steps) takeQueueStep(queue, model, step)
      model.forEach((value, index) => {
        assert.equal(queue.at(index), value)
      })
      for (const value of model) assert.equal(queue.shift(), value)
      assert.equal(queue.shift(), undefined)
      assert.equal(queue.length, 0)
    }),
    { numRuns: 500 },
  )
})

test("a queue keeps nothing alive that was taken out", () => {
  const queue = new Queue<object>()
  const items = Array.from({ length: 20 }, (_, index) => ({ index }))
  for (const item of items) queue.push(item)
  for (let count = 0; count < 9; count++) queue.shift()
  for (const item of items) queue.remove(item)
  const ring = (queue as unknown as { items: unknown[] }).items
  assert.ok(ring.length >= 20)
  assert.ok(ring.every((item) => item === undefined))
})

// Few byte values and short keys, so that keys are prefixes of each other and branch often.
const anyKey = fc.array(fc.constantFrom(0, 1, 2, 255), { maxLength: 6 }).map((bytes) => Buffer.from(bytes))
const anyTrieStep = fc.record({
  kind: fc.constantFrom("set", "set", "delete"),
  key: anyKey,
  value: fc.nat(1000),
})

type Model = Map<string, number>

/** The values of the model's keys that `text` begins with, shortest first. */
function prefixValues(model: Model, text: Buffer): number[] {
  const values: number[] = []
  for (let length = 0; length <= text.length; length++) {
    const value = model.get(text.toString("hex", 0, length))
    if (value !== undefined) values.push(value)
  }
  return values
}

function checkTrie(trie: Trie<number>, model: Model, text: Buffer): void {
  const expected = prefixValues(model, text)
  const found: number[] = []
  assert.equal(trie.collect(text, found), expected.length)
  assert.deepEqual(found, expected)
  assert.equal(trie.matches(text), expected.length > 0)
  assert.equal(trie.get(text), model.get(text.toString("hex")))
}

function buildTrie(model: Model): Trie<number> {
  const trie = new Trie<number>()
  for (const [key, value] of model) trie.set(Buffer.from(key, "hex"), value)
  return trie
}

test("a trie does what a map with a search over its keys does", () => {
  fc.assert(
    fc.property(
      fc.array(anyTrieStep, { maxLength: 60, size: "max" }),
      fc.array(anyKey, { maxLength: 10 }),
      (steps, texts) => {
        const trie = new Trie<number>()
        const model: Model = new Map()
        for (const { kind, key, value } of steps) {
          if (kind === "set") {
            trie.set(key, value)
            model.set(key.toString("hex"), value)
          } else {
            trie.delete(key)
            model.delete(key.toString("hex"))
          }
          assert.equal(trie.size, model.size)
          checkTrie(trie, model, key)
        }
        for (const text of texts) checkTrie(trie, model, text)
        const entries = [...trie.entries()].map(([key, value]) => [Buffer.from(key).toString("hex"), value])
        assert.equal(entries.length, model.size)
        assert.deepEqual(new Map(entries as [string, number][]), model)
        // What was deleted leaves no node behind: the trie is as if it had never been there.
        assert.deepEqual(trie, buildTrie(model))
        for (const key of model.keys()) trie.delete(Buffer.from(key, "hex"))
        assert.deepEqual(trie, new Trie<number>())
      },
    ),
    { numRuns: 500 },
  )
})

test("collect counts what it found and leaves the rest of the array alone", () => {
  const trie = new Trie<number>()
  trie.set(Buffer.alloc(0), 1)
  trie.set(Buffer.from("ab"), 2)
  const found = [7, 8, 9]
  assert.equal(trie.collect(Buffer.from("abc"), found), 2)
  assert.deepEqual(found, [1, 2, 9])
})
