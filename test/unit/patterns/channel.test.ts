import assert from "node:assert/strict"
import { test } from "node:test"
import { ChannelPattern } from "#src/patterns/channel.js"
import { code, Partner, receives, sends } from "./peers.js"

test("CHANNEL has one peer, and messages of one frame: EINVAL for who sends others", () => {
  const channel = new ChannelPattern()
  const [one, other] = [new Partner(channel), new Partner(channel)]
  assert.deepEqual([one.refusals.length, other.refusals.length], [0, 1])
  assert.equal(sends(channel, "hello"), true)
  assert.equal(
    code(() => sends(channel, "a", "b")),
    "EINVAL",
  )
  assert.deepEqual(one.heard(), [["hello"]])
  one.leave()
  assert.equal(sends(channel, "nobody"), false)
})

test("CHANNEL drops messages of several frames, and tells who sent the one that was taken last", () => {
  const channel = new ChannelPattern()
  assert.deepEqual([channel.canReceive, channel.sender], [false, undefined])
  const first = new Partner(channel)
  first.says("a", "b")
  assert.equal(channel.canReceive, false)
  assert.equal(receives(channel), undefined)
  assert.equal(channel.sender, undefined)
  for (const words of [["a", "b"], ["1"], ["c", "d"], ["e", "f"], ["2"]]) first.says(...words)
  assert.equal(channel.canReceive, true)
  assert.equal(channel.canReceive, true)
  assert.equal(channel.sender, undefined)
  assert.deepEqual(receives(channel), ["1"])
  assert.equal(channel.sender, first.peer)
  first.leave()
  const second = new Partner(channel)
  second.says("x", "y")
  second.says("3")
  assert.deepEqual(receives(channel), ["2"])
  assert.equal(channel.canReceive, true)
  assert.equal(channel.sender, first.peer)
  assert.deepEqual(receives(channel), ["3"])
  assert.equal(channel.sender, second.peer)
  assert.equal(receives(channel), undefined)
  assert.equal(channel.canReceive, false)
})
