// Frames that are hidden, however they and what they become are cut.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import type { Message } from "#src/message.js"
import { makeNonce } from "#src/security/curve/nonce.js"
import { Decoder } from "#src/wire/decoder.js"
import { Encoder } from "#src/wire/encoder.js"
import { SlabPool } from "#src/wire/slab-pool.js"
import { anyMessages, noLimits, patternedFrame, takeAll } from "../unit/sample-messages.js"
import { command, frame, LONG, message } from "../wire/zmtp-bytes.js"
import { backends, libsodium } from "./backends.js"
import { cut, linked, OVERHEAD, openAll, sealAll } from "./curve-stage.js"
import { codeOf } from "./stage.js"

/** Frames as they follow each other on the wire; more than one chunk's worth of them now and then. */
const anyFrames = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1, 4),
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 70_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(222, 223, 255, 256, 262_000, 262_144, 600_000) },
    ),
    fc.integer({ min: 0, max: 255 }),
  ),
  { minLength: 1, maxLength: 20 },
)
/** Where to cut, as parts of the whole. */
const anyCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

function bytesOf(frames: readonly (readonly [number, number, number])[]): Buffer {
  return Buffer.concat(frames.map(([flags, size, seed]) => frame(flags, patternedFrame(size, seed))))
}

/** The bodies of the frames of `bytes`, each with its flags. */
function framesOf(bytes: Buffer): { flags: number; body: Buffer }[] {
  const frames = []
  for (let at = 0; at < bytes.length; ) {
    const flags = bytes[at] as number
    const long = (flags & LONG) !== 0
    const size = long ? Number(bytes.readBigUInt64BE(at + 1)) : (bytes[at + 1] as number)
    const bodyAt = at + (long ? 9 : 2)
    frames.push({ flags, body: bytes.subarray(bodyAt, bodyAt + size) })
    at = bodyAt + size
  }
  return frames
}

for (const backend of backends) {
  test(`${backend.name}: frames survive, however they and what they become are cut`, () => {
    const { client, server } = linked(backend)
    const opened: Uint8Array[] = []
    const opener = server.createOpener(Infinity, (frames) => opened.push(frames))
    fc.assert(
      fc.property(anyFrames, anyCuts, anyCuts, (frames, sealCuts, openCuts) => {
        const bytes = bytesOf(frames)
        opened.length = 0
        const sealed: Uint8Array[] = []
        for (const part of cut(bytes, sealCuts)) sealed.push(...client.sealer.seal([part]))
        for (const part of cut(Buffer.concat(sealed), openCuts)) opener.open(part)
        assert.ok(Buffer.concat(opened).equals(bytes))
      }),
      { numRuns: 25 },
    )
  })
}

test("byte by byte it is the same", () => {
  const { client, server } = linked()
  const bytes = Buffer.concat([message("a", "", "b".repeat(300)), command("PING", "\0\0"), message("c")])
  const sealed: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at++) sealed.push(...client.sealer.seal([bytes.subarray(at, at + 1)]))
  const whole = Buffer.concat(sealed)
  const parts = Array.from(whole, (byte) => Uint8Array.of(byte))
  assert.deepEqual(openAll(server, parts), bytes)
})

test("a MESSAGE's frame has neither MORE nor COMMAND, and the shorter header where that is enough", () => {
  const { client } = linked()
  const bytes = Buffer.concat([frame(1, "a"), frame(0, "b".repeat(222)), frame(4, "c".repeat(223))])
  const sealed = framesOf(sealAll(client.sealer, [bytes]))
  assert.deepEqual(
    sealed.map(({ flags, body }) => [flags, body.length]),
    [
      [0, 1 + OVERHEAD],
      [0, 255],
      [LONG, 256],
    ],
  )
  sealed.forEach(({ body }, index) => {
    assert.equal(body.subarray(0, 8).toString("latin1"), "\x07MESSAGE")
    assert.equal(body.readBigUInt64BE(8), BigInt(3 + index))
  })
})

