import assert from "node:assert/strict"
import { test } from "node:test"
import {
  ChunkPlan,
  LARGE_FRAME,
  LARGEST_CHUNK,
  LARGEST_SHARED_CHUNK,
  SMALLEST_CHUNK,
} from "#src/wire/chunk-plan.js"
import { LONG_HEADER } from "#src/wire/flags.js"

function planned(...frameSizes: number[]): number {
  const plan = new ChunkPlan()
  for (const size of frameSizes) plan.saw(size)
  return plan.next()
}

test("a connection begins with small chunks; each read that filled what it had makes them four times as large", () => {
  const plan = new ChunkPlan()
  const sizes = [plan.next()]
  for (let count = 0; count < 3; count++) {
    plan.grow()
    sizes.push(plan.next())
  }
  assert.deepEqual(sizes, [SMALLEST_CHUNK, 4 * SMALLEST_CHUNK, LARGEST_CHUNK, LARGEST_CHUNK])
})

test("small frames change nothing; from the bound on a chunk is cut for four of the largest that came", () => {
  assert.equal(planned(LARGE_FRAME - LONG_HEADER), SMALLEST_CHUNK)
  assert.equal(planned(LARGE_FRAME - LONG_HEADER + 1), 4 * (LARGE_FRAME + 1))
  assert.equal(planned(20_000, 30_000, 10), 4 * (30_000 + LONG_HEADER))
})

test("a chunk holds no more of them than fit the largest, and what fits none is read by itself", () => {
  assert.equal(planned(100_000), 2 * (100_000 + LONG_HEADER))
  assert.equal(planned(LARGEST_SHARED_CHUNK - LONG_HEADER), LARGEST_SHARED_CHUNK)
  assert.equal(planned(LARGEST_SHARED_CHUNK - LONG_HEADER + 1), SMALLEST_CHUNK)
})

test("what came before the last chunk, or before another kind of frames, counts no more", () => {
  const plan = new ChunkPlan()
  plan.saw(30_000)
  plan.next()
  assert.equal(plan.next(), SMALLEST_CHUNK)
  plan.saw(30_000)
  plan.forget()
  assert.equal(plan.next(), SMALLEST_CHUNK)
})
