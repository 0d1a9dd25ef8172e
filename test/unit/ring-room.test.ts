// Grants and room of a ring, step by step, as writer and reader see them.
import assert from "node:assert/strict"
import { test } from "node:test"
import { RING_WORDS, RingReader, RingWriter } from "#src/wire/ring.js"

interface Ring {
  readonly writer: RingWriter
  readonly reader: RingReader
}

function ring(capacity: number, granted = 1000): Ring {
  const memory = {
    words: new Int32Array(new SharedArrayBuffer(4 * RING_WORDS)),
    bytes: new Uint8Array(capacity),
  }
  const made = { writer: new RingWriter(memory), reader: new RingReader(memory) }
  if (granted > 0) made.reader.grant(granted)
  return made
}

function push(writer: RingWriter, ...sizes: number[]): boolean {
  return writer.push(sizes.map((size) => Buffer.alloc(size, "x")))
}

/** Publishes what was written, reads so much of it and gives the room back. */
function drain({ writer, reader }: Ring, count?: number): Buffer {
  writer.publish()
  const bytes = Buffer.alloc(count ?? reader.available)
  reader.read(bytes, bytes.length)
  reader.free()
  return bytes
}

test("no message goes before it was granted, whatever its frames, and each takes a grant", () => {
  for (const frames of [[1], [1, 1], [300]]) {
    const { writer, reader } = ring(4096, 0)
    assert.equal(push(writer, ...frames), false)
    assert.deepEqual([writer.lacksGrant, writer.hasNews, writer.retry()], [true, false, false])
    assert.equal(reader.grant(2), true)
    assert.deepEqual([writer.hasNews, writer.retry(), writer.lacksGrant], [true, true, false])
    assert.deepEqual(
      [push(writer, ...frames), push(writer, ...frames), push(writer, ...frames)],
      [true, true, false],
    )
    assert.deepEqual([writer.sent, writer.lacksGrant, writer.partial], [2, true, false])
    assert.deepEqual([writer.hasNews, writer.retry()], [false, false])
    assert.equal(reader.grant(3), true)
    assert.equal(push(writer, ...frames), true)
    assert.equal(writer.sent, 3)
  }
})

test("what was granted stays so, and the same once more is nothing new", () => {
  const { reader } = ring(64, 0)
  assert.equal(reader.grant(0), false)
  assert.equal(reader.grant(2), true)
  assert.equal(reader.grant(2), false)
  assert.equal(reader.grant(1), false)
  const { writer, reader: other } = ring(64, 2)
  other.grant(1)
  assert.deepEqual([push(writer, 1), push(writer, 1), push(writer, 1)], [true, true, false])
})

test("grants count on beyond 2^31 and wrap around", () => {
  const { reader } = ring(64, 0x7fff_ffff)
  assert.equal(reader.grant(0x8000_0001 | 0), true)
  assert.equal(reader.grant(0x7fff_ffff), false)
})

test("whoever may send more than half a milliard of messages is not limited", () => {
  for (const [granted, unlimited] of [
    [0x2000_0000, false],
    [0x2000_0001, true],
  ] as const) {
    const { writer } = ring(64, granted)
    writer.retry()
    assert.equal(writer.unlimited, unlimited)
  }
})

test("a message goes as long as it fits, to the last byte, and waits whole while it does not", () => {
  for (const [fitting, waiting] of [
    [[18], [19]],
    [
      [8, 8],
      [8, 9],
    ],
  ] as const) {
    const made = ring(64)
    const { writer } = made
    assert.deepEqual([push(writer, 20), push(writer, 20)], [true, true])
    assert.equal(push(writer, ...waiting), false)
    assert.equal(writer.partial, false)
    assert.deepEqual([writer.lacksGrant, writer.hasNews, writer.retry()], [false, false, false])
    assert.equal(push(writer, ...fitting), true)
    assert.equal(writer.partial, false)
    assert.equal(writer.unpublished, 64)
    assert.equal(push(writer, 0), false)
    drain(made, 22)
    assert.equal(writer.hasNews, true)
    assert.equal(writer.retry(), true)
    assert.deepEqual([writer.hasNews, writer.retry()], [false, false])
    assert.equal(push(writer, 20), true)
  }
})

