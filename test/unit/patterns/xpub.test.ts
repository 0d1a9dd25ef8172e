import assert from "node:assert/strict"
import { test } from "node:test"
import { XpubPattern } from "#src/patterns/xpub.js"
import { code, frame, Partner, receives, receivesAll, sends } from "./peers.js"
import { publisherSettings, xpub } from "./publishers.js"

test("XPUB sends to those whose topics a message begins with, once to each", () => {
  const pattern = xpub()
  const [one, two, three] = [new Partner(pattern), new Partner(pattern), new Partner(pattern)]
  for (const topic of ["", "a", "ab"]) one.says(`\x01${topic}`)
  two.says("\x01ab")
  three.says("\x01b")
  for (const topic of ["a", "abc", "b", ""]) assert.equal(sends(pattern, topic, "body"), true)
  assert.deepEqual(one.heard(), [
    ["a", "body"],
    ["abc", "body"],
    ["b", "body"],
    ["", "body"],
  ])
  assert.deepEqual(two.heard(), [["abc", "body"]])
  assert.deepEqual(three.heard(), [["b", "body"]])
})

test("who reads too slowly loses messages, which are counted, and nobody else notices", () => {
  const pattern = xpub()
  assert.equal(pattern.canSend, true)
  const [slow, quick] = [new Partner(pattern, { room: 1 }), new Partner(pattern)]
  slow.says("\x01")
  quick.says("\x01")
  for (let count = 0; count < 3; count++) assert.equal(sends(pattern, "x"), true)
  assert.deepEqual([slow.heard().length, quick.heard().length], [1, 3])
  assert.equal(pattern.dropped, 2)
})

test("the first subscriber of a topic and the end of the last one are told, and others not", () => {
  const pattern = xpub()
  assert.equal(pattern.readsAtOnce, true)
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  assert.deepEqual([pattern.canReceive, pattern.sender], [false, undefined])
  one.says("\x01a")
  assert.equal(pattern.canReceive, true)
  assert.deepEqual(receives(pattern), ["\x01a"])
  assert.equal(pattern.sender, one.peer)
  other.says("\x01a")
  one.says("\x01a")
  one.says("\0a")
  assert.deepEqual(receivesAll(pattern), [])
  assert.equal(pattern.sender, one.peer)
  other.says("\0a")
  assert.deepEqual(receives(pattern), ["\0a"])
  assert.equal(pattern.sender, other.peer)
  assert.equal(pattern.topicsCount, 0)
  // As with libzmq: a cancellation of what nobody had is told.
  other.says("\0b")
  assert.deepEqual(receivesAll(pattern), [["\0b"]])
})

test("verbosity allSubs: each subscription is told, and of cancellations the last one", () => {
  const pattern = xpub({ verbosity: "allSubs" })
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const peer of [one, one, other]) peer.says("\x01a")
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\x01a"], ["\x01a"]])
  one.says("\0a")
  assert.deepEqual(receivesAll(pattern), [])
  other.leave()
  assert.deepEqual(receivesAll(pattern), [["\0a"]])
})

test("verbosity allSubsUnsubs: each cancellation is told too, also of who leaves", () => {
  const pattern = xpub({ verbosity: "allSubsUnsubs" })
  const [one, other, third] = [new Partner(pattern), new Partner(pattern), new Partner(pattern)]
  for (const peer of [one, other, third]) peer.says("\x01a")
  assert.equal(receivesAll(pattern).length, 3)
  one.says("\0a")
  assert.deepEqual(receivesAll(pattern), [["\0a"]])
  other.leave()
  assert.deepEqual(receivesAll(pattern), [["\0a"]])
  third.leave()
  assert.deepEqual(receivesAll(pattern), [["\0a"]])
})

test("who leaves takes his topics with him, and what he was the last to have is told", () => {
  const pattern = xpub()
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const topic of ["a", "b"]) one.says(`\x01${topic}`)
  other.says("\x01b")
  receivesAll(pattern)
  one.leave()
  assert.deepEqual(receivesAll(pattern), [["\0a"]])
  assert.equal(pattern.sender, one.peer)
  one.ended = false
  assert.ok(sends(pattern, "a"))
  assert.ok(sends(pattern, "b"))
  assert.deepEqual([one.heard(), other.heard()], [[], [["b"]]])
})

