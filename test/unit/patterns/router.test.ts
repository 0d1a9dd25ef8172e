import assert from "node:assert/strict"
import { test } from "node:test"
import { RouterPattern, type RouterSettings } from "#src/patterns/router.js"
import { assertHeard, code, frame, message, Partner, receives, sends } from "./peers.js"

function router(settings: Partial<RouterSettings> = {}, random: () => number = () => 0): RouterPattern {
  return new RouterPattern(
    { mandatory: false, handover: false, raw: false, probeRouter: false, ...settings },
    random,
  )
}

test("ROUTER puts the sender's routing id before what it hears, one of each in turn", () => {
  assertHeard(() => {
    const pattern = router()
    const [one, other] = [
      new Partner(pattern, { routingId: "one" }),
      new Partner(pattern, { routingId: "other" }),
    ]
    for (const text of ["a1", "a2"]) one.says(text)
    one.says("a3", "of two")
    one.says("a4", "", "of three")
    for (const text of ["b1", "b2"]) other.says(text)
    return pattern
  }, [
    ["one", "a1"],
    ["other", "b1"],
    ["one", "a2"],
    ["other", "b2"],
    ["one", "a3", "of two"],
    ["one", "a4", "", "of three"],
  ])
})

test("ROUTER takes the short way where a peer has more to say", () => {
  const pattern = router()
  const peer = new Partner(pattern, { routingId: "name" })
  assert.equal(pattern.takeAtOnce(), undefined)
  for (const text of ["1", "2"]) peer.says(text)
  assert.deepEqual(pattern.takeAtOnce()?.map(String), ["name", "1"])
  assert.equal(pattern.takeAtOnce(), undefined)
})

test("ROUTER sends to whom the first frame names what is behind it", () => {
  const pattern = router()
  const [one, other] = [
    new Partner(pattern, { routingId: "one" }),
    new Partner(pattern, { routingId: "other" }),
  ]
  assert.ok(sends(pattern, "other", "hello"))
  assert.ok(sends(pattern, "one", "", "of two"))
  assert.ok(sends(pattern, "one", ""))
  assert.deepEqual(one.heard(), [["", "of two"], [""]])
  assert.deepEqual(other.heard(), [["hello"]])
  assert.equal(one.finished, false)
})

test("ROUTER answers by the frame that it gave, and by what is written into it since", () => {
  const pattern = router()
  const [one, other] = [
    new Partner(pattern, { routingId: "one" }),
    new Partner(pattern, { routingId: "two" }),
  ]
  one.says("hello")
  const [id] = pattern.receive() as [Buffer]
  assert.ok(pattern.send([id, frame("answer")]))
  assert.deepEqual(one.heard(), [["answer"]])
  id.write("two")
  assert.ok(pattern.send([id, frame("diverted")]))
  assert.deepEqual(one.heard(), [])
  assert.deepEqual(other.heard(), [["diverted"]])
  // What the user did to his copy changes no name.
  one.says("again")
  assert.deepEqual(receives(pattern), ["one", "again"])
  one.says("and again")
  const next = pattern.receive() as [Buffer, Buffer]
  assert.ok(pattern.send([next[0], frame("answer")]))
  assert.deepEqual(one.heard(), [["answer"]])
})

test("ROUTER gives the same frame for a peer's name each time, in memory of its own", () => {
  const pattern = router()
  const peer = new Partner(pattern, { routingId: "name" })
  peer.says("1")
  peer.says("2")
  const [first] = pattern.receive() as [Buffer]
  assert.equal((pattern.receive() as [Buffer])[0], first)
  assert.notEqual(first, peer.peer?.routingId)
})

test("ROUTER gives who has no name five bytes: a zero, and numbers that go up from a random one", () => {
  const pattern = router({}, () => 0.5)
  const peers = [new Partner(pattern), new Partner(pattern)]
  for (const peer of peers) peer.says("hello")
  assert.deepEqual(receives(pattern), ["\0\x80\0\0\0", "hello"])
  assert.deepEqual(receives(pattern), ["\0\x80\0\0\x01", "hello"])
  assert.ok(sends(pattern, "\0\x80\0\0\x01", "answer"))
  assert.deepEqual(peers[1]?.heard(), [["answer"]])
})

