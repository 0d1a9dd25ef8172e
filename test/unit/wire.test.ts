import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ProtocolError } from "#src/errors.js"
import type { Frame, Message } from "#src/message.js"
import { Decoder, type DecoderLimits } from "#src/wire/decoder.js"
import { Encoder, encodeFrame } from "#src/wire/encoder.js"
import { COMMAND } from "#src/wire/flags.js"
import { decodeGreeting, encodeGreeting, GREETING_SIZE } from "#src/wire/greeting.js"
import { SlabPool } from "#src/wire/slab-pool.js"

const noLimits: DecoderLimits = { frameBytes: Infinity, messageFrames: 1 << 20, messageBytes: Infinity }

function encode(messages: Message[]): Buffer {
  const encoder = new Encoder(new SlabPool())
  for (const message of messages) encoder.push(message)
  const chunks: Uint8Array[] = []
  for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) chunks.push(...batch.chunks)
  return Buffer.concat(chunks)
}

/** Feeds `bytes` in pieces of the given sizes, in turn; the sink halts after every `patience` messages. */
function decode(bytes: Buffer, splits: number[], patience: number, limits = noLimits): Message[] {
  const messages: Message[] = []
  const decoder = new Decoder(
    {
      message: (message) => messages.push(message) % patience !== 0,
      command: () => true,
    },
    limits,
  )
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = splits[turn % splits.length] as number
    decoder.feed(bytes.subarray(at, at + size))
    while (decoder.halted) decoder.resume()
    at += size
  }
  return messages
}

const frames = fc
  .record({
    size: fc.constantFrom(0, 1, 2, 64, 65, 255, 256, 4096, 16_384, 16_385, 70_000),
    fill: fc.nat(255),
  })
  .map(({ size, fill }) => Buffer.alloc(size, fill) as Frame)
const messages = fc.array(fc.array(frames, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 })

test("what is encoded is decoded, however the bytes are split", () => {
  fc.assert(
    fc.property(
      messages,
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      (sent, splits, patience) => {
        assert.deepEqual(decode(encode(sent), splits, patience), sent)
      },
    ),
    { numRuns: 200 },
  )
})

test("bytes that come one by one make the same messages", () => {
  const sent = [[Buffer.from("a"), Buffer.alloc(0)], [Buffer.alloc(300, 7)]]
  assert.deepEqual(decode(encode(sent), [1], 2), sent)
})

test("frames have the bytes of RFC 37", () => {
  // flags 0: the last frame; length 2; body
  assert.deepEqual(encode([[Buffer.from("hi")]]), Buffer.from([0, 2, 0x68, 0x69]))
  // flags 1: more follow
  assert.deepEqual(encode([[Buffer.from("a"), Buffer.from("b")]]), Buffer.from([1, 1, 0x61, 0, 1, 0x62]))
  // flags 2: the length takes eight bytes, most significant first
  assert.deepEqual(encode([[Buffer.alloc(256)]]).subarray(0, 9), Buffer.from([2, 0, 0, 0, 0, 0, 0, 1, 0]))
  // flags 4: a command
  assert.deepEqual(encodeFrame(Buffer.from("x"), COMMAND), Buffer.from([4, 1, 0x78]))
})

test("a subscription to a peer of ZMTP 3.1 is a command", () => {
  const encoder = new Encoder(new SlabPool())
  encoder.subscriptionCommands = true
  encoder.push([Buffer.from("\x01ab")])
  encoder.push([Buffer.from("\x00ab")])
  const bytes = Buffer.concat(encoder.take()?.chunks ?? [])
  assert.equal(bytes.toString("latin1"), "\x04\x0c\x09SUBSCRIBEab\x04\x09\x06CANCELab")
})

const malformed: [what: string, bytes: Buffer, limits: DecoderLimits][] = [
  ["a reserved flag", Buffer.from([8, 0]), noLimits],
  ["a command with the MORE flag", Buffer.from([5, 1, 0]), noLimits],
  ["a frame over the limit", Buffer.from([0, 11]), { ...noLimits, frameBytes: 10 }],
  ["too many frames", Buffer.from([1, 0, 1, 0, 1, 0]), { ...noLimits, messageFrames: 2 }],
  ["too many bytes in one frame", Buffer.from([0, 4, 1, 2, 3, 4]), { ...noLimits, messageBytes: 3 }],
  ["too many bytes", Buffer.from([1, 2, 0, 0, 1, 2, 0, 0]), { ...noLimits, messageBytes: 3 }],
]
for (const [what, bytes, limits] of malformed) {
  test(`the decoder refuses ${what}`, () => {
    assert.throws(() => decode(bytes, [bytes.length], 1, limits), ProtocolError)
  })
}

test("an announced length costs no memory", () => {
  const before = process.memoryUsage().arrayBuffers
  const decoder = new Decoder({ message: () => true, command: () => true }, noLimits)
  decoder.feed(Buffer.from([2, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]))
  assert.ok(decoder.space().length > 0)
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 << 20)
})

test("random bytes make messages or a protocol error, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        decode(Buffer.from(bytes), [7], 3, { ...noLimits, frameBytes: 1000 })
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error))
      }
    }),
    { numRuns: 5000 },
  )
})

test("the greeting has the bytes of RFC 37", () => {
  const bytes = encodeGreeting("NULL")
  assert.equal(bytes.length, GREETING_SIZE)
  assert.deepEqual(
    [...bytes.subarray(0, 16)],
    [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 0x4e, 0x55, 0x4c, 0x4c],
  )
  assert.ok(bytes.subarray(16).every((byte) => byte === 0))
  assert.deepEqual(decodeGreeting(bytes), { major: 3, minor: 1, mechanism: "NULL" })
})

test("a greeting that is cut short is a protocol error", () => {
  for (const size of [0, 10, GREETING_SIZE - 1]) {
    assert.throws(() => decodeGreeting(encodeGreeting("NULL").subarray(0, size)), ProtocolError)
  }
})
