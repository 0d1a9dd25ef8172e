import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ProtocolError } from "#src/errors.js"
import { SMALLEST_CHUNK } from "#src/wire/chunk-plan.js"
import { Decoder, type DecoderLimits } from "#src/wire/decoder.js"
import { encodeFrame } from "#src/wire/encoder.js"
import { COMMAND } from "#src/wire/flags.js"
import { FIRST_BODY_BYTES, STRANGERS_BODY_BYTES } from "#src/wire/large-body.js"
import {
  anyAnswers,
  anyPieces,
  decodeInPieces,
  decodeWhole,
  type Event,
  Recorder,
  readInto,
  resume,
} from "./decoder-stage.js"
import { anyFrame, anyMessages, encode, noLimits, patternedFrame } from "./sample-messages.js"

test("messages survive every split of their bytes and every pause of the sink", () => {
  fc.assert(
    fc.property(anyMessages, anyPieces, anyAnswers, fc.boolean(), (messages, pieces, answers, takesRuns) => {
      const events = decodeInPieces(encode(messages), pieces, answers, takesRuns)
      assert.deepEqual(
        events,
        messages.map((message) => ({ message })),
      )
    }),
    { numRuns: 200 },
  )
})

test("a connection's next read lands where it was told, whatever the sink's resuming finds meanwhile", () => {
  const large = patternedFrame(20_000, 3)
  const messages = [[Buffer.from("halts")], [large], [Buffer.from("after")]]
  const bytes = encode(messages)
  for (const split of [20, 3000, 4000]) {
    const recorder = new Recorder([false, true, true])
    const decoder = new Decoder(recorder, noLimits)
    const space = readInto(decoder, bytes.subarray(0, split))
    // Finds the large frame's header, while the connection has its next space already.
    resume(decoder, recorder)
    readInto(decoder, bytes.subarray(split), space)
    assert.deepEqual(
      recorder.events,
      messages.map((message) => ({ message })),
    )
  }
})

test("bytes that come one by one make the same messages", () => {
  const sent = [[Buffer.from("a"), Buffer.alloc(0)], [Buffer.alloc(300, 7)]]
  const events = decodeInPieces(encode(sent), [{ size: 1, copied: true, resumes: true }], [true, false])
  assert.deepEqual(
    events,
    sent.map((message) => ({ message })),
  )
})

