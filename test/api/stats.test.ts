// What a socket counts: messages and bytes each way, what it dropped, what waits, and who is there.
import assert from "node:assert/strict"
import type { SocketStats } from "puremq"
import { eventually } from "../suites/deadline.js"
import { puremq } from "../suites/library.js"
import { type Stage, scenario, type TransportName } from "../suites/stage.js"
import { numbers, take, takeMany } from "../suites/talk.js"
import { here, meet } from "../wire/wire-stage.js"
import { command, message, oldFrame, ping } from "../wire/zmtp-bytes.js"

const nothing: SocketStats = {
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  dropped: 0,
  queuedIn: 0,
  queuedOut: 0,
  connections: 0,
}
/** A greeting, and a READY that tells a Socket-Type of four letters. */
const HANDSHAKE = 64 + 28

/** A handshake, and what a frame has before its body: one of 255 bytes at most, and a larger one. */
const overheads = {
  tcp: [HANDSHAKE, 2, 9],
  ipc: [HANDSHAKE, 2, 9],
  ws: [27, 1, 1],
  inproc: [0, 0, 0],
} as const

for (const transport of ["tcp", "ipc", "ws", "inproc"] as const) {
  on(transport, "messages and bytes are counted on both sides", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    assert.deepEqual(push.stats(), nothing)
    push.connect(await stage.bind(pull))
    // Together, and then one by one.
    for (const number of numbers(900, 100)) await push.send(number)
    assert.deepEqual(await takeMany(pull, 900), numbers(900, 100))
    for (const number of numbers(100, 100)) {
      await push.send([number, number])
      assert.deepEqual(await take(pull), [number, number])
    }
    await push.send(Buffer.alloc(300_000))
    await take(pull)
    const [told, small, large] = overheads[transport]
    const bytes = transport === "inproc" ? 0 : told + 1100 * (small + 3) + large + 300_000
    const counted = { ...nothing, connections: 1 }
    assert.deepEqual(push.stats(), { ...counted, messagesOut: 1001, bytesOut: bytes, bytesIn: told })
    assert.deepEqual(pull.stats(), { ...counted, messagesIn: 1001, bytesIn: bytes, bytesOut: told })
  })

  on(transport, "questions and answers are counted", async (stage) => {
    const [request, reply] = [stage.open("Request"), stage.open("Reply")]
    request.connect(await stage.bind(reply))
    for (const number of numbers(20)) {
      await request.send(number)
      assert.deepEqual(await take(reply), [number])
      await reply.send(number)
      assert.deepEqual(await take(request), [number])
    }
    for (const { messagesIn, messagesOut, dropped, connections } of [request.stats(), reply.stats()]) {
      assert.deepEqual([messagesIn, messagesOut, dropped, connections], [20, 20, 0, 1])
    }
  })

  on(transport, "a hello counts as any message", async (stage) => {
    const [router, dealer] = [stage.open("Router", { helloMessage: "hello" }), stage.open("Dealer")]
    dealer.connect(await stage.bind(router))
    assert.deepEqual(await take(dealer), ["hello"])
    assert.deepEqual([router.stats().messagesOut, dealer.stats().messagesIn], [1, 1])
  })

  on(transport, "what waits is counted where it waits", async (stage) => {
    const push = stage.open("Push", { reconnectInterval: 10, sendHighWaterMark: 10 })
    const address = await stage.vacant()
    push.connect(address)
    for (const number of numbers(7)) await push.send(number)
    assert.deepEqual(push.stats(), { ...nothing, queuedOut: 7 })
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    await eventually(async () => pull.stats().queuedIn === 7, "the messages to come")
    const { queuedOut, messagesOut } = push.stats()
    assert.deepEqual([queuedOut, messagesOut], [0, 7])
    await takeMany(pull, 7)
    const { queuedIn, messagesIn } = pull.stats()
    assert.deepEqual([queuedIn, messagesIn], [0, 7])
  })

  on(transport, "what has been counted stays when the peer goes", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    push.connect(await stage.bind(pull))
    for (const number of numbers(3)) await push.send(number)
    await takeMany(pull, 3)
    push.close()
    await eventually(async () => pull.stats().connections === 0, "the peer to go")
    assert.equal(pull.stats().messagesIn, 3)
    assert.throws(() => push.stats(), { code: "ENOTSOCK" })
  })

  on(transport, "each subscriber's copy is counted, and each subscription", async (stage) => {
    const publisher = stage.open("XPublisher")
    const subscribers = stage.three("Subscriber")
    const address = await stage.bind(publisher)
    for (const [index, subscriber] of subscribers.entries()) {
      subscriber.connect(address)
      subscriber.subscribe(String(index), "all")
    }
    await eventually(async () => publisher.stats().messagesIn === 6, "the subscriptions")
    await publisher.send("all")
    for (const subscriber of subscribers) assert.deepEqual(await take(subscriber), ["all"])
    await publisher.send("nobody's")
    const { messagesOut, dropped, connections } = publisher.stats()
    assert.deepEqual([messagesOut, dropped, connections], [3, 0, 3])
  })

  on(transport, "what is dropped is counted", async (stage) => {
    const router = stage.open("Router")
    await router.send(["nobody", "unheard"])
    assert.equal(router.stats().dropped, 1)

    const push = stage.open("Push", { linger: 0 })
    const address = await stage.vacant()
    push.connect(address)
    for (const number of numbers(5)) await push.send(number)
    push.disconnect(address)
    assert.deepEqual(push.stats(), { ...nothing, dropped: 5 })

    const xsub = stage.open("XSubscriber", { sendHighWaterMark: 2 })
    xsub.connect(await stage.vacant())
    for (const number of numbers(5)) await xsub.send(`upstream ${number}`)
    assert.deepEqual(xsub.stats(), { ...nothing, queuedOut: 2, dropped: 3 })
  })
}

