import assert from "node:assert/strict"
import { test } from "node:test"
import { chosen } from "./chosen.js"

test("a part of a name chooses those that have it, and one that nobody has is an error", () => {
  const all = [{ name: "one" }, { name: "two" }, { name: "three" }]
  const of = (part: string) => chosen(all, ({ name }) => name, part).map(({ name }) => name)
  assert.deepEqual(of("e"), ["one", "three"])
  assert.deepEqual(of(""), ["one", "two", "three"])
  assert.throws(() => of("four"), /"four" is part of no name; these are some: one, two, three$/)
})
