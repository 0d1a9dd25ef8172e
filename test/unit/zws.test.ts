import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { LimitError, ProtocolError } from "#src/errors.js"
import type { Frame, Message } from "#src/message.js"
import type { DecoderLimits } from "#src/wire/decoder.js"
import type { Batch } from "#src/wire/encoder.js"
import { BATCH_BYTES, REFERENCED_OVER } from "#src/wire/encoder.js"
import { PacketEncoder } from "#src/wire/packet-encoder.js"
import { LARGEST_SLAB, SlabPool } from "#src/wire/slab-pool.js"
import { PacketDecoder, selectSubprotocol } from "#src/wire/zws.js"
import { anyMessages, noLimits, patternedFrame } from "./sample-messages.js"

/** RFC 45's framing, written down a second time. */
function expectedPackets(messages: Message[]): Buffer[] {
  return messages.flatMap((message) =>
    message.map((frame, at) => Buffer.concat([Buffer.from([at < message.length - 1 ? 1 : 0]), frame])),
  )
}

function takeAll(encoder: PacketEncoder): Batch[] {
  const batches: Batch[] = []
  for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) batches.push(batch)
  return batches
}

function packetsOf(batches: Batch[]): Buffer[] {
  return batches.flatMap(({ chunks }) => chunks.map((chunk) => Buffer.from(chunk)))
}

/** What a decoder makes of packets. */
function decode(packets: Uint8Array[], limits: DecoderLimits = noLimits): (Message | { command: Frame })[] {
  const found: (Message | { command: Frame })[] = []
  const decoder = new PacketDecoder(
    { message: (message) => void found.push(message), command: (command) => void found.push({ command }) },
    limits,
  )
  decoder.refusesParts = false
  for (const packet of packets) decoder.decode(packet)
  return found
}

test("each frame becomes a packet, in batches that count themselves", () => {
  fc.assert(
    fc.property(anyMessages, (messages) => {
      const encoder = new PacketEncoder(new SlabPool())
      for (const message of messages) encoder.push(message)
      assert.equal(encoder.length, messages.length)
      const batches = takeAll(encoder)
      assert.equal(encoder.length, 0)
      assert.deepEqual(packetsOf(batches), expectedPackets(messages))
      for (const batch of batches) assert.equal(batch.bytes, Buffer.concat(batch.chunks).length)
      assert.equal(
        batches.reduce((count, batch) => count + batch.messages, 0),
        messages.length,
      )
    }),
    { numRuns: 150 },
  )
})

test("slabs that are used again carry the new packets only, whenever they are taken and released", () => {
  const encoder = new PacketEncoder(new SlabPool())
  const rounds = fc.array(fc.tuple(anyMessages, fc.boolean()), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(rounds, (plays) => {
      for (const [messages, held] of plays) {
        for (const message of messages) encoder.push(message)
        const first = encoder.take() as Batch
        const before = packetsOf([first])
        if (!held) encoder.release(first)
        encoder.push([Buffer.from("one more")])
        const rest = takeAll(encoder)
        const expected = expectedPackets([...messages, [Buffer.from("one more")]])
        assert.deepEqual([...before, ...packetsOf(rest)], expected)
        // What is held has not been written to.
        if (held) assert.deepEqual(packetsOf([first]), before)
        for (const batch of held ? [first, ...rest] : rest) encoder.release(batch)
      }
    }),
    { numRuns: 60 },
  )
})

test("small and medium frames are the caller's again at once, large ones when they are taken", () => {
  const encoder = new PacketEncoder(new SlabPool())
  const sizes = [1, 300, REFERENCED_OVER, REFERENCED_OVER + 1]
  const frames = sizes.map((size) => patternedFrame(size, size))
  const expected = expectedPackets(frames.map((frame) => [frame]))
  for (const frame of frames) encoder.push([frame])
  for (const frame of frames.slice(0, -1)) frame.fill(0)
  const batch = encoder.take() as Batch
  frames.at(-1)?.fill(0)
  assert.deepEqual(packetsOf([batch]), expected)
})