here("what a slow subscriber misses is counted", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "Publisher", { sendHighWaterMark: 10 })
  await mock.shakeHands("SUB")
  await mock.send(command("SUBSCRIBE"))
  await eventually(async () => socket.stats().messagesIn === 1, "the subscription")
  mock.stopReading()
  const sent = 200
  for (let count = 0; count < sent; count++) await socket.send(Buffer.alloc(100_000))
  const { dropped, queuedOut, messagesOut } = socket.stats()
  assert.ok(dropped > 0 && queuedOut <= 10, `${dropped} dropped, ${queuedOut} queued`)
  assert.equal(dropped + queuedOut + messagesOut, sent)
})

here("an answer to who has gone is counted as dropped", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "Reply")
  await mock.shakeHands("REQ")
  await mock.send(message("", "question"))
  assert.deepEqual(await take(socket), ["question"])
  mock.finish()
  await events.next("disconnect")
  await socket.send("answer")
  assert.equal(socket.stats().dropped, 1)
})

here("handshakes and heartbeats count in bytes alone", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "Pull")
  await mock.shakeHands("PUSH")
  await mock.send(ping(0, "context"))
  await mock.takeCommand()
  const { messagesIn, messagesOut, bytesIn, bytesOut } = socket.stats()
  assert.deepEqual([messagesIn, messagesOut], [0, 0])
  assert.deepEqual([bytesIn, bytesOut], [HANDSHAKE + 2 + 14, HANDSHAKE + 2 + 12])
})

here("what a peer of ZMTP 1.0 says with its routing id is counted once", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "Pull")
  await mock.send(oldFrame(0, ""), oldFrame(0, "one"), oldFrame(0, "two"))
  assert.deepEqual(await takeMany(socket, 2), ["one", "two"])
  await mock.send(oldFrame(0, "three"))
  await take(socket)
  const { messagesIn, bytesIn } = socket.stats()
  assert.deepEqual([messagesIn, bytesIn], [3, 2 + 5 + 5 + 7])
})

here("a peer counts from the end of its handshake to its own", async (stage) => {
  const { socket, mock, events, again } = await meet(stage, "connects", "Pull")
  assert.equal(socket.stats().connections, 0)
  await mock.shakeHands("PUSH")
  await events.next("handshake")
  assert.equal(socket.stats().connections, 1)
  mock.finish()
  await events.next("disconnect")
  assert.equal(socket.stats().connections, 0)
  await (await again()).shakeHands("PUSH")
  await events.next("handshake")
  assert.equal(socket.stats().connections, 1)
})

function on(transport: TransportName, name: string, play: (stage: Stage) => Promise<void>): void {
  scenario({ library: puremq, transport }, `${name}, over ${transport}`, play)
}
