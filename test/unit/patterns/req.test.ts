import assert from "node:assert/strict"
import { test } from "node:test"
import { ReqPattern } from "#src/patterns/req.js"
import type { PatternSettings } from "#src/routing/pattern.js"
import { code, Partner, receives, sends } from "./peers.js"

function req(settings: Partial<PatternSettings> = {}, random: () => number = () => 0): ReqPattern {
  const none = {
    mandatory: false,
    handover: false,
    raw: false,
    probeRouter: false,
    correlate: false,
    relaxed: false,
  }
  return new ReqPattern({ ...none, ...settings }, random)
}

test("REQ asks its peers in turn, behind a delimiter, and takes the answer without it", () => {
  const pattern = req()
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const peer of [one, other, one]) {
    assert.equal(sends(pattern, "question", "more"), true)
    assert.deepEqual(peer.heard(), [["", "question", "more"]])
    peer.says("", "answer", "more")
    assert.deepEqual(receives(pattern), ["answer", "more"])
    assert.equal(pattern.sender, peer.peer)
  }
})

test("REQ sends and receives by turns: EFSM for who is out of turn, and the turn stays", () => {
  const pattern = req()
  assert.equal(pattern.lockstep, true)
  assert.equal(
    code(() => pattern.receive()),
    "EFSM",
  )
  assert.deepEqual([pattern.canSend, pattern.canReceive], [false, false])
  const peer = new Partner(pattern)
  assert.deepEqual([pattern.canSend, pattern.canReceive], [true, false])
  assert.ok(sends(pattern, "question"))
  assert.deepEqual([pattern.canSend, pattern.canReceive], [false, false])
  assert.equal(receives(pattern), undefined)
  assert.equal(
    code(() => sends(pattern, "again")),
    "EFSM",
  )
  peer.says("", "answer")
  assert.deepEqual([pattern.canSend, pattern.canReceive], [false, true])
  assert.equal(
    code(() => sends(pattern, "again")),
    "EFSM",
  )
  assert.deepEqual(receives(pattern), ["answer"])
  assert.deepEqual([pattern.canSend, pattern.canReceive], [true, false])
  assert.equal(
    code(() => pattern.receive()),
    "EFSM",
  )
  peer.says("", "unasked")
  assert.deepEqual([pattern.canSend, pattern.canReceive], [true, false])
})

test("REQ waits while there is no peer with room, and its turn to send stays", () => {
  const pattern = req()
  assert.equal(sends(pattern, "nobody"), false)
  assert.equal(
    code(() => pattern.receive()),
    "EFSM",
  )
  const peer = new Partner(pattern, { room: 0 })
  assert.equal(sends(pattern, "full"), false)
  assert.equal(
    code(() => pattern.receive()),
    "EFSM",
  )
  peer.reads(1)
  assert.equal(sends(pattern, "question"), true)
  assert.deepEqual(peer.heard(), [["", "question"]])
})

test("REQ forgets what came before it asked", () => {
  const pattern = req()
  const peer = new Partner(pattern)
  peer.says("", "unasked")
  peer.says("", "unasked too")
  assert.ok(sends(pattern, "question"))
  assert.equal(receives(pattern), undefined)
  peer.says("", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
})

test("REQ takes the answer of who was asked, and of no other", () => {
  const pattern = req()
  const [asked, other] = [new Partner(pattern), new Partner(pattern)]
  assert.ok(sends(pattern, "question"))
  other.says("", "of another")
  assert.equal(receives(pattern), undefined)
  other.says("", "of another")
  asked.says("", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
  assert.equal(pattern.sender, asked.peer)
})

test("REQ takes anybody's answer when who was asked has gone, his own last words first", () => {
  const pattern = req()
  const [asked, other] = [new Partner(pattern), new Partner(pattern)]
  assert.ok(sends(pattern, "question"))
  asked.leave()
  assert.equal(asked.sendSlot, -1)
  other.says("", "of another")
  assert.deepEqual(receives(pattern), ["of another"])
  assert.ok(sends(pattern, "question"))
  assert.deepEqual(other.heard(), [["", "question"]])
  other.says("", "last words")
  other.leave()
  assert.deepEqual(receives(pattern), ["last words"])
})

test("REQ takes another's answer behind what a peer that has gone said in vain", () => {
  const pattern = req()
  const [asked, other] = [new Partner(pattern), new Partner(pattern)]
  assert.ok(sends(pattern, "question"))
  asked.says("malformed")
  asked.leave()
  other.says("", "of another")
  assert.deepEqual(receives(pattern), ["of another"])
  assert.equal(pattern.sender, other.peer)
})

test("REQ still waits for who was asked when another one goes", () => {
  const pattern = req()
  const [asked, leaver, other] = [new Partner(pattern), new Partner(pattern), new Partner(pattern)]
  assert.ok(sends(pattern, "question"))
  leaver.leave()
  other.says("", "of another")
  assert.equal(receives(pattern), undefined)
  asked.says("", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
})

test("REQ passes over what is no reply: no delimiter, or nothing behind it", () => {
  const pattern = req()
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "question"))
  peer.says("no delimiter", "body")
  peer.says("")
  peer.says("", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
})

test("relaxed: REQ may ask anew, and the answer to the question before goes unheard", () => {
  const pattern = req({ relaxed: true, correlate: true })
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "one"))
  assert.equal(pattern.canSend, true)
  assert.ok(sends(pattern, "two"))
  const [first, second] = peer.heard().map(([number]) => number as string)
  peer.says(first as string, "", "to the first")
  peer.says(second as string, "", "to the second")
  assert.deepEqual(receives(pattern), ["to the second"])
})

