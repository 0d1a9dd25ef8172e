import assert from "node:assert/strict"
import { test } from "node:test"
import { LARGEST_DATAGRAM } from "#src/datagram.js"
import { DatagramPattern } from "#src/patterns/datagram.js"
import { code, Partner, receives, sends } from "./peers.js"

test("DGRAM has one endpoint: it sends and hears there, and a second one is turned away until the first has gone", () => {
  const datagram = new DatagramPattern()
  assert.deepEqual([datagram.canSend, datagram.canReceive], [false, false])
  assert.equal(sends(datagram, "127.0.0.1:5555", "nowhere"), false)
  assert.equal(receives(datagram), undefined)
  const [first, second] = [new Partner(datagram, { room: 1 }), new Partner(datagram)]
  assert.deepEqual([first.refusals.length, second.refusals.length], [0, 1])
  second.leave()
  assert.equal(datagram.canSend, true)
  assert.equal(sends(datagram, "127.0.0.1:5555", "hello"), true)
  assert.equal(datagram.canSend, false)
  assert.equal(sends(datagram, "127.0.0.1:5555", "full"), false)
  assert.deepEqual(first.heard(), [["127.0.0.1:5555", "hello"]])
  first.says("127.0.0.1:5556", "answer")
  assert.equal(datagram.canReceive, true)
  assert.deepEqual(receives(datagram), ["127.0.0.1:5556", "answer"])
  assert.equal(datagram.canReceive, false)
  first.leave()
  const third = new Partner(datagram)
  assert.equal(third.refusals.length, 0)
  assert.ok(sends(datagram, "127.0.0.1:5555", "hello"))
  assert.equal(third.heard().length, 1)
})

test("a message is an address and one frame that fits a datagram: EINVAL, EMSGSIZE", () => {
  const datagram = new DatagramPattern()
  const peer = new Partner(datagram)
  for (const frames of [["127.0.0.1:5555"], ["127.0.0.1:5555", "a", "b"], ["no address", "a"]]) {
    assert.equal(
      code(() => sends(datagram, ...frames)),
      "EINVAL",
    )
  }
  assert.equal(
    code(() => sends(datagram, "127.0.0.1:5555", "x".repeat(LARGEST_DATAGRAM + 1))),
    "EMSGSIZE",
  )
  assert.ok(sends(datagram, "127.0.0.1:5555", "x".repeat(LARGEST_DATAGRAM)))
  assert.equal(peer.heard().length, 1)
})
