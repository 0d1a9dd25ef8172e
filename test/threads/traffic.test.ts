// What goes between threads: marks, sizes, names.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { fill, numbers, offer, takesNothing } from "../suites/talk.js"
import { Player, vacantName } from "./troupe.js"

async function isLinked(...sockets: zmq.Socket[]): Promise<void> {
  await eventually(async () => sockets.every((socket) => socket.stats().connections > 0), "a connection")
}

test("a receiver that does not receive stops a sender of another thread at the sum of their marks", async () => {
  await using worker = new Player()
  const pull = await worker.open("Pull", { receiveHighWaterMark: 5 })
  using push = new zmq.Push({ sendHighWaterMark: 4, linger: 0 })
  const address = vacantName()
  await pull.bind(address)
  push.connect(address)
  await isLinked(push)
  assert.equal(await fill(push, 100), 9)
  // However long it waits.
  assert.equal(await offer(push, "refused", 100), false)
  const waiting = push.send("waiting")
  for (const number of numbers(9)) assert.deepEqual(await pull.receive(), [number])
  await within(waiting, "send() to go on when there was room")
  assert.deepEqual(await pull.receive(), ["waiting"])
})

test("a thread that computes stops its senders by what their memory holds, and gets all of it", async () => {
  await using worker = new Player()
  const pull = await worker.open("Pull")
  using push = new zmq.Push({ sendHighWaterMark: 10, linger: 0 })
  const address = vacantName()
  await pull.bind(address)
  push.connect(address)
  await push.send("0")
  assert.deepEqual(await pull.receive(), ["0"])
  const cells = new Int32Array(new SharedArrayBuffer(8))
  worker.tell("blockUntil", cells)
  await eventually(async () => Atomics.load(cells, 0) === 1, "the worker to compute")
  const load = Buffer.alloc(20_000)
  let sent = 1
  try {
    while (sent < 100 && (await offer(push, [String(sent), load], 20))) sent += 1
  } finally {
    Atomics.store(cells, 1, 1)
    Atomics.notify(cells, 1)
  }
  assert.ok(sent < 100, `${sent} messages were taken`)
  for (let number = 1; number < sent; number += 1) {
    const [name, body] = await pull.receive()
    assert.deepEqual([name, body?.length], [String(number), load.length])
  }
})

test("a receiver without a mark stops no sender", async () => {
  await using worker = new Player()
  const pull = await worker.open("Pull", { receiveHighWaterMark: 0 })
  using push = new zmq.Push({ sendHighWaterMark: 2, linger: 0 })
  const address = vacantName()
  await pull.bind(address)
  push.connect(address)
  await isLinked(push)
  const load = Buffer.alloc(1000)
  for (const number of numbers(3000)) assert.ok(await offer(push, [number, load]), `message ${number}`)
  for (const number of numbers(3000)) assert.equal((await pull.receive())[0], number)
})

test("messages of any size and number of frames arrive as they were sent, both ways at a time", async () => {
  await using worker = new Player()
  const echo = await worker.open("Pair")
  using pair = new zmq.Pair({ linger: 0 })
  const address = vacantName()
  await echo.bind(address)
  pair.connect(address)
  const sizes = [0, 1, 255, 256, 4096, 65_535, 131_072, 131_073, 5_000_000]
  const sending = (async () => {
    for (const size of sizes) await pair.send([Buffer.alloc(size, 97), "", Buffer.alloc(size % 300, 98)])
  })()
  const echoing = (async () => {
    for (const _ of sizes) await echo.send(await echo.receive())
  })()
  for (const size of sizes) {
    const [first, middle, last] = await within(pair.receive(), `a message of ${size} bytes`)
    assert.ok(first?.equals(Buffer.alloc(size, 97)))
    assert.equal(middle?.length, 0)
    assert.ok(last?.equals(Buffer.alloc(size % 300, 98)))
  }
  await Promise.all([sending, echoing])
})

test("500,000 messages from two threads come to a third one whole and in order", async () => {
  using pull = new zmq.Pull()
  const address = vacantName()
  await pull.bind(address)
  await using one = new Player()
  await using other = new Player()
  for (const [worker, size] of [
    [one, 8],
    [other, 60],
  ] as const) {
    const push = await worker.open("Push")
    await push.connect(address)
    worker.tell("sendNumbers", push.id, 250_000, size)
  }
  const next = new Map([
    [8, 0],
    [60, 0],
  ])
  for (let count = 0; count < 500_000; count++) {
    const [name, load] = await pull.receive()
    const size = load?.length ?? 0
    const number = next.get(size) ?? -1
    if (Number(name) !== number || load?.[7] !== (number & 255))
      assert.fail(`${name} came instead of ${number}`)
    next.set(size, number + 1)
  }
  await takesNothing(pull, "a PULL that had all")
})