test("welcomeMessage: who comes gets it at once, whatever room there is; an empty one is none", () => {
  for (const welcomeMessage of ["welcome", frame("welcome")]) {
    const peer = new Partner(xpub({ welcomeMessage }), { room: 0 })
    assert.deepEqual(peer.heard(), [["welcome"]])
  }
  for (const welcomeMessage of ["", null]) {
    assert.deepEqual(new Partner(xpub({ welcomeMessage })).heard(), [])
  }
})

test("welcomeMessage: each one gets a copy", () => {
  const welcomeMessage = frame("welcome")
  const pattern = xpub({ welcomeMessage })
  const peer = new Partner(pattern)
  const got: unknown[] = []
  peer.force = ([first]) => got.push(first)
  pattern.attach(peer)
  assert.notEqual(got[0], welcomeMessage)
  assert.deepEqual(got[0], welcomeMessage)
})

test("noDrop: a message waits for the slowest of its subscribers, and goes to none before it goes to all", () => {
  const pattern = xpub({ noDrop: true })
  const [slow, quick] = [new Partner(pattern, { room: 1 }), new Partner(pattern)]
  slow.says("\x01a")
  // Topics that overlap bring a message once.
  for (const topic of ["", "a"]) quick.says(`\x01${topic}`)
  assert.equal(sends(pattern, "a1"), true)
  assert.equal(sends(pattern, "a2"), false)
  assert.deepEqual([slow.heard(), quick.heard()], [[["a1"]], [["a1"]]])
  assert.equal(sends(pattern, "b"), true)
  slow.reads(1)
  assert.equal(sends(pattern, "a2"), true)
  assert.deepEqual([slow.heard(), quick.heard()], [[["a2"]], [["b"], ["a2"]]])
  assert.equal(pattern.dropped, 0)
})

test("noDrop set and unset again takes effect when the options have changed", () => {
  const pattern = new XpubPattern(publisherSettings({ noDrop: true }))
  const peer = new Partner(pattern, { room: 0 })
  peer.says("\x01")
  assert.equal(sends(pattern, "dropped"), true)
  pattern.optionsChanged()
  assert.equal(sends(pattern, "waits"), false)
  assert.equal(pattern.dropped, 1)
})

test("invertMatching: a message goes to those with no topic that it begins with", () => {
  const pattern = xpub({ invertMatching: true })
  const [one, two, none] = [new Partner(pattern), new Partner(pattern), new Partner(pattern, { room: 1 })]
  one.says("\x01a")
  one.says("\x01ab")
  two.says("\x01b")
  assert.ok(sends(pattern, "abc"))
  assert.ok(sends(pattern, "b"))
  assert.deepEqual([one.heard(), two.heard(), none.heard()], [[["b"]], [["abc"]], [["abc"]]])
  assert.equal(pattern.dropped, 1)
  two.leave()
  two.ended = false
  assert.ok(sends(pattern, "abc"))
  assert.deepEqual(two.heard(), [])
})

test("what is no subscription is a message for the user, with all of its frames that ask for nothing", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  peer.says("hello", "\x01a", "world", "\0b", "!")
  peer.says("")
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\0b"], ["hello", "world", "!"], [""]])
  assert.equal(pattern.topicsCount, 1)
})

test("onlyFirstSubscribe: a message whose first frame asks for nothing is one, whole; else each frame counts", () => {
  const pattern = xpub({ onlyFirstSubscribe: true })
  const peer = new Partner(pattern)
  peer.says("hello", "\x01a")
  assert.deepEqual(receivesAll(pattern), [["hello", "\x01a"]])
  assert.equal(pattern.topicsCount, 0)
  peer.says("\x01a", "\x01b", "rest")
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\x01b"], ["rest"]])
})

test("without manual mode nobody subscribes for a peer", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  peer.says("\x01a")
  receives(pattern)
  assert.equal(
    code(() => pattern.subscribe(frame("b"))),
    "EINVAL",
  )
  assert.equal(
    code(() => pattern.unsubscribe(frame("a"))),
    "EINVAL",
  )
  assert.equal(pattern.topicsCount, 1)
})