test("given names go on at 0 behind the largest, pass over those that somebody has, and stay apart", () => {
  const pattern = router({}, () => 0.999_999_999_9)
  new Partner(pattern, { routingId: "\0\0\0\0\x02" })
  const peers = Array.from({ length: 200 }, () => new Partner(pattern))
  const names = peers.map(({ routingId }) => Buffer.from(routingId as Buffer).toString("hex"))
  assert.deepEqual(names.slice(0, 5), ["00ffffffff", "0000000000", "0000000001", "0000000003", "0000000004"])
  assert.equal(new Set(names).size, 200)
  assert.equal(names[199], "00000000c7")
})

test("ROUTER drops what names nobody, and counts it", () => {
  const pattern = router()
  assert.equal(pattern.canSend, true)
  assert.equal(sends(pattern, "nobody", "lost"), true)
  assert.equal(pattern.dropped, 1)
  const peer = new Partner(pattern, { routingId: "full", room: 0 })
  assert.equal(sends(pattern, "full", "lost"), true)
  assert.equal(sends(pattern, "full", "lost", "too"), true)
  assert.equal(pattern.dropped, 3)
  peer.leave()
  assert.equal(sends(pattern, "full", "lost"), true)
  assert.equal(pattern.dropped, 4)
  assert.deepEqual(peer.heard(), [])
})

test("a name alone says nothing to anyone", () => {
  for (const mandatory of [false, true]) {
    const pattern = router({ mandatory })
    const peer = new Partner(pattern, { routingId: "name" })
    assert.equal(sends(pattern, "name"), true)
    assert.equal(sends(pattern, "nobody"), true)
    assert.deepEqual(peer.heard(), [])
    assert.equal(pattern.dropped, 0)
  }
})

test("mandatory: EHOSTUNREACH for who is not there, and the message waits for who has no room", () => {
  const pattern = router({ mandatory: true })
  assert.equal(pattern.canSend, false)
  assert.equal(
    code(() => sends(pattern, "nobody", "x")),
    "EHOSTUNREACH",
  )
  const peer = new Partner(pattern, { routingId: "peer", room: 1 })
  assert.equal(pattern.canSend, true)
  assert.equal(sends(pattern, "peer", "one"), true)
  assert.equal(sends(pattern, "peer", "two"), false)
  assert.equal(pattern.canSend, false)
  new Partner(pattern, { routingId: "other" })
  assert.equal(pattern.canSend, true)
  peer.leave()
  assert.equal(
    code(() => sends(pattern, "peer", "x")),
    "EHOSTUNREACH",
  )
  assert.equal(pattern.dropped, 0)
  assert.deepEqual(peer.heard(), [["one"]])
})

test("a name that is taken stays its first holder's: the second one is neither heard nor sent to", () => {
  const pattern = router()
  const [first, second] = [
    new Partner(pattern, { routingId: "name" }),
    new Partner(pattern, { routingId: "name" }),
  ]
  second.says("unheard")
  first.says("heard")
  assert.deepEqual(receives(pattern), ["name", "heard"])
  assert.equal(receives(pattern), undefined)
  assert.ok(sends(pattern, "name", "hello"))
  assert.deepEqual([first.heard(), second.heard()], [[["hello"]], []])
  assert.deepEqual([first.refusals, second.refusals], [[], []])
  // It goes as nobody: the holder keeps the name.
  second.leave()
  assert.ok(sends(pattern, "name", "still"))
  assert.deepEqual(first.heard(), [["still"]])
})

