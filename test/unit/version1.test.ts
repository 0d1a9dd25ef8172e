// Frames of ZMTP 1.0 into those of 2.0 and back.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ProtocolError } from "#src/errors.js"
import { FromVersion1, ToVersion1 } from "#src/wire/version1.js"
import { frame, LONG, MORE, oldFrame } from "../wire/zmtp-bytes.js"

interface Sample {
  readonly more: boolean
  readonly body: Buffer
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 250, max: 260 }),
  fc.constantFrom(16_384, 16_385, 65_535, 65_536, 70_000),
)
const samples: fc.Arbitrary<Sample[]> = fc.array(
  fc.record({
    more: fc.boolean(),
    body: fc.tuple(sizes, fc.nat(255)).map(([size, byte]) => Buffer.alloc(size, byte)),
  }),
  { maxLength: 8 },
)
/** Where a stream is cut, as sizes of the pieces, again and again. */
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40_000 })), {
  minLength: 1,
  maxLength: 6,
})

function oldStream(frames: Sample[]): Buffer {
  return Buffer.concat(frames.map(({ more, body }) => oldFrame(more ? MORE : 0, body)))
}

function newStream(frames: Sample[]): Buffer {
  return Buffer.concat(frames.map(({ more, body }) => frame(more ? MORE : 0, body)))
}

function cut(bytes: Buffer, at: number[]): Buffer[] {
  const pieces: Buffer[] = []
  for (let start = 0, count = 0; start < bytes.length; count++) {
    const end = start + (at[count % at.length] as number)
    pieces.push(bytes.subarray(start, end))
    start = end
  }
  return pieces
}

/** What comes out, when each step has room for so much. */
function fromVersion1(pieces: Buffer[], rooms: number[]): Buffer {
  const transcoder = new FromVersion1()
  const made: Buffer[] = []
  let step = 0
  for (const piece of pieces) {
    let left = piece
    while (left.length > 0 || transcoder.owes) {
      const room = Buffer.alloc(rooms[step++ % rooms.length] as number)
      const { taken, made: count } = transcoder.transcode(left, room)
      assert.ok(taken > 0 || count > 0, "no step forward")
      left = left.subarray(taken)
      made.push(room.subarray(0, count))
    }
  }
  return Buffer.concat(made)
}

test("frames of 1.0 become frames of 2.0, whatever the splits", () => {
  fc.assert(
    fc.property(samples, cuts, cuts, (frames, pieces, rooms) => {
      const made = fromVersion1(cut(oldStream(frames), pieces), rooms)
      assert.ok(made.equals(newStream(frames)))
    }),
    { numRuns: 40 },
  )
})

test("frames of 2.0 become frames of 1.0, whatever the chunks", () => {
  fc.assert(
    fc.property(samples, cuts, fc.nat(70), (frames, pieces, verbatim) => {
      const transcoder = new ToVersion1(verbatim)
      const bytes = Buffer.concat([Buffer.alloc(verbatim, 7), newStream(frames)])
      const made: Uint8Array[] = []
      // Each write has some of the chunks.
      const chunks = cut(bytes, pieces)
      for (let at = 0; at < chunks.length; at += 3)
        made.push(...transcoder.transcode(chunks.slice(at, at + 3)))
      assert.ok(Buffer.concat(made).equals(Buffer.concat([Buffer.alloc(verbatim, 7), oldStream(frames)])))
    }),
    { numRuns: 40 },
  )
})

test("there and back again, frames are what they were", () => {
  fc.assert(
    fc.property(samples, (frames) => {
      const old = Buffer.concat(new ToVersion1(0).transcode([newStream(frames)]))
      assert.ok(fromVersion1([old], [70_000]).equals(newStream(frames)))
    }),
    { numRuns: 50 },
  )
})

test("no garbage makes more than it is, or anything but a ProtocolError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        // A header of two bytes makes one of two or nine.
        assert.ok(fromVersion1([Buffer.from(bytes)], [64]).length <= bytes.length)
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
      }
    }),
  )
})

test("headers are as short as each version allows", () => {
  const cases: [size: number, old: string, fresh: string][] = [
    [0, "01 00", "00 00"],
    [1, "02 00", "00 01"],
    [253, "fe 00", "00 fd"],
    [254, "ff 00000000000000ff 00", "00 fe"],
    [255, "ff 0000000000000100 00", "00 ff"],
    [256, "ff 0000000000000101 00", "02 0000000000000100"],
    [65_536, "ff 0000000000010001 00", "02 0000000000010000"],
  ]
  for (const [size, old, fresh] of cases) {
    const body = Buffer.alloc(size, "x")
    const bytes = { old: Buffer.concat([hex(old), body]), fresh: Buffer.concat([hex(fresh), body]) }
    assert.ok(Buffer.concat(new ToVersion1(0).transcode([bytes.fresh])).equals(bytes.old), `${size} to 1.0`)
    assert.ok(fromVersion1([bytes.old], [100_000]).equals(bytes.fresh), `${size} from 1.0`)
  }
})

test("a short frame of 1.0 may have a long header, and any flags but MORE mean nothing", () => {
  assert.equal(fromVersion1([hex("ff 0000000000000002 00 61")], [9]).toString("hex"), "000161")
  assert.equal(fromVersion1([hex("02 7e 61")], [9]).toString("hex"), "000161")
  assert.equal(fromVersion1([hex("02 7f 61")], [9]).toString("hex"), "010161")
})

test("lengths of more than 32 bits survive", () => {
  assert.equal(
    fromVersion1([hex("ff 001fffffffffffff 00")], [9]).toString("hex"),
    hex("02 001ffffffffffffe").toString("hex"),
  )
  const made = new ToVersion1(0).transcode([hex("03 0000000100000000")])
  assert.equal(Buffer.concat(made).toString("hex"), hex("ff 0000000100000001 01").toString("hex"))
})

for (const bytes of ["00", "ff 0000000000000000 00", "ff 0020000000000000 00", "ff ffffffffffffffff 00"]) {
  test(`${bytes} is no frame of 1.0`, () => {
    assert.throws(() => fromVersion1([hex(`0100 ${bytes}`)], [64]), {
      name: "ProtocolError",
      code: "ERR_ZMTP_UNSPECIFIED",
    })
  })
}

test("large bodies are passed on as they stand, small ones are gathered", () => {
  const small = Array.from({ length: 1000 }, () => frame(0, "small"))
  const large = Buffer.alloc(100_000, "x")
  const chunks = new ToVersion1(0).transcode([
    ...small,
    frame(LONG, large).subarray(0, 9),
    large,
    frame(0, "end"),
  ])
  assert.equal(chunks.length, 3)
  assert.equal(chunks[1]?.buffer, large.buffer)
})

test("pieces take hardly more memory than what is in them, and are as few as they can be", () => {
  const spareOf = (piece: Uint8Array): number => piece.buffer.byteLength - piece.length
  const small = Buffer.concat(Array.from({ length: 100 }, () => frame(0, "small")))
  const alone = new ToVersion1(0).transcode([small])
  assert.equal(alone.length, 1)
  assert.ok(spareOf(alone[0] as Uint8Array) <= 32)
  const many = new ToVersion1(0).transcode([Buffer.concat(Array.from({ length: 500 }, () => small))])
  assert.ok(many.length > 2)
  assert.ok(spareOf(many.at(-1) as Uint8Array) <= 32)
})

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex")
}
