import assert from "node:assert/strict"
import { test } from "node:test"
import { Pattern } from "#src/routing/pattern.js"
import { code, message, Partner } from "./peers.js"

class Silent extends Pattern {
  attach(): void {}
  detach(): void {}
}

test("a pattern that says nothing else neither sends nor receives, and knows nobody", () => {
  const pattern = new Silent()
  const peer = new Partner(pattern)
  pattern.optionsChanged()
  peer.says("hello")
  peer.reads(1)
  assert.equal(
    code(() => pattern.send(message("x"))),
    "ENOTSUP",
  )
  assert.equal(
    code(() => pattern.receive()),
    "ENOTSUP",
  )
  assert.equal(pattern.takeAtOnce(), undefined)
  assert.equal(pattern.sender, undefined)
  assert.equal(pattern.isFree(Buffer.from("name")), true)
  assert.deepEqual(
    [pattern.canSend, pattern.canReceive, pattern.lockstep, pattern.startsOver, pattern.readsAtOnce],
    [false, false, false, false, false],
  )
  assert.equal(pattern.dropped, 0)
  assert.ok(peer.readable)
})
