import assert from "node:assert/strict"
import { test } from "node:test"
import { Run } from "#src/wire/run.js"
import { frame, LONG } from "../wire/zmtp-bytes.js"

function framed(flags: number, body: Buffer, long = false): Buffer {
  return frame(long ? flags | LONG : flags, body)
}

test("messages are taken from the middle of a chunk, frames short and long, in place", () => {
  const bodies = [1, 0, 255, 256, 65_535, 65_536, 200_000].map((size, at) => Buffer.alloc(size, 65 + at))
  const [one, none, short, ...long] = bodies as [Buffer, Buffer, Buffer, ...Buffer[]]
  const bytes = Buffer.concat([
    Buffer.from("before"),
    framed(0, one),
    framed(1, none),
    framed(1, short),
    framed(0, one),
    ...long.map((body) => framed(0, body)),
    framed(1, one, true),
    framed(0, none, true),
    Buffer.from("behind"),
  ])
  const run = new Run(bytes, 6, 7)
  const expected = [[one], [none, short, one], ...long.map((body) => [body]), [one, none]]
  for (const [at, message] of expected.entries()) {
    assert.equal(run.length, expected.length - at)
    const taken = run.take()
    assert.deepEqual(taken.map(Buffer.from), message.map(Buffer.from))
    assert.ok(taken.every((frame) => frame.buffer === bytes.buffer))
  }
  assert.equal(run.length, 0)
})

test("a run that is cleared has nothing left", () => {
  const run = new Run(framed(0, Buffer.from("x")), 0, 1)
  run.clear()
  assert.equal(run.length, 0)
})