test("handover: the newcomer gets the name, the former holder is sent away, and what it said is heard", () => {
  const pattern = router({ handover: true })
  const former = new Partner(pattern, { routingId: "name" })
  former.says("old")
  const successor = new Partner(pattern, { routingId: "name" })
  assert.deepEqual([former.refusals, successor.refusals], [[undefined], []])
  former.leave()
  successor.says("new")
  assert.deepEqual(receives(pattern), ["name", "old"])
  assert.deepEqual(receives(pattern), ["name", "new"])
  assert.ok(sends(pattern, "name", "hello"))
  assert.deepEqual(successor.heard(), [["hello"]])
  assert.deepEqual(former.heard(), [])
})

test("ROUTER hears what a peer said before it was named, once it is", () => {
  const pattern = router()
  const peer = new Partner(pattern, { routingId: "name", absent: true })
  peer.says("early")
  assert.equal(pattern.canReceive, false)
  assert.equal(receives(pattern), undefined)
  peer.arrive()
  assert.equal(pattern.canReceive, true)
  assert.deepEqual(receives(pattern), ["name", "early"])
})

test("a peer that comes back keeps its name", () => {
  const pattern = router()
  const peer = new Partner(pattern)
  const { routingId } = peer
  peer.break()
  peer.arrive()
  assert.equal(peer.routingId, routingId)
  assert.equal(peer.refusals.length, 0)
})

test("a name that connect gave is there before the handshake, unless somebody came by it first", () => {
  const pattern = router({ mandatory: true })
  assert.equal(pattern.isFree(frame("given")), true)
  const peer = new Partner(pattern, { given: "given", routingId: "announced", absent: true })
  assert.equal(pattern.isFree(frame("given")), false)
  assert.ok(sends(pattern, "given", "early"))
  peer.arrive()
  assert.equal(pattern.isFree(frame("announced")), true)
  assert.deepEqual(peer.heard(), [["early"]])
  const late = new Partner(pattern, { given: "given", absent: true })
  assert.equal(late.routingId, undefined)
  late.arrive()
  assert.equal((late.routingId as unknown as Buffer).toString("latin1"), "\0\0\0\0\0")
})

test("a name is free again when its holder has left", () => {
  const pattern = router()
  const peer = new Partner(pattern, { routingId: "name" })
  peer.says("x")
  const [shown] = pattern.receive() as [Buffer]
  peer.leave()
  assert.equal(pattern.isFree(frame("name")), true)
  assert.equal(pattern.isFree(shown), true)
  // Who leaves without a name takes none with him.
  new Partner(pattern, { absent: true }).leave()
})

test("raw: an empty message ends the connection behind what was sent, and without the option it is a message", () => {
  const pattern = router({ raw: true })
  const peer = new Partner(pattern, { routingId: "peer" })
  assert.ok(sends(pattern, "peer", "bytes"))
  assert.ok(sends(pattern, "peer", "", "not empty"))
  assert.equal(peer.finished, false)
  assert.ok(sends(pattern, "peer", "", ""))
  assert.equal(peer.finished, true)
  assert.deepEqual(peer.heard(), [["bytes"], ["", "not empty"]])
})

test("probeRouter: an empty message goes to each new peer, and not without the option", () => {
  assert.deepEqual(new Partner(router({ probeRouter: true })).heard(), [[""]])
  assert.deepEqual(new Partner(router()).heard(), [])
})

test("ROUTER tells who spoke last", () => {
  const pattern = router()
  assert.equal(pattern.sender, undefined)
  assert.equal(pattern.canReceive, false)
  const peer = new Partner(pattern)
  peer.says("hello")
  pattern.receive()
  assert.equal(pattern.sender, peer.peer)
  assert.equal(pattern.send(message("x")), true)
})

test("what a send of one frame lends is not kept alive", () => {
  const pattern = router()
  const peer = new Partner(pattern, { routingId: "peer" })
  const seen: unknown[] = []
  peer.write = (body) => {
    seen.push(body, body[0]?.length)
    return true
  }
  assert.ok(sends(pattern, "peer", "hello"))
  assert.deepEqual([(seen[0] as Buffer[])[0]?.length, seen[1]], [0, 5])
})
