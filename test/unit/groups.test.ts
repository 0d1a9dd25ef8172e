import assert from "node:assert/strict"
import { test } from "node:test"
import { Groups, MOST_GROUPS } from "#src/routing/groups.js"
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

test("nobody is in more groups than a bound, and whoever leaves one may join another", () => {
  const groups = new Groups()
  for (let at = 0; at < MOST_GROUPS; at++) assert.ok(groups.join(one, Buffer.from(String(at))))
  assert.equal(groups.join(one, group), false)
  assert.deepEqual([...groups.of(group)], [])
  assert.ok(groups.join(one, Buffer.from("7")), "one that it is in already")
  assert.ok(groups.join(other, group))
  groups.leave(one, Buffer.from("8"))
  assert.ok(groups.join(one, group))
})
