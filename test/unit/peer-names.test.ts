import assert from "node:assert/strict"
import { test } from "node:test"
import type { Pipe } from "#src/routing/pattern.js"
import { PeerNames } from "#src/routing/peer-names.js"

test("a name that is shown after its peer has left leads to the successor, or to nobody", () => {
  const names = new PeerNames(() => 0)
  const former = { ended: false } as { ended: boolean } & Partial<Pipe> as Pipe & { ended: boolean }
  const successor = { ended: false } as Partial<Pipe> as Pipe
  names.give(former, Buffer.from("name"))
  former.ended = true
  names.forget(former)
  const shown = names.show(former)
  assert.equal(shown.toString(), "name")
  assert.equal(names.find(shown), undefined)
  names.give(successor, Buffer.from("name"))
  assert.equal(names.find(shown), successor)
})
