// What a queue towards a WebSocket borrows, and when its batches are full.
import assert from "node:assert/strict"
import { test } from "node:test"
import { BATCH_BYTES, type Batch, LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { PacketEncoder } from "#src/wire/packet-encoder.js"
import { LARGEST_SLAB, SMALLEST_SLAB } from "#src/wire/slab-pool.js"
import { type Borrowing, pass, push, startWith } from "./borrowing.js"

const start = (): Borrowing<PacketEncoder> => startWith((pool) => new PacketEncoder(pool))

test("slabs grow fourfold while one batch fills them, and stay as large for the next", () => {
  const { pool, encoder } = start()
  while (!encoder.hasFullBatch) push(encoder, 200)
  assert.deepEqual(pool.look(), [SMALLEST_SLAB, 8192, 32_768, LARGEST_SLAB])
  pass(encoder)
  push(encoder, 200)
  assert.deepEqual(pool.look(), [LARGEST_SLAB])
})

test("a packet that fits to the last byte needs no other slab, one that does not gets a slab that it fits into", () => {
  const { pool, encoder } = start()
  push(encoder, 1023, 1023)
  assert.deepEqual(pool.look(), [SMALLEST_SLAB])
  push(encoder, 0)
  assert.deepEqual(pool.look(), [8192])
  for (const [size, slab] of [
    [2047, SMALLEST_SLAB],
    [8191, 8192],
    [8192, 32_768],
    [16_384, 32_768],
  ] as const) {
    const other = start()
    push(other.encoder, size)
    assert.deepEqual(other.pool.look(), [slab])
  }
})

test("slabs halve with each batch of less than an eighth of them, down to the smallest", () => {
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
  for (const [bytes, next] of [
    [1024, 8192],
    [1023, 4096],
  ] as const) {
    const other = start()
    push(other.encoder, 8000)
    pass(other.encoder)
    push(other.encoder, bytes - 1)
    assert.equal(pass(other.encoder).bytes, bytes)
    other.pool.look()
    push(other.encoder, 1)
    assert.deepEqual(other.pool.look(), [next])
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
  encoder.clear()
  assert.deepEqual([encoder.hasFullBatch, encoder.take()], [false, undefined])
  push(encoder, 1)
  assert.deepEqual([pass(encoder).messages, encoder.hasFullBatch], [1, false])
})

test("several batches may wait, and the queue says whether there is another full one", () => {
  const { encoder } = start()
  for (let count = 0; count < 1000; count++) push(encoder, 200)
  const batches: Batch[] = []
  const full: boolean[] = []
  for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) {
    batches.push(batch)
    full.push(encoder.hasFullBatch)
  }
  assert.deepEqual(full, [true, true, false, false])
  assert.ok(batches.every(({ slabs }) => slabs.every((slab) => slab instanceof Uint8Array)))
})

test("a batch is full at its bound of bytes, or of packets, and not before", () => {
  const { encoder } = start()
  push(encoder, ...Array.from({ length: BATCH_BYTES / 1024 - 1 }, () => 1023), 1022)
  assert.equal(encoder.hasFullBatch, false)
  encoder.clear()
  push(encoder, ...Array.from({ length: BATCH_BYTES / 1024 }, () => 1023))
  assert.equal(encoder.hasFullBatch, true)
  encoder.clear()
  push(encoder, ...Array.from({ length: 511 }, () => 0))
  assert.equal(encoder.hasFullBatch, false)
  push(encoder, 0)
  assert.equal(encoder.hasFullBatch, true)
  encoder.clear()
  push(encoder, LARGE_BATCH_BYTES - 2)
  assert.equal(encoder.hasFullBatch, false)
  push(encoder, 0)
  assert.equal(encoder.hasFullBatch, true)
})

test("where requests have names they go as commands, and all else as messages", () => {
  const { encoder } = start()
  const written = (...frames: string[]): string => {
    encoder.push(frames.map((text) => Buffer.from(text)))
    return Buffer.concat(pass(encoder).chunks).toString("latin1")
  }
  assert.equal(written("\x01group"), "\0\x01group")
  encoder.requestNames = ["LEAVE", "JOIN"]
  assert.equal(written("\x01group"), "\x02\x04JOINgroup")
  assert.equal(written("\0group"), "\x02\x05LEAVEgroup")
  assert.equal(written("\x02group"), "\0\x02group")
  assert.equal(written("\x01a", "b"), "\x01\x01a\0b")
})
