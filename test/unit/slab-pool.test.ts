import assert from "node:assert/strict"
import { test } from "node:test"
import { LARGEST_SLAB, SlabPool, SMALLEST_SLAB } from "#src/wire/slab-pool.js"

const KEPT_BYTES = 1 << 20

test("a slab has the size that was asked for, and one that came back is lent again", () => {
  const pool = new SlabPool()
  const small = pool.borrow(SMALLEST_SLAB)
  assert.equal(small.length, SMALLEST_SLAB)
  assert.notEqual(pool.borrow(SMALLEST_SLAB), small)
  pool.release(small)
  assert.equal(pool.borrow(LARGEST_SLAB).length, LARGEST_SLAB)
  assert.equal(pool.borrow(SMALLEST_SLAB), small)
  assert.notEqual(pool.borrow(SMALLEST_SLAB), small)
})

test("of each size the pool keeps one mebibyte, and lets go of the rest", () => {
  for (const size of [SMALLEST_SLAB, LARGEST_SLAB]) {
    const pool = new SlabPool()
    const count = KEPT_BYTES / size
    const slabs = Array.from({ length: count + 1 }, () => pool.borrow(size))
    for (const slab of slabs) pool.release(slab)
    const again = new Set(Array.from({ length: count + 1 }, () => pool.borrow(size)))
    assert.equal(slabs.filter((slab) => again.has(slab)).length, count)
  }
})
