import assert from "node:assert/strict"
import { test } from "node:test"
import { BATCH_BYTES, REFERENCED_OVER } from "#src/wire/encoder.js"
import { RawOutbox } from "#src/wire/raw-outbox.js"

function bytesOf(chunks: readonly Uint8Array[] | undefined): string {
  return Buffer.concat(chunks ?? []).toString("latin1")
}

function messages(...texts: string[][]): Buffer[][] {
  return texts.map((frames) => frames.map((text) => Buffer.from(text)))
}

test("messages leave as plain bytes, frame behind frame, in one batch", () => {
  const outbox = new RawOutbox()
  assert.equal(outbox.take(), undefined)
  for (const message of messages(["a", "", "b"], ["c"])) outbox.push(message)
  assert.deepEqual([outbox.length, outbox.hasFullBatch], [2, false])
  const batch = outbox.take()
  assert.equal(bytesOf(batch?.chunks), "abc")
  assert.deepEqual([batch?.messages, batch?.bytes, batch?.slabs], [2, 3, []])
  assert.deepEqual([outbox.length, outbox.hasFullBatch], [0, false])
  assert.equal(outbox.take(), undefined)
  outbox.push([Buffer.from("next")])
  const next = outbox.take()
  assert.equal(bytesOf(next?.chunks), "next")
  assert.deepEqual([next?.messages, next?.bytes], [1, 4])
})

test("a message without a byte is none", () => {
  const outbox = new RawOutbox()
  outbox.push([Buffer.alloc(0)])
  outbox.push([Buffer.from("x")])
  outbox.push([Buffer.alloc(0), Buffer.alloc(0)])
  assert.equal(outbox.length, 1)
  assert.equal(outbox.take()?.messages, 1)
})

test("small and medium frames are copied, larger ones are not", () => {
  const outbox = new RawOutbox()
  const [copied, referenced] = [Buffer.alloc(REFERENCED_OVER, "c"), Buffer.alloc(REFERENCED_OVER + 1, "r")]
  outbox.push([copied, referenced])
  for (const frame of [copied, referenced]) frame.fill("x")
  const chunks = outbox.take()?.chunks as Buffer[]
  assert.equal(chunks[0]?.[0], "c".charCodeAt(0))
  assert.equal(chunks[1], referenced)
})

test("a full batch is closed, and said to be there until it has been taken", () => {
  const outbox = new RawOutbox()
  const half = Buffer.alloc(BATCH_BYTES / 2, "h")
  outbox.push([half])
  assert.equal(outbox.hasFullBatch, false)
  outbox.push([half])
  assert.equal(outbox.hasFullBatch, true)
  for (let count = 0; count < 2; count++) outbox.push([half])
  outbox.push([Buffer.from("rest")])
  assert.equal(outbox.length, 5)
  assert.deepEqual([outbox.take()?.messages, outbox.hasFullBatch, outbox.length], [2, true, 3])
  assert.deepEqual([outbox.take()?.bytes, outbox.hasFullBatch, outbox.length], [BATCH_BYTES, false, 1])
  assert.equal(bytesOf(outbox.take()?.chunks), "rest")
  outbox.release()
})

test("clear drops all that waits", () => {
  const outbox = new RawOutbox()
  for (let count = 0; count < 3; count++) outbox.push([Buffer.alloc(BATCH_BYTES), Buffer.from("rest")])
  outbox.push([Buffer.from("open")])
  outbox.clear()
  assert.deepEqual([outbox.length, outbox.hasFullBatch, outbox.take()], [0, false, undefined])
})