test("a MESSAGE is read with the COMMAND bit and without, and its flags are those in the box", () => {
  const { client, server } = linked()
  const bytes = Buffer.concat([frame(1, "a"), frame(4, "b"), frame(0, "c")])
  const sealed = framesOf(sealAll(client.sealer, [bytes]))
  const sent = sealed.map(({ body }, index) => frame([4, 0, 4 | LONG][index] as number, body))
  assert.deepEqual(openAll(server, sent), bytes)
})

test("in the box MORE is 1, and COMMAND 2, as libzmq has them", () => {
  for (const [flags, inBox] of [
    [0, 0],
    [1, 1],
    [4, 2],
  ] as const) {
    const { client, server } = linked()
    const { key } = server as unknown as { key: Uint8Array }
    const [{ body: whole } = assert.fail()] = framesOf(sealAll(client.sealer, [frame(flags, "a")]))
    for (const body of [client.sealer.sealFrame(flags, Buffer.of(0x61)), whole]) {
      const nonce = makeNonce("CurveZMQMESSAGEC", body.subarray(8, 16))
      assert.deepEqual([...(libsodium.open(body.subarray(16), nonce, key) ?? [])], [inBox, 0x61])
    }
  }
})

test("frame by frame it is the same: for transports that have frames of their own", () => {
  const { client, server } = linked()
  const opener = server.createOpener(Infinity, () => assert.fail("Nothing came as bytes."))
  for (const flags of [0, 1, 4]) {
    for (const size of [0, 1, 222, 70_000]) {
      const body = Buffer.alloc(size, 7)
      const sealed = client.sealer.sealFrame(flags, body)
      assert.ok(Buffer.isBuffer(sealed))
      assert.equal(sealed.length, size + OVERHEAD)
      assert.deepEqual(opener.openFrame(sealed), { flags, body })
    }
  }
})

test("one side's MESSAGEs are no MESSAGEs of the other's", () => {
  const { client } = linked()
  assert.equal(
    codeOf(() => openAll(client, [sealAll(client.sealer, [frame(0, "a")])])),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
})

test("what was passed on is not touched again", () => {
  const { client, server } = linked()
  const opened: Uint8Array[] = []
  const opener = server.createOpener(Infinity, (frames) => {
    opened.push(frames)
    // Whoever takes frames may send others, on any connection.
    sealAll(other.client.sealer, [frame(0, "z".repeat(1000))])
  })
  const other = linked()
  const sent = ["a", "b".repeat(300), "c"].map((body) => frame(0, body))
  for (const bytes of sent) opener.open(sealAll(client.sealer, [bytes]))
  assert.deepEqual(Buffer.concat(opened), Buffer.concat(sent))
})

test("a batch of small frames becomes one buffer, and one read does", () => {
  const { client, server } = linked()
  const bytes = Buffer.concat(Array.from({ length: 900 }, () => frame(0, "0123456789".repeat(6))))
  const sealed = client.sealer.seal([bytes])
  assert.equal(sealed.length, 1)
  let count = 0
  const opener = server.createOpener(Infinity, () => count++)
  opener.open(sealed[0] as Uint8Array)
  assert.equal(count, 1)
})

test("what an encoder has, sealed, opened and decoded, are its messages", () => {
  fc.assert(
    fc.property(anyMessages, anyCuts, (messages, cuts) => {
      const { client, server } = linked()
      const received: Message[] = []
      const decoder = new Decoder(
        {
          takesRuns: true,
          run: (run) => {
            while (run.length > 0) received.push(run.take())
            return true
          },
          message: (parts) => {
            received.push(parts)
            return true
          },
          command: () => assert.fail("There was none."),
        },
        noLimits,
      )
      const opener = server.createOpener(Infinity, (frames) => decoder.feed(frames))
      const encoder = new Encoder(new SlabPool())
      for (const sent of messages) encoder.push(sent)
      const sealed: Uint8Array[] = []
      for (const batch of takeAll(encoder)) {
        sealed.push(...client.sealer.seal(batch.chunks))
        // Nothing of a batch is looked at once it has been sealed.
        for (const slab of batch.slabs) slab.fill(0)
        encoder.release(batch)
      }
      for (const part of cut(Buffer.concat(sealed), cuts)) opener.open(part)
      assert.deepEqual(received, messages)
    }),
    { numRuns: 30 },
  )
})
