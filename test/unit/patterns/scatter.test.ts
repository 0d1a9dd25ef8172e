import assert from "node:assert/strict"
import { test } from "node:test"
import { ScatterPattern } from "#src/patterns/scatter.js"
import { code, Partner, sends } from "./peers.js"

test("SCATTER gives each peer one message in turn, of one frame: EINVAL for others", () => {
  const scatter = new ScatterPattern()
  const [one, other] = [new Partner(scatter), new Partner(scatter)]
  assert.equal(
    code(() => sends(scatter, "a", "b")),
    "EINVAL",
  )
  assert.equal(sends(scatter, "0"), true)
  assert.equal(sends(scatter, "1"), true)
  assert.deepEqual([one.heard(), other.heard()], [[["0"]], [["1"]]])
  for (const peer of [one, other]) peer.leave()
  assert.equal(sends(scatter, "nobody"), false)
})