test("room that the reader gave back is seen by who needs it, also where it is just enough", () => {
  const made = ring(64)
  const { writer } = made
  assert.ok(push(writer, 18))
  assert.ok(push(writer, 42))
  drain(made, 20)
  assert.equal(push(writer, 8, 8), true)
  assert.equal(writer.partial, false)
})

test("long frames count with their headers, and short ones with theirs", () => {
  for (const [frames, size] of [
    [[391], 400],
    [[255, 0], 259],
    [[256, 0], 267],
    [[100, 100], 204],
  ] as const) {
    for (const spare of [0, -1]) {
      const made = ring(1024)
      const { writer } = made
      const before = 1024 - size - spare
      // In frames of up to 255 bytes.
      for (let left = before; left > 0; ) {
        const body = Math.min(left - 2, 200)
        const rest = left - 2 - body
        const taken = rest === 1 ? body - 1 : body
        assert.ok(push(writer, taken))
        left -= taken + 2
      }
      assert.equal(push(writer, ...frames), spare === 0)
      assert.equal(writer.partial, false)
      assert.equal(writer.unpublished, spare === 0 ? 1024 : before)
    }
  }
})

test("what is larger than half of the ring is begun with what room there is, the rest follows piece by piece", () => {
  const made = ring(64)
  const { writer, reader } = made
  assert.ok(push(writer, 38))
  // Just half of the ring: it waits.
  assert.equal(push(writer, 30), false)
  assert.equal(push(writer, 15, 13), false)
  assert.equal(writer.partial, false)
  assert.equal(push(writer, 15, 14), true)
  assert.deepEqual([writer.partial, writer.lacksGrant, writer.unpublished], [true, false, 64])
  assert.equal(push(writer, 0), false)
  // What was written is to be published, though there is no more room.
  assert.equal(writer.retry(), true)
  writer.publish()
  assert.deepEqual([writer.retry(), writer.hasNews], [false, false])
  const first = drain(made, 45)
  assert.equal(writer.hasNews, true)
  assert.equal(writer.retry(), true)
  assert.equal(writer.partial, false)
  assert.equal(writer.unpublished, 9)
  const rest = drain(made)
  assert.equal(reader.available, 0)
  assert.deepEqual(
    Buffer.concat([first, rest]).toString("latin1"),
    `\0&${"x".repeat(38)}\x01\x0f${"x".repeat(15)}\0\x0e${"x".repeat(14)}`,
  )
})

test("a message that was begun wants room and no grant", () => {
  const made = ring(64, 1)
  const { writer } = made
  assert.equal(push(writer, 100), true)
  assert.deepEqual([writer.partial, writer.lacksGrant], [true, false])
  let read = drain(made)
  while (writer.partial) {
    assert.equal(writer.hasNews, true)
    assert.equal(writer.retry(), true)
    read = Buffer.concat([read, drain(made)])
  }
  assert.equal(read.toString("latin1"), `\0d${"x".repeat(100)}`)
  assert.equal(writer.lacksGrant, true)
})

test("frames of 255 bytes have short headers, in messages of one frame and of several", () => {
  const made = ring(1024)
  assert.ok(push(made.writer, 255, 256))
  const bytes = drain(made)
  assert.equal(bytes.length, 257 + 9 + 256)
  assert.deepEqual([...bytes.subarray(0, 2)], [1, 255])
  assert.deepEqual([...bytes.subarray(257, 266)], [2, 0, 0, 0, 0, 0, 0, 1, 0])
})

test("what goes beyond the end of the memory goes on at its beginning, and is read into just its room", () => {
  const made = ring(64)
  for (let round = 0; round < 40; round++) {
    const body = Buffer.from(`${"round ".repeat(3)}${round}`)
    assert.ok(made.writer.push([body]))
    assert.deepEqual(drain(made), Buffer.concat([Buffer.from([0, body.length]), body]))
  }
})

test("a short message that fills the ring leaves what was not read as it is", () => {
  const made = ring(64)
  assert.ok(push(made.writer, 30))
  assert.ok(push(made.writer, 14, 14))
  drain(made, 32)
  assert.ok(push(made.writer, 18))
  assert.ok(push(made.writer, 10))
  assert.equal(made.writer.unpublished, 32)
  assert.deepEqual([...drain(made, 2)], [1, 14])
})
