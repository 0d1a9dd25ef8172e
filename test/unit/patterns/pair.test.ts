import assert from "node:assert/strict"
import { test } from "node:test"
import { PairPattern } from "#src/patterns/pair.js"
import { Partner, receives, sends } from "./peers.js"

test("PAIR turns away who comes while there is a peer, and neither hears him nor sends to him", () => {
  const pair = new PairPattern()
  const [first, second] = [new Partner(pair), new Partner(pair)]
  assert.deepEqual(first.refusals, [])
  assert.deepEqual(second.refusals, [undefined])
  second.says("intruder")
  assert.equal(receives(pair), undefined)
  assert.ok(sends(pair, "to the first"))
  // Who was turned away does not take the place of the first with him.
  second.leave()
  assert.ok(sends(pair, "still"))
  assert.deepEqual(first.heard(), [["to the first"], ["still"]])
  assert.deepEqual(second.heard(), [])
})

test("PAIR waits without a peer, or with one at its high-water mark", () => {
  const pair = new PairPattern()
  assert.deepEqual([pair.canSend, pair.canReceive], [false, false])
  assert.equal(sends(pair, "nobody"), false)
  assert.equal(receives(pair), undefined)
  assert.equal(pair.sender, undefined)
  const peer = new Partner(pair, { room: 1 })
  assert.equal(pair.canSend, true)
  assert.ok(sends(pair, "one"))
  assert.equal(pair.canSend, false)
  assert.equal(sends(pair, "two"), false)
  peer.reads(1)
  peer.leave()
  assert.equal(pair.canSend, false)
  assert.equal(sends(pair, "nobody"), false)
})

test("PAIR hears what its peers said before they left, in the order in which they came", () => {
  const pair = new PairPattern()
  const first = new Partner(pair)
  first.says("1")
  first.says("2")
  first.leave()
  const mute = new Partner(pair)
  mute.leave()
  const last = new Partner(pair)
  assert.deepEqual(last.refusals, [])
  assert.equal(pair.sender, undefined)
  last.says("3")
  assert.equal(pair.canReceive, true)
  assert.deepEqual(receives(pair), ["1"])
  assert.equal(pair.sender, first.peer)
  assert.deepEqual(receives(pair), ["2"])
  assert.deepEqual(receives(pair), ["3"])
  assert.equal(pair.sender, last.peer)
  assert.equal(pair.canReceive, false)
  assert.equal(receives(pair), undefined)
  assert.equal(pair.sender, last.peer)
  last.says("4")
  assert.deepEqual(receives(pair), ["4"])
  assert.ok(sends(pair, "answer"))
  assert.deepEqual(last.heard(), [["answer"]])
})

test("PAIR keeps no place for a peer that left with nothing unread", () => {
  const pair = new PairPattern()
  for (let count = 0; count < 3; count++) {
    const peer = new Partner(pair)
    peer.says("hello")
    assert.deepEqual(receives(pair), ["hello"])
    peer.leave()
  }
  const former = pair.sender
  const peer = new Partner(pair)
  assert.equal(receives(pair), undefined)
  assert.equal(pair.sender, former)
  peer.says("at once")
  assert.deepEqual(receives(pair), ["at once"])
})
