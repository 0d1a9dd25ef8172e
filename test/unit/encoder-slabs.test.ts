// How much memory a queue borrows, and that it gives it back.
import assert from "node:assert/strict"
import { test } from "node:test"
import { BATCH_BYTES, type Batch, Encoder, LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { writeLongHeader } from "#src/wire/long-header.js"
import { LARGEST_SLAB, SMALLEST_SLAB } from "#src/wire/slab-pool.js"
import { type Borrowing, pass, push, startWith } from "./borrowing.js"

const start = (): Borrowing<Encoder> => startWith((pool) => new Encoder(pool))

test("who fills a slab gets one four times as large, up to the largest, and keeps that size for the next batch", () => {
  const { pool, encoder } = start()
  while (!encoder.hasFullBatch) push(encoder, 200)
  assert.deepEqual(pool.look(), [SMALLEST_SLAB, 8192, 32_768, LARGEST_SLAB])
  pass(encoder)
  push(encoder, 200)
  assert.deepEqual(pool.look(), [LARGEST_SLAB])
})

test("a frame that fits to the last byte needs no other slab", () => {
  const { pool, encoder } = start()
  push(encoder, 254, 254, 254, 254, 254, 254, 254, 254)
  assert.deepEqual(pool.look(), [SMALLEST_SLAB])
  push(encoder, 0)
  assert.deepEqual(pool.look(), [8192])
  const long = start()
  push(long.encoder, 255, 255, 255, 255, 255, 255, 195, 300)
  assert.deepEqual(long.pool.look(), [SMALLEST_SLAB])
})

test("a frame that is larger than the slab gets one that it fits into", () => {
  for (const [size, slab] of [
    [2000, SMALLEST_SLAB],
    [8192 - 9, 8192],
    [8192 - 8, 32_768],
    [16_384, 32_768],
  ] as const) {
    const { pool, encoder } = start()
    push(encoder, size)
    assert.deepEqual(pool.look(), [slab])
  }
})

test("who says little again gets half as much each time, down to the smallest", () => {
  const { pool, encoder } = start()
  push(encoder, 16_384)
  const sizes: number[] = []
  for (let count = 0; count < 6; count++) {
    pass(encoder)
    pool.look()
    push(encoder, 1)
    sizes.push(...pool.look())
  }
  assert.deepEqual(sizes, [32_768, 16_384, 8192, 4096, SMALLEST_SLAB, SMALLEST_SLAB])
})

test("little is less than an eighth of the slab", () => {
  for (const [bytes, next] of [
    [1024, 8192],
    [1023, 4096],
  ] as const) {
    const { pool, encoder } = start()
    push(encoder, 8000)
    pass(encoder)
    push(encoder, bytes - 9)
    assert.equal(pass(encoder).bytes, bytes)
    pool.look()
    push(encoder, 1)
    assert.deepEqual(pool.look(), [next])
  }
})

test("all that was borrowed comes back, when batches are released and when the queue is cleared", () => {
  const { pool, encoder } = start()
  for (let count = 0; count < 1000; count++) push(encoder, 200)
  push(encoder, 20_000, 10)
  assert.ok(pool.lent > 4)
  pass(encoder)
  encoder.clear()
  assert.deepEqual([pool.lent, encoder.length, encoder.hasFullBatch], [0, 0, false])
  assert.equal(encoder.take(), undefined)
})

test("several batches may wait: each says what is in it, and the queue whether there is another full one", () => {
  const { encoder } = start()
  let pushed = 0
  for (; encoder.length < 1000; pushed++) push(encoder, 200)
  const batches: Batch[] = []
  const full: boolean[] = []
  for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) {
    batches.push(batch)
    full.push(encoder.hasFullBatch)
  }
  assert.deepEqual(full, [true, true, false, false])
  assert.ok(batches.slice(0, 3).every(({ bytes }) => bytes >= BATCH_BYTES && bytes < BATCH_BYTES + 202))
  for (const { bytes, chunks, messages, slabs } of batches) {
    assert.equal(bytes, messages * 202)
    assert.equal(Buffer.concat(chunks).length, bytes)
    assert.ok(chunks.every((chunk) => chunk.length > 0))
    assert.ok(slabs.every((slab) => slab instanceof Uint8Array))
  }
  assert.equal(
    batches.reduce((sum, { messages }) => sum + messages, 0),
    pushed,
  )
})

test("with referenced bodies a batch is full by all of its bytes, wherever in the slab they stand", () => {
  const { encoder } = start()
  while (!encoder.hasFullBatch) push(encoder, 200)
  pass(encoder)
  push(encoder, 16_000, 16_000, 100_000, 100_000)
  while (!encoder.hasFullBatch) push(encoder, 1000)
  const { bytes } = pass(encoder)
  assert.ok(bytes >= LARGE_BATCH_BYTES && bytes < LARGE_BATCH_BYTES + 1009, `${bytes}`)
})

test("a length of more than 32 bits in eight bytes", () => {
  const header = Buffer.alloc(9, 0xff)
  writeLongHeader(header, 0, 1, 0x0012_3456_789a_bcde)
  assert.equal(header.toString("hex"), "0300123456789abcde")
})
