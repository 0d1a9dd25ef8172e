import assert from "node:assert/strict"
import { test } from "node:test"
import { GatherPattern } from "#src/patterns/gather.js"
import { assertHeard, code, message, Partner, receives, speakInFrames } from "./peers.js"

test("GATHER hears its peers in turn, and drops messages of several frames, each of which was a turn", () => {
  assertHeard(() => {
    const gather = new GatherPattern()
    speakInFrames(gather)
    return gather
  }, [["a1"], ["a2"], ["b2"], ["a4"]])
})

test("GATHER takes the short way, and tells who spoke last and whether there is more", () => {
  const gather = new GatherPattern()
  assert.deepEqual([gather.canReceive, gather.sender], [false, undefined])
  const [one, other] = [new Partner(gather), new Partner(gather)]
  one.says("1")
  one.says("2")
  assert.equal(String(gather.takeAtOnce()), "1")
  assert.equal(gather.sender, one.peer)
  other.says("x", "y")
  assert.deepEqual(receives(gather), ["2"])
  assert.equal(gather.canReceive, false)
  assert.equal(gather.sender, one.peer)
  one.leave()
  assert.equal(receives(gather), undefined)
})

test("GATHER does not send", () => {
  const gather = new GatherPattern()
  new Partner(gather)
  assert.equal(gather.canSend, false)
  assert.equal(
    code(() => gather.send(message("x"))),
    "ENOTSUP",
  )
})
