import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import type { Message } from "#src/message.js"
import { BATCH_BYTES, Encoder, encodeFrame, LARGE_BATCH_BYTES, REFERENCED_OVER } from "#src/wire/encoder.js"
import { COMMAND, MORE } from "#src/wire/flags.js"
import { SlabPool } from "#src/wire/slab-pool.js"
import { anyMessages, bytesOf, encode, patternedFrame, takeAll } from "./sample-messages.js"

/** RFC 37, section 3.3, written down a second time. */
function expectedBytes(messages: Message[]): Buffer {
  const parts: Uint8Array[] = []
  for (const message of messages) {
    message.forEach((frame, index) => {
      const more = index < message.length - 1 ? 1 : 0
      const header = Buffer.alloc(frame.length > 255 ? 9 : 2, more)
      if (frame.length > 255) {
        header[0] = more | 2
        header.writeBigUInt64BE(BigInt(frame.length), 1)
      } else header[1] = frame.length
      parts.push(header, frame)
    })
  }
  return Buffer.concat(parts)
}

test("messages become the frames of RFC 37, in batches that count themselves", () => {
  fc.assert(
    fc.property(anyMessages, (messages) => {
      const encoder = new Encoder(new SlabPool())
      for (const message of messages) encoder.push(message)
      assert.equal(encoder.length, messages.length)
      const batches = takeAll(encoder)
      assert.equal(encoder.length, 0)
      assert.ok(bytesOf(batches).equals(expectedBytes(messages)))
      let count = 0
      for (const batch of batches) {
        assert.equal(batch.bytes, bytesOf([batch]).length)
        count += batch.messages
      }
      assert.equal(count, messages.length)
    }),
    { numRuns: 150 },
  )
})

test("slabs that are used again carry the new bytes only", () => {
  const pool = new SlabPool()
  const encoder = new Encoder(pool)
  fc.assert(
    fc.property(fc.array(anyMessages, { minLength: 1, maxLength: 3 }), (rounds) => {
      for (const messages of rounds) {
        for (const message of messages) encoder.push(message)
        const batches = takeAll(encoder)
        assert.ok(bytesOf(batches).equals(expectedBytes(messages)))
        for (const batch of batches) encoder.release(batch)
      }
    }),
    { numRuns: 60 },
  )
})

test("takes between pushes lose and repeat nothing", () => {
  fc.assert(
    fc.property(anyMessages, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (messages, takes) => {
      const encoder = new Encoder(new SlabPool())
      const written: Buffer[] = []
      messages.forEach((message, index) => {
        encoder.push(message)
        if (takes[index] !== true) return
        const batch = encoder.take()
        assert.ok(batch !== undefined)
        written.push(bytesOf([batch]))
        encoder.release(batch)
      })
      written.push(bytesOf(takeAll(encoder)))
      assert.ok(Buffer.concat(written).equals(expectedBytes(messages)))
    }),
    { numRuns: 100 },
  )
})

test("a pushed frame up to the bound may be overwritten, a larger one is referenced", () => {
  for (const size of [1, 64, 65, 255, 256, REFERENCED_OVER]) {
    const encoder = new Encoder(new SlabPool())
    const frame = patternedFrame(size, 1)
    const expected = expectedBytes([[Buffer.from(frame)]])
    encoder.push([frame])
    frame.fill(0)
    assert.ok(bytesOf(takeAll(encoder)).equals(expected), `${size} bytes`)
  }
  const encoder = new Encoder(new SlabPool())
  const large = patternedFrame(REFERENCED_OVER + 1, 1)
  encoder.push([large])
  assert.ok(encoder.take()?.chunks.includes(large))
})

test("a batch is full from its bound on, and not before", () => {
  const encoder = new Encoder(new SlabPool())
  const header = 9
  const frame = patternedFrame(BATCH_BYTES / 4 - header, 0)
  for (let count = 0; count < 3; count++) encoder.push([frame])
  encoder.push([frame.subarray(3)])
  assert.equal(encoder.hasFullBatch, false)
  encoder.push([patternedFrame(1, 0)])
  assert.equal(encoder.hasFullBatch, true)
  assert.equal(encoder.take()?.bytes, BATCH_BYTES)
  assert.equal(encoder.hasFullBatch, false)
  assert.equal(encoder.take(), undefined)
})

test("bodies that are referenced make larger batches", () => {
  const encoder = new Encoder(new SlabPool())
  const small = patternedFrame(100, 1)
  const large = patternedFrame(LARGE_BATCH_BYTES / 4 - 9, 2)
  for (let count = 0; count < 3; count++) encoder.push([small, large])
  assert.equal(encoder.hasFullBatch, false)
  encoder.push([small, large])
  assert.equal(encoder.hasFullBatch, true)
  encoder.push([small])
  assert.deepEqual(
    takeAll(encoder).map(({ messages, bytes }) => ({ messages, bytes })),
    [
      { messages: 4, bytes: LARGE_BATCH_BYTES + 4 * 102 },
      { messages: 1, bytes: 102 },
    ],
  )
})

test("clear drops what waits", () => {
  const encoder = new Encoder(new SlabPool())
  for (let count = 0; count < 5; count++) encoder.push([patternedFrame(40_000, count)])
  encoder.clear()
  assert.equal(encoder.length, 0)
  assert.equal(encoder.take(), undefined)
  encoder.push([Buffer.from("a")])
  assert.deepEqual([...bytesOf(takeAll(encoder))], [0x00, 0x01, 0x61])
})

test("a short frame: flags, one byte of length, body", () => {
  // 00 last | 02 length | "hi"
  assert.equal(encodeFrame(Buffer.from("hi"), 0).toString("hex"), "00026869")
  // 01 more follow | 00 length
  assert.equal(encodeFrame(Buffer.alloc(0), MORE).toString("hex"), "0100")
  // 255 bytes are the most that one byte of length tells.
  assert.equal(encodeFrame(Buffer.alloc(255), 0).subarray(0, 2).toString("hex"), "00ff")
})

test("a long frame: flags with LONG, eight bytes of length in network order, body", () => {
  // 02 long, last | 0000000000000100 length 256
  assert.equal(encodeFrame(Buffer.alloc(256), 0).subarray(0, 9).toString("hex"), "020000000000000100")
  // 03 long, more follow | 0000000000011170 length 70000
  assert.equal(encodeFrame(Buffer.alloc(70_000), MORE).subarray(0, 9).toString("hex"), "030000000000011170")
})

test("a command frame: COMMAND, and LONG where the body needs it", () => {
  // 04 command | 01 length | "x"
  assert.equal(encodeFrame(Buffer.from("x"), COMMAND).toString("hex"), "040178")
  // 06 long command | 000000000000012c length 300
  assert.equal(encodeFrame(Buffer.alloc(300), COMMAND).subarray(0, 9).toString("hex"), "06000000000000012c")
})

test("the frames of a message, as bytes", () => {
  // 00 last | 02 length | "hi"
  assert.deepEqual(encode([[Buffer.from("hi")]]), Buffer.from([0, 2, 0x68, 0x69]))
  // 01 more follow | 01 length | "a", then 00 last | 01 length | "b"
  assert.deepEqual(encode([[Buffer.from("a"), Buffer.from("b")]]), Buffer.from([1, 1, 0x61, 0, 1, 0x62]))
  // 02 long | 0000000000000100: the length takes eight bytes, most significant first
  assert.deepEqual(encode([[Buffer.alloc(256)]]).subarray(0, 9), Buffer.from([2, 0, 0, 0, 0, 0, 0, 1, 0]))
})