test("relaxed: without a peer that has room REQ cannot send", () => {
  const pattern = req({ relaxed: true })
  assert.equal(pattern.canSend, false)
  new Partner(pattern, { room: 1 })
  assert.ok(sends(pattern, "one"))
  assert.equal(pattern.canSend, false)
})

test("correlate: the number of four bytes before the delimiter goes up by one, byte after byte", () => {
  const numbers = (random: () => number, count: number): string[] => {
    const pattern = req({ correlate: true, relaxed: true }, random)
    const peer = new Partner(pattern)
    for (let at = 0; at < count; at++) assert.ok(sends(pattern, "q"))
    return peer.heard().map(([number, delimiter, body]) => {
      assert.deepEqual([delimiter, body], ["", "q"])
      return number as string
    })
  }
  assert.deepEqual(
    numbers(() => 0, 2),
    ["\x01\0\0\0", "\x02\0\0\0"],
  )
  const many = numbers(() => 0, 65_537)
  assert.deepEqual(many.slice(254, 257), ["\xff\0\0\0", "\0\x01\0\0", "\x01\x01\0\0"])
  assert.deepEqual(many.slice(-3), ["\xff\xff\0\0", "\0\0\x01\0", "\x01\0\x01\0"])
  // From the largest number on to the least.
  assert.deepEqual(
    numbers(() => 0.999, 2),
    ["\0\0\0\0", "\x01\0\0\0"],
  )
})

test("correlate: the first number is a random one, each byte of it", () => {
  let at = 0
  const pattern = req({ correlate: true }, () => [0.1, 0.5, 0.25, 0.75][at++] as number)
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "q"))
  assert.deepEqual(peer.heard(), [["\x1a\x80\x40\xc0", "", "q"]])
  assert.equal(at, 4)
})

test("correlate: an answer with another number, or without one, is passed over", () => {
  const pattern = req({ correlate: true })
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "question"))
  const [[number]] = peer.heard() as [[string]]
  assert.equal(number, "\x01\0\0\0")
  for (const wrong of [
    "\x02\0\0\0",
    "\x01\x01\0\0",
    "\x01\0\x01\0",
    "\x01\0\0\x01",
    "\x01\0\0",
    "\x01\0\0\0\0",
    "",
  ])
    peer.says(wrong, "", "wrong")
  peer.says("", "without a number")
  peer.says(number)
  peer.says(number, "")
  peer.says(number, "no delimiter", "body")
  peer.says(number, "", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
})

test("correlate: a question asked before the option was set is answered without a number", () => {
  const settings = { correlate: false }
  const pattern = req(settings)
  const peer = new Partner(pattern)
  assert.ok(sends(pattern, "question"))
  settings.correlate = true
  peer.says("", "answer")
  assert.deepEqual(receives(pattern), ["answer"])
})

test("probeRouter: an empty message goes to each new peer before all questions, and not without the option", () => {
  const prober = req({ probeRouter: true })
  const peer = new Partner(prober)
  assert.ok(sends(prober, "question"))
  assert.deepEqual(peer.heard(), [[""], ["", "question"]])
  assert.deepEqual(new Partner(req()).heard(), [])
})
