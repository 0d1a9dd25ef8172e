// A part of the faults of `npm run test:chaos`, those that are over soon.
import assert from "node:assert/strict"
import { test } from "node:test"
import { patterns } from "./protocol.js"
import { play } from "./round.js"

const pairing = { bound: "puremq", dialler: "puremq" } as const

for (const [fault, pattern] of [
  ["cut with RST", patterns[1]],
  ["partition", patterns[3]],
  ["SIGSTOP bound", patterns[2]],
  ["refused", patterns[0]],
] as const) {
  test(`${pattern} keeps its promises under the fault "${fault}"`, async () => {
    const { violations, received } = await play({ fault, pattern, pairing }, 1)
    assert.deepEqual(violations, [])
    assert.ok(received > 0)
  })
}
