import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { Queue } from "#src/queue.js"
import { Trie } from "#src/routing/trie.js"
import type { Node } from "#src/routing/trie-node.js"

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

const kindsOfKeys: Record<string, fc.Arbitrary<Buffer>> = {
  // Few byte values and short keys, so that keys are prefixes of each other and branch often.
  "short keys": fc.array(fc.constantFrom(0, 1, 2, 255), { maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  // All byte values, so that nodes have many children.
  "keys of any bytes": fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 2 })
    .map((bytes) => Buffer.from(bytes)),
  // What they share ends in the middle of what they repeat, and some are longer than a node's label may be.
  "keys of segments": fc
    .array(fc.constantFrom("a", "aab", "sensor/", "sensors/temperature/", "x".repeat(500)), { maxLength: 5 })
    .chain((segments) => {
      const key = Buffer.from(segments.join(""))
      return fc.nat(Math.min(key.length, 9)).map((less) => key.subarray(0, key.length - less))
    }),
}

type Model = Map<string, number>

/** The values of the model's keys that `text` begins with, shortest first. */
function prefixValues(model: Model, text: Buffer): number[] {
  const hex = text.toString("hex")
  const prefixes = [...model].filter(([key]) => hex.startsWith(key))
  return prefixes.sort(([one], [other]) => one.length - other.length).map(([, value]) => value)
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

for (const [kindOfKeys, anyKey] of Object.entries(kindsOfKeys)) {
  test(`a trie of ${kindOfKeys} does what a map with a search over its keys does`, () => {
    const anyTrieStep = fc.record({
      kind: fc.constantFrom("set", "set", "delete"),
      key: anyKey,
      value: fc.nat(1000),
    })
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
}

/** All nodes, each without those below it: there may be more of those than a comparison has stack for. */
function nodesOf(trie: Trie<number>): object[] {
  const nodes: object[] = []
  const left = [(trie as unknown as { root: Node<number> }).root]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const { children = [], ...itself } = node
    nodes.push({ ...itself, below: children.map((child) => child?.byte) })
    for (const child of children) if (child !== undefined) left.push(child)
  }
  return nodes
}

test("collect counts what it found and leaves the rest of the array alone", () => {
  const trie = new Trie<number>()
  trie.set(Buffer.alloc(0), 1)
  trie.set(Buffer.from("ab"), 2)
  const found = [7, 8, 9]
  assert.equal(trie.collect(Buffer.from("abc"), found), 2)
  assert.deepEqual(found, [1, 2, 9])
})

test("a trie is the same whatever the order of its keys, and whatever was deleted", () => {
  // One node has all 256 children, then fewer and fewer.
  const keys = Array.from({ length: 256 }, (_, byte) => Buffer.from([7, byte, byte]))
  const trie = new Trie<number>()
  for (const key of keys) trie.set(key, 1)
  while (keys.length > 0) {
    trie.delete(keys.splice((keys.length * 5) >> 3, 1)[0] as Buffer)
    const other = new Trie<number>()
    for (const key of [...keys].reverse()) other.set(key, 1)
    assert.deepEqual(trie, other)
  }
})

test("long keys that share half of their bytes split where they differ, and join again", () => {
  const size = 500_000
  // Views on a larger memory, which is overwritten afterwards: a trie keeps copies.
  const memory = Buffer.alloc(3 * size, "t")
  const keys = [0, 1, 2].map((index) => memory.subarray(index * size, (index + 1) * size))
  keys.forEach((key, index) => {
    key.fill(index, size / 2)
  })
  const copies = keys.map((key) => Buffer.from(key))
  const half = Buffer.alloc(size / 2, "t")
  const trie = new Trie<number>()
  keys.forEach((key, index) => {
    trie.set(key, index)
  })
  memory.fill(0)
  assert.equal(trie.matches(half), false)
  trie.set(half, 3)
  const found: number[] = []
  copies.forEach((key, index) => {
    assert.equal(trie.get(key), index)
    assert.equal(trie.collect(key, found), 2)
    assert.deepEqual(found, [3, index])
    assert.equal(trie.get(key.subarray(1)), undefined)
  })
  const entries = new Map([...trie.entries()].map(([key, value]) => [value, key]))
  assert.equal(entries.size, 4)
  for (const [index, key] of [...copies, half].entries())
    assert.ok(key.equals(entries.get(index) as Uint8Array))
  trie.delete(half)
  trie.delete(copies[1] as Buffer)
  trie.delete(copies[0] as Buffer)
  const other = new Trie<number>()
  other.set(copies[2] as Buffer, 2)
  assert.deepEqual(nodesOf(trie), nodesOf(other))
  trie.delete(copies[2] as Buffer)
  assert.deepEqual(trie, new Trie<number>())
})