test("a batch is full by its bytes, or by its packets", () => {
  for (const [size, limit] of [
    [1000, BATCH_BYTES + 1001],
    [0, 1024],
  ] as const) {
    const encoder = new PacketEncoder(new SlabPool())
    let count = 0
    for (; !encoder.hasFullBatch; count++) encoder.push([Buffer.alloc(size)])
    assert.ok(count * (size + 1) <= limit, `${count} messages of ${size} bytes`)
    const batch = encoder.take() as Batch
    assert.equal(batch.messages, count)
    assert.equal(encoder.hasFullBatch, false)
    for (const slab of batch.slabs) assert.ok(slab.length <= LARGEST_SLAB)
  }
})

test("clear() leaves nothing to take, and room for what comes", () => {
  fc.assert(
    fc.property(anyMessages, anyMessages, (dropped, kept) => {
      const encoder = new PacketEncoder(new SlabPool())
      for (const message of dropped) encoder.push(message)
      encoder.clear()
      assert.equal(encoder.length, 0)
      assert.equal(encoder.take(), undefined)
      for (const message of kept) encoder.push(message)
      assert.deepEqual(packetsOf(takeAll(encoder)), expectedPackets(kept))
    }),
    { numRuns: 60 },
  )
})

test("what was encoded is decoded, and frames share the packets' memory", () => {
  fc.assert(
    fc.property(anyMessages, (messages) => {
      const packets = expectedPackets(messages)
      const found = decode(packets) as Message[]
      assert.deepEqual(found, messages)
      for (const [at, frame] of found.flat().entries()) assert.equal(frame.buffer, packets[at]?.buffer)
    }),
    { numRuns: 100 },
  )
})

test("commands stand between the frames of a message without harm", () => {
  const packets = ["\x01a", "\x02READY", "\x01b", "\x02", "\0c"].map((text) => Buffer.from(text))
  assert.deepEqual(decode(packets), [
    { command: Buffer.from("READY") },
    { command: Buffer.alloc(0) },
    ["a", "b", "c"].map((text) => Buffer.from(text)),
  ])
})

test("packets without flags or with others are a ProtocolError, those beyond the limits a LimitError", () => {
  const limits = { frameBytes: 10, messageFrames: 3, messageBytes: 20 }
  const packet = (flags: number, size: number): Buffer => Buffer.alloc(1 + size, flags)
  for (const packets of [[Buffer.alloc(0)], ...Array.from({ length: 253 }, (_, at) => [packet(at + 3, 2)])]) {
    assert.throws(
      () => decode(packets, limits),
      (error) => error instanceof ProtocolError && error.code === "ERR_WS_UNSPECIFIED",
    )
  }
  for (const packets of [
    [packet(0, 11)],
    [packet(1, 1), packet(1, 1), packet(1, 1), packet(0, 1)],
    [packet(1, 10), packet(1, 10), packet(0, 1)],
  ]) {
    assert.throws(
      () => decode(packets, limits),
      (error) => error instanceof LimitError && error.code === "EMSGSIZE",
    )
  }
  assert.equal(decode([packet(0, 10), packet(1, 10), packet(1, 0), packet(0, 10)], limits).length, 2)
})

test("a subprotocol is chosen in the client's order, with its case and its name whole", () => {
  const supported = ["ZWS2.0/NULL", "ZWS2.0"]
  for (const [offer, chosen] of [
    ["ZWS2.0/NULL,ZWS2.0", "ZWS2.0/NULL"],
    ["ZWS2.0 , ZWS2.0/NULL", "ZWS2.0"],
    ["chat,  ZWS2.0/NULL ", "ZWS2.0/NULL"],
    ["zws2.0", undefined],
    ["ZWS2.0/NULLX, XZWS2.0, ZWS2.0/", undefined],
    ["", undefined],
    [",,", undefined],
  ] as const) {
    assert.equal(selectSubprotocol(offer, supported), chosen, offer)
  }
})
