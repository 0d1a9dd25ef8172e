import assert from "node:assert/strict"
import { test } from "node:test"
import { addChild, childOf, createNode, type Node, removeChild } from "#src/routing/trie-node.js"

test("whatever children come and go, each is found by its byte, in the least table that keeps them apart", () => {
  const lengths = [1, 2, 3, 4, 5, 7, 9, 11, 13, 16, 19, 23, 29, 37, 47, 61, 79, 101, 127, 161, 199, 256]
  const parent = createNode<number>("")
  const present = new Map<number, Node<number>>()
  for (let step = 0; step < 600; step++) {
    const byte = Math.imul(step, 0x9e37) & 0xff
    if (present.has(byte)) {
      removeChild(parent, byte)
      present.delete(byte)
    } else {
      const child = createNode<number>(String.fromCharCode(byte))
      addChild(parent, child)
      present.set(byte, child)
    }
    for (let other = 0; other < 256; other++) assert.equal(childOf(parent, other), present.get(other))
    const least = lengths.find(
      (length) => new Set([...present.keys()].map((byte) => byte % length)).size === present.size,
    )
    assert.equal(parent.children?.length, present.size === 0 ? undefined : least)
  }
})
