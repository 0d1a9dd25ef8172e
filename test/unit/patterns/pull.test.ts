import assert from "node:assert/strict"
import { test } from "node:test"
import { PullPattern } from "#src/patterns/pull.js"
import { assertHeard, code, message, Partner, receives } from "./peers.js"

test("PULL takes one message of each peer in turn, whoever came first", () => {
  assertHeard(() => {
    const pull = new PullPattern()
    const [one, other, third] = [new Partner(pull), new Partner(pull), new Partner(pull)]
    for (const text of ["a1", "a2", "a3"]) one.says(text)
    other.says("b1", "more of b1")
    for (const text of ["c1", "c2"]) third.says(text)
    return pull
  }, [["a1"], ["b1", "more of b1"], ["c1"], ["a2"], ["c2"], ["a3"]])
})

test("PULL can receive as long as a peer has said something that was not read, and tells who it was", () => {
  const pull = new PullPattern()
  assert.equal(pull.canReceive, false)
  assert.equal(pull.sender, undefined)
  assert.equal(pull.takeAtOnce(), undefined)
  assert.equal(receives(pull), undefined)
  const [one, other] = [new Partner(pull), new Partner(pull)]
  one.says("a")
  other.says("b")
  assert.deepEqual(receives(pull), ["a"])
  assert.equal(pull.sender, one.peer)
  assert.equal(pull.canReceive, true)
  assert.deepEqual(receives(pull), ["b"])
  assert.equal(pull.sender, other.peer)
  assert.equal(pull.canReceive, false)
  assert.equal(receives(pull), undefined)
  assert.equal(pull.sender, other.peer)
})

test("PULL hears what a peer said before it left", () => {
  const pull = new PullPattern()
  const leaver = new Partner(pull)
  leaver.says("last words")
  leaver.leave()
  assert.deepEqual(receives(pull), ["last words"])
})

test("PULL passes over a peer that fell silent, and hears it again when it speaks", () => {
  const pull = new PullPattern()
  const [one, other, third] = [new Partner(pull), new Partner(pull), new Partner(pull)]
  for (const peer of [one, other, third]) peer.says("first")
  for (let count = 0; count < 3; count++) receives(pull)
  assert.equal(receives(pull), undefined)
  assert.deepEqual([one.queued, other.queued, third.queued], [false, false, false])
  other.says("again")
  other.says("and again")
  one.says("too")
  assert.deepEqual([receives(pull), receives(pull), receives(pull)], [["again"], ["too"], ["and again"]])
})

test("the short way is taken while the peer whose turn it is has more to say, and keeps the turns", () => {
  const pull = new PullPattern()
  const [one, other] = [new Partner(pull), new Partner(pull)]
  for (const text of ["a1", "a2", "a3", "a4"]) one.says(text)
  for (const text of ["b1", "b2", "b3"]) other.says(text)
  const shortly = (): string => String(pull.takeAtOnce())
  assert.deepEqual([shortly(), shortly(), shortly(), shortly()], ["a1", "b1", "a2", "b2"])
  assert.equal(pull.sender, other.peer)
  assert.equal(shortly(), "a3")
  assert.equal(pull.sender, one.peer)
  // The last message of a peer wants a look at what follows from its being read.
  assert.equal(pull.takeAtOnce(), undefined)
  assert.equal(pull.takeAtOnce(), undefined)
  assert.deepEqual(receives(pull), ["b3"])
  assert.equal(pull.takeAtOnce(), undefined)
  assert.deepEqual(receives(pull), ["a4"])
  assert.equal(pull.takeAtOnce(), undefined)
})

test("a peer that speaks again before it was noticed to be silent has one turn like the others", () => {
  const pull = new PullPattern()
  const [one, other] = [new Partner(pull), new Partner(pull)]
  one.says("a1")
  assert.deepEqual(receives(pull), ["a1"])
  for (const text of ["a2", "a3", "a4"]) one.says(text)
  for (const text of ["b1", "b2", "b3"]) other.says(text)
  const order = [1, 2, 3, 4].map(() => receives(pull)?.[0]?.[0])
  assert.equal(order.filter((peer) => peer === "a").length, 2)
  assert.notEqual(order[0], order[1])
  assert.notEqual(order[2], order[3])
})

test("the short way is not there for what cannot be taken one after the other", () => {
  const pull = new PullPattern()
  const peer = new Partner(pull)
  for (const text of ["1", "2"]) peer.says(text)
  Object.defineProperty(peer, "run", { value: undefined })
  assert.equal(pull.takeAtOnce(), undefined)
  assert.deepEqual(receives(pull), ["1"])
})

test("PULL does not send", () => {
  const pull = new PullPattern()
  const peer = new Partner(pull)
  assert.equal(pull.canSend, false)
  assert.equal(
    code(() => pull.send(message("x"))),
    "ENOTSUP",
  )
  assert.deepEqual(peer.heard(), [])
})
