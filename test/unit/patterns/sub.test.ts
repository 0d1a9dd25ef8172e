import assert from "node:assert/strict"
import { test } from "node:test"
import { SubPattern } from "#src/patterns/sub.js"
import { assertHeard, code, frame, Partner, receives } from "./peers.js"

function sub(invertMatching = false, ...topics: string[]): SubPattern {
  const pattern = new SubPattern({ invertMatching, onlyFirstSubscribe: false, verboseUnsubscribe: false })
  pattern.optionsChanged()
  for (const topic of topics) pattern.subscribe(frame(topic))
  return pattern
}

function talk(pattern: SubPattern): void {
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const text of ["a", "x", "ab", "", "abc"]) one.says(text, "body")
  for (const text of ["b", "abd"]) other.says(text)
}

test("SUB hears what begins with a topic of its, and passes over the rest", () => {
  assertHeard(() => {
    const pattern = sub(false, "ab")
    talk(pattern)
    return pattern
  }, [["abd"], ["ab", "body"], ["abc", "body"]])
})

test("SUB hears all with the empty topic, and nothing without a topic", () => {
  const all = sub(false, "")
  talk(all)
  for (let count = 0; count < 7; count++) assert.ok(all.receive())
  const none = sub()
  talk(none)
  assert.equal(none.canReceive, false)
  assert.equal(receives(none), undefined)
  assert.equal(none.sender, undefined)
})

test("invertMatching: SUB hears what begins with none of its topics", () => {
  assertHeard(() => {
    const pattern = sub(true, "a")
    talk(pattern)
    return pattern
  }, [["b"], ["x", "body"], ["", "body"]])
})

test("what was found for who asked whether there is something is what is received next, by whatever way", () => {
  const pattern = sub(false, "a")
  const peer = new Partner(pattern)
  for (const text of ["x", "a1", "a2", "a3"]) peer.says(text)
  assert.equal(pattern.canReceive, true)
  assert.equal(pattern.canReceive, true)
  assert.equal(pattern.takeAtOnce(), undefined)
  assert.deepEqual(receives(pattern), ["a1"])
  assert.equal(String(pattern.takeAtOnce()), "a2")
  assert.deepEqual(receives(pattern), ["a3"])
  assert.equal(receives(pattern), undefined)
  assert.equal(pattern.canReceive, false)
})

test("what was found for who asked is not received when its topic has been given up since, unlike with libzmq", () => {
  const pattern = sub(false, "a", "b")
  const peer = new Partner(pattern)
  for (const text of ["a1", "b2", "a3"]) peer.says(text)
  assert.equal(pattern.canReceive, true)
  pattern.unsubscribe(frame("a"))
  assert.equal(pattern.canReceive, true)
  assert.deepEqual(receives(pattern), ["b2"])
  assert.equal(pattern.canReceive, false)
  pattern.subscribe(frame("a"))
  peer.says("a4")
  assert.equal(pattern.canReceive, true)
  pattern.unsubscribe(frame("a"))
  assert.equal(receives(pattern), undefined)
})

test("the sender is whose message was taken last, not who was passed over or is next", () => {
  const pattern = sub(false, "a")
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  assert.equal(pattern.sender, undefined)
  one.says("a1")
  other.says("a2")
  receives(pattern)
  assert.equal(pattern.canReceive, true)
  assert.equal(pattern.sender, one.peer)
  receives(pattern)
  assert.equal(pattern.sender, other.peer)
  one.says("x")
  assert.equal(receives(pattern), undefined)
  assert.equal(pattern.sender, other.peer)
  for (const text of ["a3", "a4", "x"]) one.says(text)
  other.says("x")
  other.says("x")
  assert.equal(String(pattern.takeAtOnce()), "a3")
  assert.equal(pattern.sender, one.peer)
  assert.equal(pattern.takeAtOnce(), undefined)
  assert.equal(pattern.sender, one.peer)
})

test("what comes after a topic was given up is not heard", () => {
  const pattern = sub(false, "a", "b", "b")
  const peer = new Partner(pattern)
  pattern.unsubscribe(frame("a"))
  pattern.unsubscribe(frame("b"))
  peer.says("a")
  peer.says("b")
  assert.deepEqual(receives(pattern), ["b"])
  assert.equal(receives(pattern), undefined)
})

test("SUB hears what it asked for also before it was told of its options", () => {
  const pattern = new SubPattern({
    invertMatching: true,
    onlyFirstSubscribe: false,
    verboseUnsubscribe: false,
  })
  pattern.subscribe(frame("a"))
  const peer = new Partner(pattern)
  peer.says("a")
  assert.deepEqual(receives(pattern), ["a"])
})

test("SUB does not send", () => {
  const pattern = sub()
  assert.equal(pattern.canSend, false)
  assert.equal(
    code(() => pattern.send()),
    "ENOTSUP",
  )
})
