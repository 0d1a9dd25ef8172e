import assert from "node:assert/strict"
import { test } from "node:test"
import { ClientPattern } from "#src/patterns/client.js"
import { code, Partner, receives, sends } from "./peers.js"

test("CLIENT sends to its servers in turn, and hears them in turn", () => {
  const client = new ClientPattern()
  const [one, other] = [new Partner(client), new Partner(client)]
  for (const text of ["0", "1", "2"]) assert.equal(sends(client, text), true)
  assert.deepEqual([one.heard(), other.heard()], [[["0"], ["2"]], [["1"]]])
  one.says("a1")
  one.says("a2")
  other.says("b1")
  assert.deepEqual([receives(client), receives(client), receives(client)], [["a1"], ["b1"], ["a2"]])
})

test("CLIENT waits while no server has room, and goes on when one has", () => {
  const client = new ClientPattern()
  assert.equal(client.canSend, false)
  assert.equal(sends(client, "nobody"), false)
  const peer = new Partner(client, { room: 1 })
  assert.equal(client.canSend, true)
  assert.ok(sends(client, "1"))
  assert.equal(sends(client, "2"), false)
  assert.equal(client.canSend, false)
  peer.reads(1)
  assert.ok(sends(client, "2"))
  peer.reads(1)
  peer.leave()
  peer.ended = false
  assert.equal(sends(client, "3"), false)
  assert.deepEqual(peer.heard(), [["1"], ["2"]])
})

test("CLIENT sends messages of one frame: EINVAL for others", () => {
  const client = new ClientPattern()
  const peer = new Partner(client)
  assert.equal(
    code(() => sends(client, "a", "b")),
    "EINVAL",
  )
  assert.deepEqual(peer.heard(), [])
})
