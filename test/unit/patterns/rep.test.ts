import assert from "node:assert/strict"
import { test } from "node:test"
import { RepPattern } from "#src/patterns/rep.js"
import { code, message, Partner, receives, sends } from "./peers.js"

test("REP answers who asked, turn by turn, and both take one of each in turn", () => {
  const rep = new RepPattern()
  const [one, other] = [new Partner(rep), new Partner(rep)]
  one.says("", "a1")
  one.says("", "a2")
  other.says("", "b1", "more")
  for (const [request, reply] of [
    [["a1"], "to a1"],
    [["b1", "more"], "to b1"],
    [["a2"], "to a2"],
  ] as const) {
    assert.deepEqual(receives(rep), request)
    assert.equal(sends(rep, reply), true)
  }
  assert.deepEqual(one.heard(), [
    ["", "to a1"],
    ["", "to a2"],
  ])
  assert.deepEqual(other.heard(), [["", "to b1"]])
  assert.equal(rep.dropped, 0)
})

test("REP receives and sends by turns: EFSM for who is out of turn, and the turn stays", () => {
  const rep = new RepPattern()
  assert.equal(rep.lockstep, true)
  const peer = new Partner(rep)
  assert.deepEqual([rep.canSend, rep.canReceive], [false, false])
  assert.equal(
    code(() => sends(rep, "early")),
    "EFSM",
  )
  peer.says("", "one")
  peer.says("", "two")
  assert.deepEqual([rep.canSend, rep.canReceive], [false, true])
  assert.deepEqual(receives(rep), ["one"])
  assert.deepEqual([rep.canSend, rep.canReceive], [true, false])
  assert.equal(
    code(() => rep.receive()),
    "EFSM",
  )
  assert.ok(sends(rep, "reply"))
  assert.deepEqual([rep.canSend, rep.canReceive], [false, true])
  assert.equal(
    code(() => sends(rep, "twice")),
    "EFSM",
  )
  assert.deepEqual(peer.heard(), [["", "reply"]])
  assert.deepEqual(receives(rep), ["two"])
  assert.ok(sends(rep, "reply"))
  assert.equal(receives(rep), undefined)
  // Nothing came: nothing is to be answered.
  assert.equal(
    code(() => sends(rep, "late")),
    "EFSM",
  )
})

test("REP keeps the envelope up to the first empty frame, and puts it before the reply", () => {
  const rep = new RepPattern()
  const peer = new Partner(rep)
  peer.says("hop 1", "hop 2", "", "body", "", "more")
  assert.deepEqual(receives(rep), ["body", "", "more"])
  assert.ok(sends(rep, "reply", "of two"))
  assert.deepEqual(peer.heard(), [["hop 1", "hop 2", "", "reply", "of two"]])
})

test("REP passes over what cannot be answered: no delimiter, or nothing behind it", () => {
  const rep = new RepPattern()
  const peer = new Partner(rep)
  peer.says("no delimiter")
  peer.says("envelope", "")
  peer.says("")
  peer.says("", "")
  assert.deepEqual(receives(rep), [""])
  assert.ok(sends(rep, "reply"))
  peer.says("no delimiter")
  assert.equal(receives(rep), undefined)
})

test("REP drops the reply to who has gone or does not read, counts it, and hears the next", () => {
  const rep = new RepPattern()
  const [leaver, full] = [new Partner(rep), new Partner(rep, { room: 0 })]
  leaver.says("", "from the leaver")
  full.says("", "from the full one")
  assert.deepEqual(receives(rep), ["from the leaver"])
  leaver.leave()
  assert.equal(sends(rep, "lost"), true)
  assert.equal(rep.dropped, 1)
  assert.deepEqual(receives(rep), ["from the full one"])
  assert.equal(sends(rep, "lost"), true)
  assert.equal(rep.dropped, 2)
})

test("REP tells who asked last, also when he was answered", () => {
  const rep = new RepPattern()
  const [one, other] = [new Partner(rep), new Partner(rep)]
  assert.equal(rep.sender, undefined)
  one.says("", "a")
  receives(rep)
  assert.equal(rep.sender, one.peer)
  other.says("no request")
  rep.send(message("reply"))
  assert.equal(receives(rep), undefined)
  assert.equal(rep.sender, one.peer)
})
