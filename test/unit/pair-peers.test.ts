// PAIR's one peer and those after it. Here libzmq differs: who comes too early it keeps waiting for ever.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as zmq from "puremq"
import { eventually } from "../suites/deadline.js"
import { numbers, offer, take, takeMany } from "../suites/talk.js"

const open: zmq.Pair[] = []

function pair(): zmq.Pair {
  const socket = new zmq.Pair({ linger: 0, reconnectInterval: 1 })
  open.push(socket)
  return socket
}

async function bound(): Promise<[zmq.Pair, string]> {
  const socket = pair()
  await socket.bind("tcp://127.0.0.1:*")
  return [socket, socket.lastEndpoint as string]
}

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

test("a second peer is turned away until the first has left", async () => {
  const [one, address] = await bound()
  const [first, second] = [pair(), pair()]
  first.connect(address)
  await first.send("first")
  assert.deepEqual(await take(one), ["first"])
  let turnedAway = 0
  second.events.on("disconnect", () => {
    turnedAway += 1
  })
  second.connect(address)
  await eventually(async () => turnedAway >= 2, "the second peer to be turned away twice")
  await one.send("to the first")
  assert.deepEqual(await take(first), ["to the first"])
  first.close()
  await eventually(async () => {
    await offer(one, "hello")
    return second.tryReceive()
  }, "the second peer to be taken")
  await second.send("second")
  assert.deepEqual(await take(one), ["second"])
})

// Over inproc it is certain that everything has arrived before the reading begins.
test("what peers said before they left is heard before their successor", async () => {
  const one = pair()
  await one.bind("inproc://succession")
  for (const words of [["0", "1"], ["2", "3", "4"], ["5"]]) {
    const peer = pair()
    peer.connect("inproc://succession")
    for (const word of words) assert.ok(peer.trySend(word))
    assert.ok(one.trySend("welcome"))
    assert.deepEqual(await take(peer), ["welcome"])
    peer.close()
  }
  const last = pair()
  last.connect("inproc://succession")
  for (const number of numbers(3, 6)) assert.ok(last.trySend(number))
  assert.ok(one.readable)
  assert.deepEqual(await takeMany(one, 9), numbers(9))
  assert.equal(one.readable, false)
  assert.ok(one.trySend("still there?"))
  assert.deepEqual(await take(last), ["still there?"])
})

test("what was not read of a peer that was let go is forgotten", async () => {
  const one = pair()
  const peers = ["inproc://former", "inproc://next"].map((address) => {
    const peer = pair()
    peer.bindSync(address)
    return peer
  })
  const [former, next] = peers as [zmq.Pair, zmq.Pair]
  one.connect("inproc://former")
  assert.ok(former.trySend("unread"))
  assert.ok(one.readable)
  one.disconnect("inproc://former")
  assert.equal(one.readable, false)
  one.connect("inproc://next")
  assert.ok(next.trySend("read"))
  assert.deepEqual(await take(one), ["read"])
})
