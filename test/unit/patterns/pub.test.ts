import assert from "node:assert/strict"
import { test } from "node:test"
import { defaultOptions } from "#src/core/options.js"
import { PubPattern } from "#src/patterns/pub.js"
import { code, Partner, sends } from "./peers.js"

test("PUB sends to who asked, and keeps to itself who asked for what", () => {
  const pub = new PubPattern(defaultOptions("PUB"))
  assert.equal(pub.canSend, true)
  const [one, other] = [new Partner(pub), new Partner(pub)]
  one.says("\x01a")
  one.says("hello")
  other.says("\x01")
  assert.equal(pub.canReceive, false)
  assert.equal(
    code(() => pub.receive()),
    "ENOTSUP",
  )
  assert.equal(sends(pub, "b"), true)
  assert.equal(sends(pub, "a"), true)
  assert.deepEqual(one.heard(), [["a"]])
  assert.deepEqual(other.heard(), [["b"], ["a"]])
  one.leave()
  assert.equal(pub.topicsCount, 1)
})

test("PUB reads on, however much its subscribers say", () => {
  const pub = new PubPattern(defaultOptions("PUB"))
  const peer = new Partner(pub)
  const lines = 100_001
  for (let count = 0; count < lines; count++) peer.says("hello")
  assert.equal(peer.readable, false)
})
