import assert from "node:assert/strict"
import { test } from "node:test"
import { type SubscriberSettings, XsubPattern } from "#src/patterns/xsub.js"
import { assertHeard, frame, Partner, receives, sends } from "./peers.js"

function xsub(settings: Partial<SubscriberSettings> = {}): XsubPattern {
  return new XsubPattern({
    invertMatching: false,
    onlyFirstSubscribe: false,
    verboseUnsubscribe: false,
    ...settings,
  })
}

test("XSUB tells all publishers what it wants, and who comes later, or again, hears of each topic once", () => {
  const pattern = xsub()
  assert.equal(pattern.startsOver, true)
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  assert.deepEqual(one.heard(), [])
  assert.equal(sends(pattern, "\x01topic"), true)
  assert.ok(sends(pattern, "\x01topic"))
  assert.ok(sends(pattern, "\x01"))
  assert.deepEqual(one.heard(), [["\x01topic"], ["\x01topic"], ["\x01"]])
  assert.deepEqual(other.heard(), [["\x01topic"], ["\x01topic"], ["\x01"]])
  assert.equal(pattern.topicsCount, 2)
  const late = new Partner(pattern)
  assert.deepEqual(late.heard().sort(), [["\x01"], ["\x01topic"]])
  one.break()
  one.arrive()
  assert.deepEqual(one.heard().sort(), [["\x01"], ["\x01topic"]])
})

test("a publisher that is away is told when it comes back, and who has gone is told nothing", () => {
  const pattern = xsub()
  const [away, gone] = [new Partner(pattern), new Partner(pattern)]
  away.break()
  gone.leave()
  gone.ended = false
  assert.ok(sends(pattern, "\x01a"))
  assert.ok(sends(pattern, "more"))
  assert.deepEqual(away.heard(), [["more"]])
  assert.deepEqual(gone.heard(), [])
  away.arrive()
  assert.deepEqual(away.heard(), [["\x01a"]])
})

test("subscriptions are counted: only the last cancellation of a topic goes upstream", () => {
  const pattern = xsub()
  const peer = new Partner(pattern)
  for (let count = 0; count < 3; count++) sends(pattern, "\x01a")
  peer.heard()
  sends(pattern, "\0a")
  sends(pattern, "\0a")
  assert.deepEqual(peer.heard(), [])
  assert.equal(pattern.topicsCount, 1)
  sends(pattern, "\0a")
  assert.deepEqual(peer.heard(), [["\0a"]])
  assert.equal(pattern.topicsCount, 0)
  sends(pattern, "\0a")
  assert.deepEqual(peer.heard(), [])
  assert.deepEqual(new Partner(pattern).heard(), [])
})

test("verboseUnsubscribe: each cancellation goes upstream, also of what nobody asked for", () => {
  const pattern = xsub({ verboseUnsubscribe: true })
  const peer = new Partner(pattern)
  sends(pattern, "\x01a")
  sends(pattern, "\x01a")
  peer.heard()
  for (let count = 0; count < 3; count++) sends(pattern, "\0a")
  assert.deepEqual(peer.heard(), [["\0a"], ["\0a"], ["\0a"]])
  assert.equal(pattern.topicsCount, 0)
})

test("what is no subscription goes upstream as a message, or is dropped where there is no room", () => {
  const pattern = xsub()
  const [one, full] = [new Partner(pattern), new Partner(pattern, { room: 0 })]
  new Partner(pattern)
  assert.equal(pattern.canSend, true)
  assert.equal(sends(pattern, "hello"), true)
  assert.equal(sends(pattern, ""), true)
  assert.equal(sends(pattern, "\x02"), true)
  assert.deepEqual(one.heard(), [["hello"], [""], ["\x02"]])
  assert.equal(one.forced, 0)
  assert.deepEqual(full.heard(), [])
  assert.equal(pattern.dropped, 3)
  // Subscriptions are never dropped.
  assert.ok(sends(pattern, "\x01a"))
  assert.deepEqual(full.heard(), [["\x01a"]])
  assert.equal(pattern.dropped, 3)
})

test("each frame of a message counts by itself, and the others go upstream together", () => {
  const pattern = xsub()
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "\x01a", "hello", "\x01b", "", "\0a"))
  assert.deepEqual(peer.heard(), [["\x01a"], ["\x01b"], ["\0a"], ["hello", ""]])
  assert.ok(sends(pattern, "\x01a", "\x01c"))
  assert.deepEqual(peer.heard(), [["\x01a"], ["\x01c"]])
  assert.equal(pattern.topicsCount, 3)
})

test("onlyFirstSubscribe: a message whose first frame asks for nothing goes upstream whole", () => {
  const pattern = xsub({ onlyFirstSubscribe: true })
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "hello", "\x01a"))
  assert.deepEqual(peer.heard(), [["hello", "\x01a"]])
  assert.equal(pattern.topicsCount, 0)
  assert.ok(sends(pattern, "\x01a", "\x01b"))
  assert.deepEqual(peer.heard(), [["\x01a"], ["\x01b"]])
})

test("XSUB hears its publishers in turn, whatever it asked for", () => {
  assertHeard(() => {
    const pattern = xsub()
    pattern.subscribe(frame("x"))
    const [one, other] = [new Partner(pattern), new Partner(pattern)]
    for (const text of ["a1", "a2", "a3"]) one.says(text, "body")
    for (const text of ["b1", "b2"]) other.says(text)
    return pattern
  }, [["a1", "body"], ["b1"], ["a2", "body"], ["b2"], ["a3", "body"]])
})

test("XSUB takes the short way, and tells who spoke last and whether there is more", () => {
  const pattern = xsub()
  assert.equal(pattern.sender, undefined)
  assert.equal(pattern.canReceive, false)
  const peer = new Partner(pattern)
  peer.says("1")
  peer.says("2")
  assert.equal(pattern.canReceive, true)
  assert.equal(String(pattern.takeAtOnce()), "1")
  assert.equal(pattern.sender, peer.peer)
  assert.deepEqual(receives(pattern), ["2"])
  assert.equal(pattern.canReceive, false)
})
