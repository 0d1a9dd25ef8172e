import assert from "node:assert/strict"
import { test } from "node:test"
import { PushPattern } from "#src/patterns/push.js"
import { code, message, Partner, sends } from "./peers.js"

function crowd(push: PushPattern, size: number, room = Infinity): Partner[] {
  return Array.from({ length: size }, () => new Partner(push, { room }))
}

test("PUSH gives each peer one message in turn", () => {
  const push = new PushPattern()
  const peers = crowd(push, 3)
  for (let count = 0; count < 7; count++) assert.equal(sends(push, `${count}`), true)
  assert.deepEqual(
    peers.map((peer) => peer.heard()),
    [
      [["0"], ["3"], ["6"]],
      [["1"], ["4"]],
      [["2"], ["5"]],
    ],
  )
})

test("PUSH cannot send without a peer, and drops nothing", () => {
  const push = new PushPattern()
  assert.equal(push.canSend, false)
  assert.equal(sends(push, "nobody"), false)
  assert.equal(push.dropped, 0)
  const peer = new Partner(push)
  assert.equal(push.canSend, true)
  peer.leave()
  assert.equal(push.canSend, false)
  assert.equal(sends(push, "nobody"), false)
})

test("PUSH passes over a peer at its high-water mark until that has room", () => {
  const push = new PushPattern()
  const [full, free] = [new Partner(push, { room: 1 }), new Partner(push)]
  for (let count = 0; count < 4; count++) assert.ok(sends(push, `${count}`))
  assert.deepEqual(full.heard(), [["0"]])
  assert.deepEqual(free.heard(), [["1"], ["2"], ["3"]])
  full.reads(5)
  for (let count = 4; count < 8; count++) assert.ok(sends(push, `${count}`))
  assert.equal(full.heard().length, 2)
  assert.equal(free.heard().length, 2)
})

test("PUSH waits when all peers are at their high-water marks, and goes on with the first that has room", () => {
  const push = new PushPattern()
  const peers = crowd(push, 3, 1)
  for (let count = 0; count < 3; count++) assert.ok(sends(push, `${count}`))
  assert.equal(push.canSend, false)
  assert.equal(sends(push, "3"), false)
  assert.equal(push.canSend, false)
  // That a peer has room counts from when it says so.
  for (const peer of peers) {
    peer.room = 1
    assert.equal(push.canSend, false)
    peer.room = 0
  }
  peers[1]?.reads(1)
  assert.equal(push.canSend, true)
  assert.ok(sends(push, "3"))
  assert.equal(sends(push, "4"), false)
  assert.deepEqual(
    peers.map((peer) => peer.heard()),
    [[["0"]], [["1"], ["3"]], [["2"]]],
  )
  assert.equal(push.dropped, 0)
})

test("a peer that says twice that it has room has one place among the others", () => {
  const push = new PushPattern()
  const peers = crowd(push, 3)
  peers[0]?.reads(9)
  peers[2]?.reads(9)
  for (let count = 0; count < 6; count++) assert.ok(sends(push, `${count}`))
  assert.deepEqual(
    peers.map((peer) => peer.heard().length),
    [2, 2, 2],
  )
})

test("a peer that leaves, full or not, takes no message any more and disturbs no turn", () => {
  for (const leaverRoom of [Infinity, 0]) {
    for (let leaver = 0; leaver < 4; leaver++) {
      for (let before = 0; before < 5; before++) {
        const push = new PushPattern()
        const peers = [0, 1, 2, 3].map((at) => new Partner(push, at === leaver ? { room: leaverRoom } : {}))
        for (let count = 0; count < before; count++) assert.ok(sends(push, "before"))
        for (const peer of peers) peer.heard()
        peers[leaver]?.leave()
        assert.equal(peers[leaver]?.sendSlot, -1)
        const rest = peers.filter((_, at) => at !== leaver)
        for (let count = 0; count < 6; count++) assert.ok(sends(push, "after"))
        assert.deepEqual(
          rest.map((peer) => peer.heard().length),
          [2, 2, 2],
        )
        assert.deepEqual(peers[leaver]?.heard(), [])
        // Who has gone already does not go twice.
        push.detach(peers[leaver] as Partner)
        for (let count = 0; count < 3; count++) assert.ok(sends(push, "after"))
        assert.deepEqual(
          rest.map((peer) => peer.heard().length),
          [1, 1, 1],
        )
      }
    }
  }
})

test("whoever is full, leaves and comes, the turns stay: nobody gets two messages before another got one", () => {
  const push = new PushPattern()
  const [one, two, three] = crowd(push, 3) as [Partner, Partner, Partner]
  two.room = 0
  for (let count = 0; count < 4; count++) assert.ok(sends(push, "x"))
  assert.deepEqual(
    [one, two, three].map((peer) => peer.heard().length),
    [2, 0, 2],
  )
  const four = new Partner(push)
  two.reads(10)
  one.leave()
  for (let count = 0; count < 6; count++) assert.ok(sends(push, "x"))
  assert.deepEqual(
    [two, three, four].map((peer) => peer.heard().length),
    [2, 2, 2],
  )
})

test("PUSH can send as soon as one of its peers can take a message, also when the first one cannot", () => {
  const push = new PushPattern()
  const [one, other] = [new Partner(push, { room: 0 }), new Partner(push, { room: 0 })]
  assert.equal(push.canSend, false)
  other.room = 1
  assert.equal(push.canSend, true)
  other.room = 0
  one.room = 1
  assert.equal(push.canSend, true)
})

test("the turn goes on behind the peer that took the last message when one before it fills up", () => {
  const push = new PushPattern()
  const peers = crowd(push, 3)
  assert.ok(sends(push, "0"))
  ;(peers[1] as Partner).room = 0
  assert.ok(sends(push, "1"))
  assert.ok(sends(push, "2"))
  assert.deepEqual(
    peers.map((peer) => peer.heard()),
    [[["0"], ["2"]], [], [["1"]]],
  )
})

test("the last one in the row that is full hands its turn to the first", () => {
  const push = new PushPattern()
  const peers = [new Partner(push), new Partner(push, { room: 0 })]
  for (let count = 0; count < 3; count++) assert.ok(sends(push, `${count}`))
  assert.deepEqual(
    peers.map((peer) => peer.heard().length),
    [3, 0],
  )
})

test("PUSH throws away what a peer says, as it has nothing to say", () => {
  const push = new PushPattern()
  const peer = new Partner(push)
  peer.says("what")
  peer.says("ever")
  assert.equal(peer.readable, false)
  const words = [message("a"), message("b")]
  peer.read = () => words.shift()
  push.readable(peer)
  assert.equal(words.length, 0)
  assert.equal(push.canReceive, false)
  assert.equal(
    code(() => push.receive()),
    "ENOTSUP",
  )
})
