// The ring between two threads: every split, every size, and a writer that is killed wherever it stands.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ThreadEnd } from "#src/link/thread-memory.js"
import { Decoder } from "#src/wire/decoder.js"
import { RING_WORDS, RingReader, RingWriter } from "#src/wire/ring.js"

const GRANT = 1_000_000

interface Ring {
  readonly writer: RingWriter
  readonly reader: RingReader
}

/** A ring, its marks so far on that they are about to wrap around if `at` is near 2^31. */
function ringOf(size: number): Ring {
  const memory = {
    words: new Int32Array(new SharedArrayBuffer(RING_WORDS * 4)),
    bytes: new Uint8Array(new SharedArrayBuffer(size)),
  }
  const reader = new RingReader(memory)
  reader.grant(GRANT)
  return { writer: new RingWriter(memory), reader }
}

/** What comes out of a ring, as messages. */
class Output {
  readonly messages: Buffer[][] = []
  readonly decoder: Decoder = new Decoder(
    {
      takesRuns: true,
      run: (run) => {
        while (run.length > 0) this.messages.push(run.take())
        return true
      },
      message: (message) => {
        this.messages.push(message)
        return true
      },
      command: () => assert.fail("there are no commands"),
    },
    { frameBytes: Infinity, messageFrames: Infinity, messageBytes: Infinity },
  )

  read(reader: RingReader, count: number): void {
    let left = Math.min(count, reader.available)
    while (left > 0) {
      const space = this.decoder.space()
      const part = Math.min(space.length, left)
      reader.read(space, part)
      this.decoder.advance(part)
      left -= part
    }
    reader.free()
  }
}

const frames = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 250, maxLength: 300 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 400, maxLength: 2000 }) },
)
const messages = fc.array(
  fc.array(
    frames.map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 4 },
  ),
  { maxLength: 40 },
)
/** How much is read between two writes. */
const reads = fc.infiniteStream(fc.integer({ min: 0, max: 700 }))

test("whatever is written comes out, in order and whole, however it is read", () => {
  fc.assert(
    fc.property(messages, reads, fc.constantFrom(64, 256, 1024, 4096), (sent, counts, size) => {
      const { writer, reader } = ringOf(size)
      const output = new Output()
      const read = (): void => output.read(reader, counts.next().value as number)
      for (const message of sent) {
        while (!writer.push(message)) {
          writer.publish()
          read()
          writer.retry()
        }
        if (message.length % 2 === 0) writer.publish()
        read()
      }
      while (writer.partial || writer.unpublished > 0 || reader.available > 0) {
        writer.retry()
        writer.publish()
        read()
      }
      assert.deepEqual(output.messages, sent)
    }),
  )
})

test("a writer that is killed anywhere leaves whole messages alone, but for one that is larger than the ring", () => {
  fc.assert(
    fc.property(messages, fc.nat(40), (sent, killedAfter) => {
      const { writer, reader } = ringOf(1024)
      const output = new Output()
      let published = 0
      for (const [index, message] of sent.entries()) {
        if (index === killedAfter || !writer.push(message)) break
        if (index % 3 === 0) {
          writer.publish()
          // Of the last one there may be a part.
          published = writer.partial ? index : index + 1
        }
      }
      output.read(reader, Infinity)
      assert.deepEqual(output.messages, sent.slice(0, published))
    }),
  )
})

test("nothing is seen before it is published", () => {
  const { writer, reader } = ringOf(1024)
  assert.ok(writer.push([Buffer.from("hello")]))
  assert.equal(reader.available, 0)
  assert.equal(writer.unpublished, 7)
  writer.publish()
  assert.equal(reader.available, 7)
})

test("a message larger than the ring goes through it in pieces, and none goes before its end", () => {
  const { writer, reader } = ringOf(1024)
  const output = new Output()
  const large = Buffer.alloc(100_000, 7)
  assert.ok(writer.push([Buffer.from("before")]))
  assert.ok(writer.push([large, Buffer.from("tail")]))
  assert.ok(writer.partial)
  assert.equal(writer.push([Buffer.from("after")]), false)
  while (writer.partial) {
    writer.publish()
    output.read(reader, Infinity)
    assert.ok(writer.retry())
  }
  assert.ok(writer.push([Buffer.from("after")]))
  writer.publish()
  output.read(reader, Infinity)
  assert.deepEqual(output.messages, [
    [Buffer.from("before")],
    [large, Buffer.from("tail")],
    [Buffer.from("after")],
  ])
})

test("no more messages are written than were granted", () => {
  const memory = {
    words: new Int32Array(new SharedArrayBuffer(RING_WORDS * 4)),
    bytes: new Uint8Array(new SharedArrayBuffer(1024)),
  }
  const writer = new RingWriter(memory)
  const reader = new RingReader(memory)
  const message = [Buffer.from("x")]
  assert.equal(writer.push(message), false)
  assert.equal(writer.hasNews, false)
  reader.grant(2)
  assert.equal(writer.hasNews, true)
  assert.ok(writer.retry())
  assert.deepEqual([writer.push(message), writer.push(message), writer.push(message)], [true, true, false])
  reader.grant(1)
  assert.equal(writer.hasNews, false, "a grant is not taken back")
  reader.grant(3)
  assert.ok(writer.push(message))
  assert.equal(writer.unlimited, false)
  reader.grant(0x4000_0000)
  writer.retry()
  assert.equal(writer.unlimited, true)
})

test("a ring goes on beyond 2^31 bytes", () => {
  const { writer, reader } = ringOf(1 << 16)
  // Where they would be after 2^31 - 1000 bytes and messages.
  for (const end of [writer, reader] as unknown as { [mark: string]: number }[]) {
    for (const mark of ["tail", "head", "sent", "granted"]) if (mark in end) end[mark] = 0x7fff_0000
  }
  const words = (reader as unknown as { words: Int32Array }).words
  words.fill(0x7fff_0000)
  const output = new Output()
  const count = 5000
  for (let index = 0; index < count; index++) {
    reader.grant((0x7fff_0000 + index + 10) | 0)
    const message = [Buffer.from(String(index)), Buffer.alloc(index % 90)]
    assert.ok(writer.push(message), `message ${index}`)
    writer.publish()
    output.read(reader, Infinity)
  }
  assert.deepEqual(
    output.messages.map(([number, load]) => [String(number), load?.length]),
    Array.from({ length: count }, (_, index) => [String(index), index % 90]),
  )
})

test("an offer is accepted or withdrawn, and never both", () => {
  const memory = { memory: new SharedArrayBuffer(8192), sizes: [1024, 1024] } as const
  for (const [first, second] of [
    ["accept", "withdraw"],
    ["withdraw", "accept"],
  ] as const) {
    new Int32Array(memory.memory).fill(0)
    const [dialler, binder] = [new ThreadEnd(memory, 0), new ThreadEnd(memory, 1)]
    const does = { accept: () => binder.accept(), withdraw: () => dialler.withdraw() }
    assert.equal(does[first](), true)
    assert.equal(does[second](), false)
  }
})
