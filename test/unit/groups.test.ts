import assert from "node:assert/strict"
import { test } from "node:test"
import { Groups } from "#src/routing/groups.js"
import type { Pipe } from "#src/routing/pattern.js"

const [one, other] = ["one", "other"].map((name) => ({ name }) as unknown as Pipe) as [Pipe, Pipe]
const group = Buffer.from("group")

test("members of a group, who join and leave as often as each other", () => {
  const groups = new Groups()
  assert.deepEqual([...groups.of(group)], [])
  groups.join(one, group)
  groups.join(other, group)
  groups.join(one, group)
  assert.deepEqual([...groups.of(group)], [one, other])
  groups.leave(one, group)
  assert.deepEqual([...groups.of(group)], [one, other])
  groups.leave(one, group)
  groups.leave(one, group)
  assert.deepEqual([...groups.of(group)], [other])
  groups.leave(one, Buffer.from("never"))
  groups.forget(other)
  groups.forget(other)
  assert.deepEqual([...groups.of(group)], [])
})

test("a member who goes leaves all groups, and others in them", () => {
  const groups = new Groups()
  for (const name of ["a", "b", ""]) for (const pipe of [one, other]) groups.join(pipe, Buffer.from(name))
  groups.forget(one)
  for (const name of ["a", "b", ""]) assert.deepEqual([...groups.of(Buffer.from(name))], [other])
})

test("a member has room for so many groups, of so many bytes, and for those that it is in", () => {
  const groups = new Groups()
  const [a, bb] = [Buffer.from("a"), Buffer.from("bb")]
  const few = { maxSubscriptions: 1, maxTopicsSize: 0 }
  const short = { maxSubscriptions: 0, maxTopicsSize: 3 }
  assert.ok(groups.hasRoom(one, a, few))
  for (const pipe of [one, one, other]) groups.join(pipe, a)
  assert.ok(groups.hasRoom(one, a, few), "one that it is in")
  assert.equal(groups.hasRoom(one, bb, few), false)
  assert.ok(groups.hasRoom(one, bb, short))
  groups.join(one, bb)
  assert.equal(groups.hasRoom(one, group, short), false)
  assert.ok(groups.hasRoom(other, bb, short), "another's are his own")
  groups.leave(one, bb)
  groups.leave(one, a)
  assert.equal(groups.hasRoom(one, bb, few), false, "it has to leave as often as it joined")
  groups.leave(one, a)
  assert.ok(groups.hasRoom(one, bb, few))
  groups.join(one, bb)
  groups.forget(one)
  assert.ok(groups.hasRoom(one, group, few))
})

test("a group that all have left leaves nothing behind", () => {
  const groups = new Groups()
  groups.join(one, group)
  groups.leave(one, group)
  groups.join(other, group)
  groups.forget(other)
  assert.equal((groups as unknown as { members: Map<string, unknown> }).members.size, 0)
})
