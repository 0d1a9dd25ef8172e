import assert from "node:assert/strict"
import { test } from "node:test"
import { DishPattern } from "#src/patterns/dish.js"
import { assertHeard, code, frame, message, Partner, receives } from "./peers.js"

function dish(...groups: string[]): DishPattern {
  const pattern = new DishPattern()
  for (const group of groups) pattern.join(frame(group))
  return pattern
}

test("DISH hears its groups alone, its radios in turn", () => {
  assertHeard(() => {
    const pattern = dish("a", "")
    const [one, other] = [new Partner(pattern), new Partner(pattern)]
    for (const group of ["a", "b", "", "ab", "a"]) one.says(group, "of one")
    for (const group of ["b", "a"]) other.says(group, "of the other")
    return pattern
  }, [
    ["a", "of one"],
    ["a", "of the other"],
    ["", "of one"],
    ["a", "of one"],
  ])
})

test("DISH tells its radios what it joins and leaves, and who comes, or comes again, all that it is in", () => {
  const pattern = dish("a")
  assert.equal(pattern.startsOver, true)
  const [peer, other] = [new Partner(pattern), new Partner(pattern)]
  assert.deepEqual(peer.heard(), [["\x01a"]])
  pattern.join(frame("b"))
  pattern.leave(frame("a"))
  assert.deepEqual(peer.heard(), [["\x01b"], ["\0a"]])
  peer.break()
  pattern.join(frame("c"))
  assert.deepEqual(peer.heard(), [])
  peer.arrive()
  assert.deepEqual(peer.heard(), [["\x01b"], ["\x01c"]])
  other.heard()
  pattern.detach(other)
  pattern.join(frame("d"))
  assert.deepEqual(other.heard(), [])
})

test("over UDP DISH says nothing, and hears its groups", () => {
  const pattern = dish("a")
  const peer = new Partner(pattern, { connectionless: true })
  pattern.join(frame("b"))
  assert.deepEqual(peer.heard(), [])
  for (const group of ["a", "x", "b"]) peer.says(group, "body")
  assert.deepEqual(receives(pattern), ["a", "body"])
  assert.deepEqual(receives(pattern), ["b", "body"])
})

test("DISH joins a group of up to 255 bytes once, and leaves one that it is in: EINVAL else", () => {
  const pattern = dish("a")
  const peer = new Partner(pattern)
  peer.heard()
  assert.equal(
    code(() => pattern.join(frame("a"))),
    "EINVAL",
  )
  assert.equal(
    code(() => pattern.join(frame("g".repeat(256)))),
    "EINVAL",
  )
  assert.equal(
    code(() => pattern.leave(frame("b"))),
    "EINVAL",
  )
  assert.deepEqual(peer.heard(), [])
  pattern.join(frame("g".repeat(255)))
  pattern.leave(frame("a"))
  assert.equal(
    code(() => pattern.leave(frame("a"))),
    "EINVAL",
  )
  pattern.join(frame("a"))
})

test("what the user does to a group's frame afterwards changes nothing", () => {
  const pattern = new DishPattern()
  const group = frame("a")
  pattern.join(group)
  group.fill(0)
  assert.deepEqual(new Partner(pattern).heard(), [["\x01a"]])
})

test("what comes of a group that was left is passed over", () => {
  const pattern = dish("a", "b")
  const peer = new Partner(pattern)
  peer.says("a", "1")
  peer.says("b", "2")
  pattern.leave(frame("a"))
  assert.deepEqual(receives(pattern), ["b", "2"])
  assert.equal(receives(pattern), undefined)
})

test("what was found for who asked is not received when its group has been left since, unlike with libzmq", () => {
  const pattern = dish("a", "b")
  const peer = new Partner(pattern)
  for (const [group, body] of [
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ] as const)
    peer.says(group, body)
  assert.equal(pattern.canReceive, true)
  pattern.leave(frame("a"))
  assert.equal(pattern.canReceive, true)
  assert.deepEqual(receives(pattern), ["b", "2"])
  assert.equal(pattern.canReceive, false)
  pattern.join(frame("a"))
  peer.says("a", "4")
  assert.equal(pattern.canReceive, true)
  pattern.leave(frame("a"))
  assert.equal(receives(pattern), undefined)
})

test("what was found for who asked is received next; the sender is of the message that was taken last", () => {
  const pattern = dish("a")
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  assert.deepEqual([pattern.canReceive, pattern.sender], [false, undefined])
  for (const group of ["x", "a", "a", "a"]) one.says(group, "of one")
  assert.equal(pattern.canReceive, true)
  assert.equal(pattern.canReceive, true)
  assert.equal(pattern.sender, undefined)
  assert.equal(pattern.takeAtOnce(), undefined)
  assert.deepEqual(receives(pattern), ["a", "of one"])
  assert.equal(pattern.sender, one.peer)
  assert.deepEqual(pattern.takeAtOnce()?.map(String), ["a", "of one"])
  assert.deepEqual(receives(pattern), ["a", "of one"])
  assert.equal(pattern.canReceive, false)
  other.says("x", "passed over")
  other.says("x", "passed over")
  assert.equal(pattern.takeAtOnce(), undefined)
  assert.equal(receives(pattern), undefined)
  assert.equal(pattern.sender, one.peer)
  other.says("a", "heard")
  assert.deepEqual(receives(pattern), ["a", "heard"])
  assert.equal(pattern.sender, other.peer)
})

test("DISH does not send", () => {
  const pattern = dish()
  assert.equal(pattern.canSend, false)
  assert.equal(
    code(() => pattern.send(message("a", "b"))),
    "ENOTSUP",
  )
})
