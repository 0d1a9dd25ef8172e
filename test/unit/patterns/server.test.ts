import assert from "node:assert/strict"
import { test } from "node:test"
import { decodeServerId, encodeServerId, ServerPattern } from "#src/patterns/server.js"
import { assertHeard, code, frame, Partner, receives, sends, speakInFrames } from "./peers.js"

test("SERVER puts a number of four bytes before what each peer says, and sends to whom a number names", () => {
  const server = new ServerPattern(() => 0)
  assert.equal(server.canSend, true)
  const [one, other] = [new Partner(server), new Partner(server)]
  one.says("a")
  other.says("b")
  assert.deepEqual(receives(server), ["\0\0\0\x01", "a"])
  assert.deepEqual(receives(server), ["\0\0\0\x02", "b"])
  assert.equal(receives(server), undefined)
  assert.equal(sends(server, "\0\0\0\x02", "to b"), true)
  assert.equal(sends(server, "\0\0\0\x01", ""), true)
  assert.deepEqual([one.heard(), other.heard()], [[[""]], [["to b"]]])
})

test("SERVER hears its peers in turn, and drops messages of several frames, each of which was a turn", () => {
  assertHeard(() => {
    const server = new ServerPattern(() => 0)
    speakInFrames(server)
    return server
  }, [
    ["\0\0\0\x01", "a1"],
    ["\0\0\0\x01", "a2"],
    ["\0\0\0\x02", "b2"],
    ["\0\0\0\x01", "a4"],
  ])
})

test("SERVER takes the short way, and tells who spoke last and whether there is more", () => {
  const server = new ServerPattern(() => 0)
  assert.deepEqual([server.canReceive, server.sender, server.takeAtOnce()], [false, undefined, undefined])
  const peer = new Partner(server)
  peer.says("1")
  peer.says("2")
  assert.deepEqual(server.takeAtOnce()?.map(String), ["\0\0\0\x01", "1"])
  assert.equal(server.sender, peer.peer)
  assert.equal(server.canReceive, true)
  receives(server)
  assert.equal(server.canReceive, false)
})

test("numbers begin at a random one, go on at 1 behind the largest, and pass over those that somebody has", () => {
  const server = new ServerPattern(() => 0.999_999_999_9)
  const idOf = (): number => decodeServerId(new Partner(server).routingId as Buffer)
  assert.deepEqual([idOf(), idOf(), idOf()], [0xffff_ffff, 1, 2])
  const wrapped = server as unknown as { nextId: number }
  wrapped.nextId = 0xffff_ffff
  assert.deepEqual([idOf(), idOf()], [3, 4])
  assert.equal(decodeServerId(new Partner(new ServerPattern(() => 0.5)).routingId as Buffer), 0x8000_0000)
})

test("EHOSTUNREACH for who is not there, EINVAL for what is no number and one frame, and no room: it waits", () => {
  const server = new ServerPattern(() => 0)
  const peer = new Partner(server, { room: 1 })
  for (const id of ["\0\0\0\x02", "\0\0\0\0", "\0\0\0\x01\0", "\x01", ""]) {
    assert.equal(
      code(() => sends(server, id, "x")),
      "EHOSTUNREACH",
    )
  }
  assert.equal(
    code(() => sends(server, "\0\0\0\x01")),
    "EINVAL",
  )
  assert.equal(
    code(() => sends(server, "\0\0\0\x01", "x", "y")),
    "EINVAL",
  )
  assert.equal(sends(server, "\0\0\0\x01", "x"), true)
  assert.equal(sends(server, "\0\0\0\x01", "x"), false)
  peer.leave()
  assert.equal(
    code(() => sends(server, "\0\0\0\x01", "x")),
    "EHOSTUNREACH",
  )
  assert.equal(server.dropped, 0)
})

test("disconnect ends a peer's connection behind what was sent to it", () => {
  const server = new ServerPattern(() => 0)
  const [one, other] = [new Partner(server), new Partner(server)]
  server.disconnect(encodeServerId(2))
  assert.deepEqual([one.finished, other.finished], [false, true])
  assert.equal(
    code(() => server.disconnect(encodeServerId(3))),
    "EHOSTUNREACH",
  )
})

test("a number as a frame and back; what is none is 0", () => {
  for (const id of [0, 1, 0x01020304, 0xffff_ffff]) assert.equal(decodeServerId(encodeServerId(id)), id)
  assert.equal(Buffer.from(encodeServerId(0x01020304)).toString("hex"), "01020304")
  assert.deepEqual(
    ["", "\x01", "\0\0\0\0\x01"].map((text) => decodeServerId(frame(text))),
    [0, 0, 0],
  )
})

test("what a send lends is not kept alive", () => {
  const server = new ServerPattern(() => 0)
  const peer = new Partner(server)
  let lent: readonly Uint8Array[] = []
  peer.write = (body) => {
    assert.equal(body[0]?.length, 5)
    lent = body
    return true
  }
  assert.ok(sends(server, "\0\0\0\x01", "hello"))
  assert.deepEqual(
    lent.map(({ length }) => length),
    [0],
  )
})
