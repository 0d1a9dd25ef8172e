import assert from "node:assert/strict"
import { test } from "node:test"
import { RadioPattern, type RadioSettings } from "#src/patterns/radio.js"
import { code, message, Partner, sends } from "./peers.js"

function radio(settings: Partial<RadioSettings> = {}): RadioPattern {
  return new RadioPattern({ noDrop: false, maxSubscriptions: 0, maxTopicsSize: 0, ...settings })
}

test("RADIO sends to who joined the group of a message, and over UDP to all", () => {
  const pattern = radio()
  assert.deepEqual([pattern.readsAtOnce, pattern.canSend], [true, true])
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  const silent = new Partner(pattern, { connectionless: true })
  one.says("\x01a")
  one.says("\x01")
  other.says("\x01b")
  for (const group of ["a", "b", "", "c"]) assert.equal(sends(pattern, group, "body"), true)
  assert.deepEqual(one.heard(), [
    ["a", "body"],
    ["", "body"],
  ])
  assert.deepEqual(other.heard(), [["b", "body"]])
  assert.equal(silent.heard().length, 4)
  silent.leave()
  silent.ended = false
  assert.ok(sends(pattern, "a", "body"))
  assert.deepEqual(silent.heard(), [])
})

test("a DISH that leaves a group, or altogether, hears no more of it", () => {
  const pattern = radio()
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const peer of [one, other]) peer.says("\x01a")
  one.says("\0a")
  assert.ok(sends(pattern, "a", "1"))
  other.leave()
  other.ended = false
  assert.ok(sends(pattern, "a", "2"))
  assert.deepEqual([one.heard(), other.heard()], [[], [["a", "1"]]])
})

test("who reads too slowly loses messages, which are counted, and nobody else notices", () => {
  const pattern = radio()
  const [slow, quick] = [new Partner(pattern, { room: 1 }), new Partner(pattern)]
  const silent = new Partner(pattern, { room: 0, connectionless: true })
  for (const peer of [slow, quick]) peer.says("\x01a")
  for (let count = 0; count < 3; count++) assert.equal(sends(pattern, "a", "x"), true)
  assert.deepEqual([slow.heard().length, quick.heard().length, silent.heard().length], [1, 3, 0])
  assert.equal(pattern.dropped, 5)
})

test("noDrop: a message waits for the slowest member, those of UDP too, and goes to none before it goes to all", () => {
  const pattern = radio({ noDrop: true })
  const [slow, quick] = [new Partner(pattern, { room: 1 }), new Partner(pattern)]
  const silent = new Partner(pattern, { room: 2, connectionless: true })
  for (const peer of [slow, quick]) peer.says("\x01a")
  assert.equal(sends(pattern, "a", "1"), true)
  assert.equal(sends(pattern, "a", "2"), false)
  slow.reads(10)
  assert.equal(sends(pattern, "a", "2"), true)
  assert.equal(sends(pattern, "a", "3"), false)
  for (const peer of [slow, quick, silent])
    assert.deepEqual(peer.heard(), [
      ["a", "1"],
      ["a", "2"],
    ])
  assert.equal(pattern.dropped, 0)
})

test("a message of a RADIO is a group of up to 255 bytes and one frame: EINVAL for any other", () => {
  const pattern = radio()
  for (const frames of [["a"], ["a", "b", "c"], ["g".repeat(256), "body"]]) {
    assert.equal(
      code(() => pattern.send(message(...frames))),
      "EINVAL",
    )
  }
  assert.equal(sends(pattern, "g".repeat(255), "body"), true)
})

test("a DISH that says anything else than that it joins or leaves is sent away", () => {
  for (const words of [
    ["hello"],
    [""],
    ["\x01a", "more"],
    [`\x01${"g".repeat(256)}`],
    [`\0${"g".repeat(256)}`],
  ]) {
    const pattern = radio()
    const peer = new Partner(pattern)
    peer.says(...words)
    assert.equal((peer.refusals[0] as { code?: string }).code, "ERR_ZMTP_UNSPECIFIED")
    assert.ok(sends(pattern, "a", "x"))
    assert.deepEqual(peer.heard(), [])
  }
  const pattern = radio()
  const peer = new Partner(pattern)
  peer.says(`\x01${"g".repeat(255)}`)
  assert.deepEqual(peer.refusals, [])
})

test("a DISH of another process that wants into more groups than it may is sent away", () => {
  const pattern = radio({ maxSubscriptions: 1 })
  const [greedy, local] = [new Partner(pattern), new Partner(pattern, { foreign: false })]
  for (const peer of [greedy, local]) for (const group of ["a", "b"]) peer.says(`\x01${group}`)
  assert.deepEqual(local.refusals, [])
  assert.deepEqual(
    greedy.refusals.map((reason) => (reason as { code?: string }).code),
    ["ENOBUFS"],
  )
  assert.ok(sends(pattern, "b", "x"))
  assert.deepEqual([greedy.heard(), local.heard()], [[], [["b", "x"]]])
})

test("what a DISH joined over its last connection is forgotten when it says the first thing over the next", () => {
  const pattern = radio()
  const peer = new Partner(pattern)
  peer.says("\x01a")
  peer.says("\x01b")
  assert.ok(sends(pattern, "a", "1"))
  assert.ok(sends(pattern, "b", "1"))
  assert.equal(peer.heard().length, 2)
  peer.break()
  peer.arrive()
  peer.says("\x01b")
  peer.says("\x01c")
  for (const group of ["a", "b", "c"]) assert.ok(sends(pattern, group, "2"))
  assert.deepEqual(peer.heard(), [
    ["b", "2"],
    ["c", "2"],
  ])
  peer.says("\0b")
  assert.ok(sends(pattern, "b", "3"))
  assert.deepEqual(peer.heard(), [])
})

test("a DISH that ended while it was read is in no group", () => {
  const pattern = radio()
  const peer = new Partner(pattern)
  const queue = [message("\x01a")]
  peer.read = () => {
    if (queue.length > 0) peer.leave()
    return queue.shift()
  }
  pattern.readable(peer)
  peer.ended = false
  assert.ok(sends(pattern, "a", "x"))
  assert.deepEqual(peer.heard(), [])
})

test("RADIO does not receive", () => {
  const pattern = radio()
  assert.equal(pattern.canReceive, false)
  assert.equal(
    code(() => pattern.receive()),
    "ENOTSUP",
  )
})
