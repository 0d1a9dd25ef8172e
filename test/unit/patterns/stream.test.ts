import assert from "node:assert/strict"
import { test } from "node:test"
import { StreamPattern } from "#src/patterns/stream.js"
import { code, Partner, receives, sends } from "./peers.js"

test("STREAM names its peers, and refuses what names nobody", () => {
  const stream = new StreamPattern(() => 0)
  assert.equal(stream.canSend, true)
  assert.equal(
    code(() => sends(stream, "nobody", "x")),
    "EHOSTUNREACH",
  )
  const peer = new Partner(stream)
  assert.deepEqual(peer.heard(), [])
  peer.says("bytes")
  assert.deepEqual(receives(stream), ["\0\0\0\0\0", "bytes"])
  assert.ok(sends(stream, "\0\0\0\0\0", "answer"))
  assert.deepEqual(peer.heard(), [["answer"]])
})

test("an empty message ends a peer's connection", () => {
  const stream = new StreamPattern(() => 0)
  const peer = new Partner(stream)
  assert.ok(sends(stream, "\0\0\0\0\0", ""))
  assert.equal(peer.finished, true)
  assert.deepEqual(peer.heard(), [])
})

test("nobody takes a peer's place by its name", () => {
  const stream = new StreamPattern(() => 0)
  const [first, second] = [new Partner(stream, { routingId: "n" }), new Partner(stream, { routingId: "n" })]
  assert.deepEqual([first.refusals, second.refusals], [[], []])
  assert.ok(sends(stream, "n", "hello"))
  assert.deepEqual(first.heard(), [["hello"]])
})
