import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { PrefixFilter } from "#src/routing/prefix-filter.js"

/** A filter over the keys of a set, which is kept beside it. */
class Filtered {
  readonly keys: Map<string, Buffer> = new Map()
  readonly filter: PrefixFilter = new PrefixFilter(() => this.keys.values())

  add(key: Buffer): void {
    if (this.keys.has(key.toString("hex"))) return
    this.keys.set(key.toString("hex"), key)
    this.filter.add(key)
  }

  delete(key: Buffer): void {
    if (this.keys.delete(key.toString("hex"))) this.filter.delete(key)
  }
}

function topic(number: number): Buffer {
  return Buffer.from((Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0"))
}

test("no text that a key is a prefix of is turned away, whatever was added and deleted before", () => {
  const anyKey = fc.oneof(
    { weight: 20, arbitrary: fc.nat(400).map(topic) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)) },
  )
  const anyStep = fc.record({ kind: fc.constantFrom("add", "add", "delete"), key: anyKey })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 400, size: "max" }), (steps) => {
      const filtered = new Filtered()
      for (const { kind, key } of steps) {
        if (kind === "add") filtered.add(key)
        else filtered.delete(key)
      }
      for (const key of filtered.keys.values()) {
        assert.ok(filtered.filter.mayMatch(key))
        assert.ok(filtered.filter.mayMatch(Buffer.concat([key, Buffer.from("and more")])))
      }
    }),
    { numRuns: 300 },
  )
})

test("most texts that match none of many keys are turned away, also after as many were deleted", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 20_000; number++) filtered.add(topic(number))
  for (let number = 10_000; number < 20_000; number++) filtered.delete(topic(number))
  let passed = 0
  for (let number = 10_000; number < 30_000; number++) if (filtered.filter.mayMatch(topic(number))) passed++
  assert.ok(passed < 3000, `${passed} of 20,000 passed`)
})

test("with few keys, or with one that nearly every text begins with, all texts pass", () => {
  const few = new Filtered()
  for (let number = 0; number < 63; number++) few.add(topic(number))
  assert.ok(few.filter.mayMatch(Buffer.from("anything")))
  const wide = new Filtered()
  for (let number = 0; number < 1000; number++) wide.add(topic(number))
  assert.equal(wide.filter.mayMatch(Buffer.from("anything")), false)
  wide.add(Buffer.from("an"))
  assert.ok(wide.filter.mayMatch(Buffer.from("anything")))
})

test("a beginning that more keys share than can be counted stays", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 1000; number++) filtered.add(Buffer.from(`together ${number}`))
  for (let number = 1; number < 1000; number++) {
    filtered.delete(Buffer.from(`together ${number}`))
    assert.ok(filtered.filter.mayMatch(Buffer.from("together 0")))
  }
})

test("a short key lets all texts through until it is deleted", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 1000; number++) filtered.add(topic(number))
  filtered.add(Buffer.from("a"))
  assert.ok(filtered.filter.mayMatch(Buffer.from("anything")))
  filtered.delete(Buffer.from("a"))
  assert.equal(filtered.filter.mayMatch(Buffer.from("anything")), false)
})

/** What the table takes, in bytes. */
function tableSize(filtered: Filtered): number {
  return (filtered.filter as unknown as { counts: Uint8Array }).counts.length
}

test("from 64 keys on there is a table, of 16 places a key at first", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 63; number++) filtered.add(topic(number))
  assert.equal(tableSize(filtered), 0)
  filtered.add(topic(63))
  assert.equal(tableSize(filtered), 1024)
  assert.equal(filtered.filter.mayMatch(Buffer.from("anything")), false)
  for (let number = 64; number < 128; number++) filtered.add(topic(number))
  assert.equal(tableSize(filtered), 1024)
  filtered.add(topic(128))
  assert.equal(tableSize(filtered), 4096)
})

test("keys that come and go do not make the table grow", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 100; number++) filtered.add(topic(number))
  for (let number = 100; number < 1000; number++) {
    filtered.add(topic(number))
    filtered.delete(topic(number))
  }
  assert.equal(tableSize(filtered), 1024)
})

test("the shortest keys that the table takes have three bytes, and shorter texts begin with none of them", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 1000; number++) filtered.add(Buffer.from(`${topic(number)}`))
  filtered.add(Buffer.from("xyz"))
  assert.ok(filtered.filter.mayMatch(Buffer.from("xyz and more")))
  assert.equal(filtered.filter.mayMatch(Buffer.from("xy")), false)
  assert.equal(filtered.filter.mayMatch(Buffer.from("zyx")), false)
  filtered.delete(Buffer.from("xyz"))
  assert.equal(filtered.filter.mayMatch(Buffer.from("xyz")), false)
  filtered.add(Buffer.from("z"))
  assert.ok(filtered.filter.mayMatch(Buffer.from("zyx")))
})

test("a text that is a key without its last bytes, which are zero, is turned away", () => {
  const filtered = new Filtered()
  for (let number = 0; number < 100; number++) filtered.add(topic(number))
  filtered.add(Buffer.from("abcdefg\0"))
  assert.ok(filtered.filter.mayMatch(Buffer.from("abcdefg\0")))
  assert.equal(filtered.filter.mayMatch(Buffer.from("abcdefg")), false)
})

test("a short key that was there before the table leaves nothing in it", () => {
  const filtered = new Filtered()
  filtered.add(Buffer.from("e"))
  for (let number = 0; number < 1000; number++) filtered.add(topic(number))
  filtered.delete(Buffer.from("e"))
  assert.equal(filtered.filter.mayMatch(Buffer.from("everything")), false)
  assert.equal(filtered.filter.mayMatch(Buffer.from("e\0\0\0\0\0\0\0")), false)
})
