import assert from "node:assert/strict"
import { test } from "node:test"
import { defaultOptions } from "#src/core/options.js"
import { type PublisherSettings, XpubPattern } from "#src/patterns/xpub.js"
import { frame, Partner, receives, receivesAll, sends } from "./peers.js"

type Settings = { -readonly [Name in keyof PublisherSettings]: PublisherSettings[Name] }

function manual(settings: Partial<Settings> = { manual: true }): XpubPattern {
  const pattern = new XpubPattern(Object.assign(defaultOptions("XPUB") as unknown as Settings, settings))
  pattern.optionsChanged()
  return pattern
}

test("manual: a peer gets the topics that the user gives it, whatever it asked for", () => {
  const pattern = manual()
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  one.says("\x01a")
  assert.equal(pattern.topicsCount, 0)
  assert.deepEqual(receives(pattern), ["\x01a"])
  pattern.subscribe(frame("b"))
  other.says("\x01a")
  assert.deepEqual(receives(pattern), ["\x01a"])
  pattern.subscribe(frame("c"))
  pattern.subscribe(frame("d"))
  pattern.unsubscribe(frame("d"))
  for (const text of ["a", "b", "c", "d"]) sends(pattern, text)
  assert.deepEqual([one.heard(), other.heard()], [[["b"]], [["c"]]])
  assert.equal(pattern.topicsCount, 2)
})

test("manual: every request is told, the second of a topic and the cancellation of none too, and nothing is done", () => {
  const pattern = manual()
  const peer = new Partner(pattern)
  for (const request of ["\x01a", "\x01a", "\0a", "\0b"]) peer.says(request)
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\x01a"], ["\0a"], ["\0b"]])
})

test("manual: the user acts for who sent the last notification, not the last message, and not when he has gone", () => {
  const pattern = manual()
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  one.says("\x01a")
  other.says("hello")
  receives(pattern)
  assert.deepEqual(receives(pattern), ["hello"])
  pattern.subscribe(frame("b"))
  sends(pattern, "b")
  assert.deepEqual([one.heard(), other.heard()], [[["b"]], []])
  other.leave()
  pattern.unsubscribe(frame("b"))
  assert.equal(pattern.topicsCount, 0)
  pattern.subscribe(frame("b"))
  one.leave()
  pattern.subscribe(frame("c"))
  assert.equal(pattern.topicsCount, 0)
  pattern.unsubscribe(frame("c"))
  assert.equal(pattern.topicsCount, 0)
})

test("manual: nobody is acted for who had gone before his notification was read", () => {
  const pattern = manual()
  const peer = new Partner(pattern)
  peer.says("\x01a")
  peer.leave()
  assert.deepEqual(receives(pattern), ["\x01a"])
  pattern.subscribe(frame("a"))
  assert.equal(pattern.topicsCount, 0)
})

test("manual: of who leaves what he asked for is cancelled, not what he was given", () => {
  const pattern = manual()
  const [peer, other] = [new Partner(pattern), new Partner(pattern)]
  for (const request of ["\x01a", "\x01b", "\0b"]) peer.says(request)
  other.says("\x01a")
  receivesAll(pattern)
  peer.says("\x01c")
  receives(pattern)
  pattern.subscribe(frame("given"))
  peer.leave()
  assert.deepEqual(receivesAll(pattern), [["\0a"], ["\0c"]])
  assert.equal(pattern.topicsCount, 0)
  assert.equal(pattern.sender, peer.peer)
})

test("manual switched off again: who leaves loses the wishes that were kept, untold", () => {
  const settings = Object.assign(defaultOptions("XPUB") as unknown as Settings, { manual: true })
  const pattern = new XpubPattern(settings)
  const peer = new Partner(pattern)
  peer.says("\x01a")
  receivesAll(pattern)
  settings.manual = false
  peer.leave()
  assert.deepEqual(receivesAll(pattern), [])
})

test("manual: limits hold for what is asked for", () => {
  const pattern = manual({ manual: true, maxSubscriptions: 1 })
  const peer = new Partner(pattern)
  peer.says("\x01a")
  peer.says("\x01b")
  assert.equal(peer.refusals.length, 1)
  peer.says("\0a")
  peer.says("\x01b")
  assert.equal(peer.refusals.length, 1)
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\0a"], ["\x01b"]])
})

test("manualLastValue: the next message goes to the newcomer alone, if it has a topic for it", () => {
  const pattern = manual({ manualLastValue: true })
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const peer of [one, other]) {
    peer.says("\x01a")
    receives(pattern)
    pattern.subscribe(frame("a"))
    assert.ok(sends(pattern, "a"))
  }
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], [["a"]]])
  assert.ok(sends(pattern, "a"))
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], [["a"]]])
  other.says("\x01b")
  receives(pattern)
  assert.ok(sends(pattern, "b"))
  assert.deepEqual([one.heard(), other.heard()], [[], []])
})

test("manualLastValue: a newcomer who cancels or leaves before the message is none any more, others stay it", () => {
  const pattern = manual({ manualLastValue: true })
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  const joins = (peer: Partner): void => {
    peer.says("\x01a")
    receives(pattern)
    pattern.subscribe(frame("a"))
  }
  joins(other)
  assert.ok(sends(pattern, "a"))
  other.heard()
  joins(one)
  other.says("\0x")
  receives(pattern)
  assert.ok(sends(pattern, "to one alone"))
  assert.ok(sends(pattern, "a"))
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], [["a"]]])
  joins(one)
  other.says("\0x")
  receives(pattern)
  assert.ok(sends(pattern, "a"))
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], []])
  joins(one)
  one.says("\0x")
  receives(pattern)
  assert.ok(sends(pattern, "a"))
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], [["a"]]])
  joins(one)
  new Partner(pattern).leave()
  assert.ok(sends(pattern, "a"))
  assert.deepEqual([one.heard(), other.heard()], [[["a"]], []])
  joins(one)
  one.leave()
  assert.ok(sends(pattern, "a"))
  assert.deepEqual(other.heard(), [["a"]])
})

test("manualLastValue with invertMatching: the newcomer gets what he has no topic for", () => {
  const pattern = manual({ manualLastValue: true, invertMatching: true })
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  one.says("\x01a")
  receives(pattern)
  pattern.subscribe(frame("a"))
  assert.ok(sends(pattern, "a"))
  one.says("\x01a")
  receives(pattern)
  assert.ok(sends(pattern, "b"))
  assert.deepEqual([one.heard(), other.heard()], [[["b"]], []])
})