test("commands come between the messages, in order", () => {
  const anyEvents = fc.array(
    fc.oneof(
      anyFrame.map((command): Event => ({ command })),
      fc.array(anyFrame, { minLength: 1, maxLength: 3 }).map((message): Event => ({ message })),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(anyEvents, anyPieces, anyAnswers, fc.boolean(), (events, pieces, answers, takesRuns) => {
      const bytes = events.map((event) =>
        "message" in event ? encode([event.message]) : encodeFrame(event.command, COMMAND),
      )
      assert.deepEqual(decodeInPieces(Buffer.concat(bytes), pieces, answers, takesRuns), events)
    }),
    { numRuns: 150 },
  )
})

test("a command between two frames of a message leaves the message whole", () => {
  // 01 more | 01 | "a", then 04 command | 01 | "x", then 00 last | 01 | "b"
  const bytes = Buffer.from("010161040178000162", "hex")
  for (const pieceSize of [1, 2, 3, 100]) {
    assert.deepEqual(decodeWhole(bytes, pieceSize), [
      { command: Buffer.from("x") },
      { message: [Buffer.from("a"), Buffer.from("b")] },
    ])
  }
})

test("a length of eight bytes may tell a short body", () => {
  // 02 long | 0000000000000001 | "a": no peer must write it, every peer must read it.
  assert.deepEqual(decodeWhole(Buffer.from("02000000000000000161", "hex"), 4), [
    { message: [Buffer.from("a")] },
  ])
})

test("frames that were handed out stay as they are", () => {
  const messages = Array.from({ length: 400 }, (_, index) => [patternedFrame((index * 37) % 600, index)])
  const events = decodeWhole(encode(messages), 1000)
  assert.deepEqual(
    events,
    messages.map((message) => ({ message })),
  )
})

test("the bytes before the first frame are taken raw", () => {
  for (const pieceSize of [1, 7, 64, 1000]) {
    const recorder = new Recorder([true])
    const decoder = new Decoder(recorder, noLimits)
    decoder.halted = true
    const greeting = patternedFrame(64, 9)
    const bytes = Buffer.concat([greeting, encode([[Buffer.from("a")], [patternedFrame(9000, 1)]])])
    let taken: Uint8Array | undefined
    for (let at = 0; at < bytes.length; at += pieceSize) {
      readInto(decoder, bytes.subarray(at, at + pieceSize))
      if (taken !== undefined) continue
      assert.ok(
        Buffer.from(decoder.peekRaw()).equals(bytes.subarray(0, Math.min(at + pieceSize, bytes.length))),
      )
      taken = decoder.takeRaw(64)
      assert.equal(taken !== undefined, at + pieceSize >= 64)
      if (taken === undefined) continue
      assert.ok(greeting.equals(taken))
      decoder.resume()
    }
    assert.deepEqual(recorder.events, [
      { message: [Buffer.from("a")] },
      { message: [patternedFrame(9000, 1)] },
    ])
  }
})

test("large frames of one size are read in place, and keep no more than four of them alive", () => {
  const large = [patternedFrame(50_000, 1)]
  const small = [patternedFrame(100, 2)]
  const messages = [large, large, large, large, large, small, large, large, large]
  const frames = decodeWhole(encode(messages), 20_000).flatMap((event) =>
    "message" in event ? event.message : [],
  )
  assert.deepEqual(frames, messages.flat())
  assert.ok(frames.some((frame, index) => index > 0 && frame.buffer === frames[index - 1]?.buffer))
  for (const frame of frames) {
    const bound = frame.length === 100 ? 100 : 4 * 50_009
    assert.ok(frame.buffer.byteLength <= bound, `${frame.buffer.byteLength} bytes for one of ${frame.length}`)
  }
})

const reserved = [0x08, 0x10, 0x20, 0x40, 0x80, 0x09, 0xff]
const malformed: [what: string, hex: string, limits: Partial<DecoderLimits>][] = [
  ...reserved.map((flags): [string, string, object] => [
    `the reserved flags ${flags.toString(16)}`,
    `${flags.toString(16).padStart(2, "0")}00000000000000000000`,
    {},
  ]),
  ["a command with MORE", "050178", {}],
  ["a long command with MORE", "07000000000000000178", {}],
]
for (const [what, hex, limits] of malformed) {
  test(`${what}: refused, whole or byte by byte`, () => {
    const bytes = Buffer.from(hex, "hex")
    for (const pieceSize of [bytes.length, 1]) {
      assert.throws(() => decodeWhole(bytes, pieceSize, { ...noLimits, ...limits }), ProtocolError)
    }
  })
}

const excessive: [what: string, hex: string, limits: Partial<DecoderLimits>][] = [
  ["a frame over the limit, by its header alone", "000b", { frameBytes: 10 }],
  ["a long frame over the limit, by its header alone", "02000000000000000b", { frameBytes: 10 }],
  ["a command over the limit", "040b", { frameBytes: 10 }],
  ["too many frames", "010001000000", { messageFrames: 2 }],
  ["too many bytes in one frame, by its header alone", "0004", { messageBytes: 3 }],
  ["too many bytes in all, by the last header", "0102616101026161020000000000000002", { messageBytes: 5 }],
]
for (const [what, hex, limits] of excessive) {
  test(`${what}: too much, whole or byte by byte`, () => {
    const bytes = Buffer.from(hex, "hex")
    for (const pieceSize of [bytes.length, 1]) {
      assert.throws(() => decodeWhole(bytes, pieceSize, { ...noLimits, ...limits }), {
        name: "ZmqError",
        code: "EMSGSIZE",
      })
    }
  })
}

test("other limits count from the next frame on", () => {
  const recorder = new Recorder([true])
  const decoder = new Decoder(recorder, { ...noLimits, frameBytes: 2 })
  decoder.feed(Buffer.from("00026161", "hex"))
  decoder.setLimits({ ...noLimits, frameBytes: 3 })
  decoder.feed(Buffer.from("0003616161", "hex"))
  assert.throws(() => decoder.feed(Buffer.from("0004", "hex")), { code: "EMSGSIZE" })
})

test("what just keeps the limits passes", () => {
  const limits = { frameBytes: 2, messageFrames: 3, messageBytes: 5 }
  // Twice: the second message starts to count from nothing.
  const message = [Buffer.from("ab"), Buffer.from("cd"), Buffer.from("e")]
  assert.deepEqual(decodeWhole(encode([message, message]), 3, limits), [{ message }, { message }])
})

test("a stranger's announced length gets little memory, and as much as he has sent before", () => {
  const decoder = new Decoder(new Recorder([true]), noLimits)
  // 02 long | size | the first byte of the body
  decoder.feed(Buffer.from("02000000000010000061", "hex"))
  assert.equal(decoder.space().buffer.byteLength, STRANGERS_BODY_BYTES)
  decoder.feed(Buffer.alloc(FIRST_BODY_BYTES - 1))
  decoder.feed(Buffer.from("02400000000000000061", "hex"))
  assert.equal(decoder.space().buffer.byteLength, FIRST_BODY_BYTES)
})

test("an announced length of 2^62 gets the memory of a first body, then follows the bytes that come", () => {
  const decoder = new Decoder(new Recorder([true]), noLimits)
  const before = process.memoryUsage().arrayBuffers
  // 02 long | 4000000000000000 | the first byte of the body
  decoder.feed(Buffer.from("02400000000000000061", "hex"))
  const space = decoder.space()
  const spent = process.memoryUsage().arrayBuffers - before
  assert.ok(space.buffer.byteLength <= FIRST_BODY_BYTES)
  assert.ok(spent <= FIRST_BODY_BYTES + 16 * SMALLEST_CHUNK, `${spent} bytes were allocated`)

  let received = 1
  while (received < 5 * FIRST_BODY_BYTES) {
    const room = decoder.space()
    assert.ok(room.buffer.byteLength <= Math.max(FIRST_BODY_BYTES, 2 * received))
    const count = Math.min(room.length, 300_000)
    decoder.advance(count)
    received += count
  }
})

test("a body that outgrows its first memory arrives whole", () => {
  const body = patternedFrame(3 * FIRST_BODY_BYTES + 17, 5)
  const [event] = decodeWhole(encodeFrame(body, 0), 400_000)
  assert.ok(event !== undefined && "message" in event)
  assert.ok(event.message[0]?.equals(body))
})

test("frames of a message that commands come between do not keep what was thrown away", () => {
  const recorder = new Recorder([true])
  const decoder = new Decoder(recorder, noLimits)
  const noise = Buffer.concat(Array.from({ length: 300 }, () => encodeFrame(Buffer.alloc(200), COMMAND)))
  const bodies = Array.from({ length: 20 }, (_, at) => patternedFrame(at, at))
  for (const body of bodies) {
    decoder.feed(encodeFrame(body, 1))
    decoder.feed(noise)
  }
  decoder.feed(encodeFrame(patternedFrame(9, 9), 0))
  const [message] = recorder.events.flatMap((event) => ("message" in event ? [event.message] : []))
  assert.deepEqual(message, [...bodies, patternedFrame(9, 9)])
  const memories = new Set(message?.slice(0, -1).map(({ buffer }) => buffer))
  const kept = [...memories].reduce((sum, { byteLength }) => sum + byteLength, 0)
  assert.ok(kept < 20 * 1024, `${kept} bytes are kept`)
})
