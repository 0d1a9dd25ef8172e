// A connection to a peer of ZMTP 1.0 as its handler sees it: frames of 2.0, as many as it wants.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { Conn, ConnHandler } from "#src/link/conn.js"
import { Version1Conn } from "#src/link/version1-conn.js"
import { Chance } from "../fuzz/chance.js"
import { frame, MORE, oldFrame } from "../wire/zmtp-bytes.js"

/** The platform's side. */
class Stream implements Conn {
  readonly remote = "1.2.3.4:5"
  readonly calls: string[] = []
  readonly written: Buffer[] = []
  handler!: ConnHandler

  start(handler: ConnHandler): void {
    this.handler = handler
  }

  write(chunks: readonly Uint8Array[]): boolean {
    this.written.push(Buffer.concat(chunks))
    return this.written.length % 2 === 1
  }

  resume(): void {
    this.calls.push("resume")
  }

  end(): void {
    this.calls.push("end")
  }

  destroy(): void {
    this.calls.push("destroy")
  }

  /** Brings bytes, in pieces of up to `size`; what the handler said last. */
  bring(bytes: Buffer, size: number): boolean {
    let more = true
    for (let at = 0; at < bytes.length; ) {
      const space = this.handler.space()
      const count = Math.min(space.length, size, bytes.length - at)
      space.set(bytes.subarray(at, at + count))
      at += count
      more = this.handler.received(count)
    }
    return more
  }
}

/** The link's side: has room for `room` bytes at a time and goes on as `wants` says. */
class Reader implements ConnHandler {
  readonly calls: string[] = []
  heard: Buffer = Buffer.alloc(0)
  readonly #room: () => number
  readonly #wants: () => boolean
  #space: Buffer = Buffer.alloc(0)

  constructor(room: () => number, wants: () => boolean) {
    this.#room = room
    this.#wants = wants
  }

  space(): Uint8Array {
    this.#space = Buffer.alloc(this.#room())
    return this.#space
  }

  received(count: number): boolean {
    this.heard = Buffer.concat([this.heard, this.#space.subarray(0, count)])
    return this.#wants()
  }

  written(): void {
    this.calls.push("written")
  }

  closed(error: Error | undefined): void {
    this.calls.push(`closed ${error?.message}`)
  }
}

function meet(
  heard: Buffer,
  reader: Reader,
  verbatim = 0,
): { stream: Stream; conn: Version1Conn; failures: unknown[] } {
  const stream = new Stream()
  const failures: unknown[] = []
  const conn = new Version1Conn(stream, heard, verbatim, (error) => {
    failures.push(error)
    conn.destroy()
  })
  conn.start(reader)
  return { stream, conn, failures }
}

const old = Buffer.concat([
  oldFrame(0, "me"),
  ...Array.from({ length: 60 }, (_, at) => oldFrame(at % 3 === 0 ? MORE : 0, "x".repeat(at * 5))),
  oldFrame(0, "y".repeat(40_000)),
  oldFrame(0, ""),
])
const fresh = Buffer.concat([
  frame(0, "me"),
  ...Array.from({ length: 60 }, (_, at) => frame(at % 3 === 0 ? MORE : 0, "x".repeat(at * 5))),
  frame(0, "y".repeat(40_000)),
  frame(0, ""),
])

test("whatever room the handler has and however often it stops, it gets all, once and in order", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new Chance(seed)
    const reader = new Reader(
      () => 1 + chance.below(chance.of([3, 100, 20_000])),
      () => chance.below(4) > 0,
    )
    const first = chance.below(400)
    const { stream, conn, failures } = meet(old.subarray(0, first), reader)
    let more = conn.passOn()
    for (let at = first; at < old.length; ) {
      const size = 1 + chance.below(chance.of([10, 3000, 30_000]))
      // Some platforms bring what they have read though they were told to stop.
      if (more || chance.below(3) === 0) {
        more = stream.bring(old.subarray(at, at + size), 16_384)
        at += size
      } else {
        const asked = stream.calls.length
        conn.resume()
        more = stream.calls.length > asked
      }
    }
    stream.handler.closed(undefined)
    assert.ok(reader.heard.equals(fresh), `seed ${seed}`)
    assert.deepEqual([reader.calls, failures], [["closed undefined"], []])
  }
})

test("the last frame comes though it has no body and there was no room for its header", () => {
  const reader = new Reader(
    () => 2,
    () => false,
  )
  const { conn, stream } = meet(Buffer.alloc(0), reader)
  assert.equal(stream.bring(Buffer.concat([oldFrame(0, ""), oldFrame(0, "")]), 4), false)
  assert.equal(reader.heard.toString("hex"), "0000")
  conn.resume()
  assert.equal(reader.heard.toString("hex"), "00000000")
})

test("what stands before garbage comes, then the failure, then nothing", () => {
  const reader = new Reader(
    () => 100,
    () => true,
  )
  const { stream, failures } = meet(Buffer.alloc(0), reader)
  const more = stream.bring(Buffer.concat([oldFrame(0, "good"), Buffer.of(0), oldFrame(0, "bad")]), 1000)
  assert.equal(more, false)
  assert.equal(String(reader.heard.subarray(2)), "good")
  assert.equal(failures.length, 1)
  stream.bring(oldFrame(0, "more"), 1000)
  stream.handler.closed(new Error("reset"))
  assert.equal(String(reader.heard.subarray(2)), "good")
  assert.deepEqual([reader.calls, stream.calls], [["closed reset"], ["destroy"]])
})

test("garbage that the handler has not come to is told when the stream ends", () => {
  const reader = new Reader(
    () => 100,
    () => false,
  )
  const { stream, failures } = meet(Buffer.alloc(0), reader)
  stream.bring(Buffer.concat([oldFrame(0, "good"), Buffer.of(0)]), 1000)
  assert.equal(failures.length, 0)
  stream.handler.closed(undefined)
  assert.equal(failures.length, 1)
})

test("writes are told as they are, and what is no frame is passed on", () => {
  const reader = new Reader(
    () => 100,
    () => true,
  )
  const { conn, stream } = meet(Buffer.alloc(0), reader, 3)
  assert.equal(conn.remote, "1.2.3.4:5")
  assert.equal(conn.write([Buffer.of(255), Buffer.of(1, 2), frame(MORE, "a")]), true)
  assert.equal(conn.write([frame(0, "b")]), false)
  assert.deepEqual(stream.written, [
    Buffer.concat([Buffer.of(255, 1, 2), oldFrame(MORE, "a")]),
    oldFrame(0, "b"),
  ])
  stream.handler.written()
  conn.end()
  stream.bring(oldFrame(0, "too late"), 1000)
  assert.deepEqual([reader.calls, stream.calls, reader.heard.length], [["written"], ["end"], 0])
})