test("the memory that a message was sent from is the sender's again", async () => {
  await using worker = new Player()
  const pull = await worker.open("Pull")
  using push = new zmq.Push({ linger: 0 })
  const address = vacantName()
  push.connect(address)
  const small = Buffer.from("first")
  await push.send(small)
  small.write("other")
  await pull.bind(address)
  assert.deepEqual(await pull.receive(), ["first"])
  const large = Buffer.alloc(10_000, "a")
  await push.send(large)
  large.fill("b")
  assert.deepEqual(await pull.receive(), ["a".repeat(10_000)])
})

test("a name that another thread has cannot be bound, until it has let go", async () => {
  await using worker = new Player()
  const first = await worker.open("Pull")
  const address = vacantName()
  await first.bind(address)
  using second = new zmq.Pull()
  await assert.rejects(second.bind(address), { code: "EADDRINUSE", address })
  await first.unbind(address)
  await second.bind(address)
  const third = await worker.open("Pull")
  await assert.rejects(third.bind(address), { code: "EADDRINUSE" })
  second.close()
  await third.bind(address)
})

test("of two threads that bind a name at the same time one gets it", async () => {
  await using one = new Player()
  await using other = new Player()
  const pulls = [await one.open("Pull"), await other.open("Pull")]
  for (let round = 0; round < 10; round++) {
    const address = vacantName()
    const bound = await Promise.allSettled(pulls.map((pull) => pull.bind(address)))
    const statuses = bound.map(({ status }) => status).sort()
    assert.deepEqual(statuses, ["fulfilled", "rejected"], `round ${round}`)
  }
})

test("the name of a thread that was terminated is free", async () => {
  const address = vacantName()
  for (let round = 0; round < 3; round++) {
    await using worker = new Player()
    const pull = await worker.open("Pull")
    await pull.bind(address)
  }
  using pull = new zmq.Pull()
  await pull.bind(address)
})

test("names of a context of one's own are those of one thread", async () => {
  await using worker = new Player()
  const [own, shared] = [await worker.open("Pull", {}, true), await worker.open("Pull")]
  const address = vacantName()
  await own.bind(address)
  using push = new zmq.Push({ linger: 0, sendTimeout: 0 })
  push.connect(address)
  await push.send("for the shared one")
  await shared.bind(address)
  assert.deepEqual(await shared.receive(), ["for the shared one"])
  using apart = new zmq.Push({ linger: 0, context: new zmq.Context() })
  apart.connect(address)
  await eventually(async () => push.stats().connections === 1, "the PUSH to be connected")
  assert.equal(apart.stats().connections, 0)
})

test("each thread has an authenticator of its own", async () => {
  await using worker = new Player()
  using here = new zmq.Reply()
  const there = await worker.open("Reply")
  await here.bind("inproc://zeromq.zap.01")
  await there.bind("inproc://zeromq.zap.01")
  using request = new zmq.Request({ linger: 0 })
  request.connect("inproc://zeromq.zap.01")
  await request.send("question")
  assert.equal(String((await within(here.receive(), "the question"))[0]), "question")
})

test("sockets that do not go together are not connected", async () => {
  await using worker = new Player()
  const reply = await worker.open("Reply")
  const address = vacantName()
  await reply.bind(address)
  using push = new zmq.Push({ linger: 0, sendTimeout: 0 })
  push.connect(address)
  using request = new zmq.Request({ linger: 0 })
  request.connect(address)
  await request.send("question")
  assert.deepEqual(await reply.receive(), ["question"])
  assert.equal(push.stats().connections, 0)
})

test("a peer of another thread is known by what it says of itself", async () => {
  await using worker = new Player()
  const dealer = await worker.open("Dealer", { routingId: "dealer", metadata: { "X-Name": "worker" } })
  using router = new zmq.Router({ linger: 0 })
  const address = vacantName()
  await router.bind(address)
  await dealer.connect(address)
  await dealer.send("hello")
  await within(router.receive(), "a message")
  assert.equal(router.sender?.socketType, "DEALER")
  assert.equal(String(router.sender?.routingId), "dealer")
  assert.equal(router.sender?.properties.get("X-Name"), "worker")
})

test("what a socket greets with comes before all else, however little room there is", async () => {
  await using worker = new Player()
  const dealer = await worker.open("Dealer", { helloMessage: "hello" })
  using router = new zmq.Dealer({ receiveHighWaterMark: 1, linger: 0 })
  const address = vacantName()
  await dealer.connect(address)
  await dealer.send("first")
  await dealer.send("second")
  await router.bind(address)
  for (const text of ["hello", "first", "second"]) {
    assert.equal(String((await within(router.receive(), text))[0]), text)
  }
})
