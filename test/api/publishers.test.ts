// What publishers and subscribers of puremq have beyond zeromq.js.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"
import { hasCode } from "../suites/talk.js"

const open: { close(): void }[] = []
let names = 0

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

function keep<Socket extends { close(): void }>(socket: Socket): Socket {
  open.push(socket)
  return socket
}

/** A publisher that takes one message for its subscriber, and no other before that was received. */
function full(options: { sendTimeout?: number } = {}) {
  const publisher = keep(new zmq.XPublisher({ linger: 0, sendHighWaterMark: 1, noDrop: true, ...options }))
  const subscriber = keep(new zmq.Subscriber({ receiveHighWaterMark: 1 }))
  publisher.bindSync(`inproc://publishers-${names++}`)
  subscriber.connect(publisher.lastEndpoint as string)
  subscriber.subscribe("a")
  let taken = 0
  while (publisher.trySend(`a${taken}`)) taken += 1
  assert.equal(taken, 2, "the sum of both marks")
  return { publisher, subscriber }
}

test("write-only options of zeromq.js can be read", () => {
  const publisher = keep(new zmq.XPublisher())
  assert.deepEqual(
    [publisher.noDrop, publisher.manual, publisher.welcomeMessage, publisher.verbosity],
    [false, false, null, null],
  )
  const welcomeMessage = Buffer.from("hello")
  Object.assign(publisher, { noDrop: true, manual: true, welcomeMessage, verbosity: "allSubs" })
  welcomeMessage.fill(0)
  assert.deepEqual(
    [publisher.noDrop, publisher.manual, publisher.welcomeMessage, publisher.verbosity],
    [true, true, Buffer.from("hello"), "allSubs"],
  )
})

test("topicsCount can be read and not set, and not read once the socket is closed", () => {
  for (const construct of [zmq.Publisher, zmq.XPublisher, zmq.Subscriber, zmq.XSubscriber]) {
    const socket = keep(new construct())
    assert.equal(socket.topicsCount, 0)
    assert.throws(() => Object.assign(socket, { topicsCount: 1 }), TypeError)
    socket.close()
    assert.throws(
      () => socket.topicsCount,
      (error) => hasCode(error, "ENOTSOCK"),
    )
  }
})

test("XPublisher's subscribe and unsubscribe refuse what is no topic, and a closed socket", () => {
  const publisher = keep(new zmq.XPublisher({ manual: true }))
  for (const method of ["subscribe", "unsubscribe"] as const) {
    publisher[method]()
    publisher[method]("a", Buffer.from("b"))
    for (const wrong of [1, null, undefined, {}]) {
      assert.throws(() => publisher[method]("a", wrong as never), {
        name: "TypeError",
        message: "Topic must be a string or buffer",
      })
    }
  }
  publisher.close()
  for (const method of ["subscribe", "unsubscribe"] as const) {
    assert.throws(
      () => publisher[method]("a"),
      (error) => hasCode(error, "ENOTSOCK"),
    )
  }
})

test("XPublisher's subscribe without a topic gives everything", async () => {
  const publisher = keep(new zmq.XPublisher({ manual: true }))
  const subscriber = keep(new zmq.Subscriber())
  publisher.bindSync(`inproc://publishers-${names++}`)
  subscriber.connect(publisher.lastEndpoint as string)
  subscriber.subscribe("")
  await publisher.receive()
  publisher.subscribe()
  assert.equal(publisher.topicsCount, 1)
  await publisher.send("anything")
  assert.equal(String(await subscriber.receive()), "anything")
  publisher.unsubscribe()
  assert.equal(publisher.topicsCount, 0)
})

test("who subscribed or cancelled, and who left, is the sender of the notification", async () => {
  const publisher = keep(new zmq.XPublisher())
  await publisher.bind("tcp://127.0.0.1:*")
  const subscriber = keep(new zmq.Subscriber())
  subscriber.connect(publisher.lastEndpoint as string)
  subscriber.subscribe("a")
  const { message, sender } = await within(publisher.receiveWithSender(), "a subscription")
  assert.deepEqual([String(message[0]), sender.socketType], ["\x01a", "SUB"])
  assert.equal(publisher.sender, sender)
  subscriber.close()
  assert.equal(String(await within(publisher.receive(), "the cancellation")), "\0a")
  assert.equal(publisher.sender, sender)
})

test("a send that waits with noDrop ends with EAGAIN at its timeout, with the signal's reason, and at close", async () => {
  const { publisher } = full({ sendTimeout: 20 })
  await assert.rejects(publisher.send("a"), (error) => hasCode(error, "EAGAIN"))
  publisher.sendTimeout = -1
  const signal = AbortSignal.timeout(20)
  await assert.rejects(publisher.send("a", { signal }), { name: "TimeoutError" })
  const waiter = publisher.send("a")
  publisher.close()
  await assert.rejects(waiter, (error) => hasCode(error, "EAGAIN"))
})

test("a send that waits with noDrop goes on when noDrop is set off, or nobody is left to match", async () => {
  for (const release of [
    (publisher: zmq.XPublisher) => (publisher.noDrop = false),
    (publisher: zmq.XPublisher) => (publisher.invertMatching = true),
  ]) {
    const { publisher, subscriber } = full()
    const waiter = publisher.send("a lost")
    release(publisher)
    await within(waiter, "the send() that waited to resolve")
    assert.deepEqual([String(await subscriber.receive()), String(await subscriber.receive())], ["a0", "a1"])
    assert.equal(subscriber.tryReceive(), undefined)
  }
})

test("what waits behind a message that nobody can take keeps its order", async () => {
  const { publisher, subscriber } = full()
  const waiters = [publisher.send("a2"), publisher.send("b"), publisher.send("a3")]
  const received: string[] = []
  while (received.length < 4) received.push(String(await within(subscriber.receive(), "a message")))
  assert.deepEqual(received, ["a0", "a1", "a2", "a3"])
  await within(Promise.all(waiters), "all to be sent")
})

test("with manual, a send that waits with noDrop goes on when its subscriber is unsubscribed", async () => {
  const publisher = keep(new zmq.XPublisher({ linger: 0, sendHighWaterMark: 1, noDrop: true, manual: true }))
  const subscriber = keep(new zmq.Subscriber({ receiveHighWaterMark: 1 }))
  publisher.bindSync(`inproc://publishers-${names++}`)
  subscriber.connect(publisher.lastEndpoint as string)
  subscriber.subscribe("a")
  await publisher.receive()
  publisher.subscribe("a")
  while (publisher.trySend("a"));
  const waiter = publisher.send("a")
  publisher.unsubscribe("a")
  await within(waiter, "the send() that waited to resolve")
})

test("a welcome is each subscriber's own, over inproc too", async () => {
  const publisher = keep(new zmq.XPublisher({ welcomeMessage: "W".repeat(1000) }))
  publisher.bindSync(`inproc://publishers-${names++}`)
  for (let count = 0; count < 2; count++) {
    const subscriber = keep(new zmq.Subscriber())
    subscriber.subscribe("W")
    subscriber.connect(publisher.lastEndpoint as string)
    const [frame] = await within(subscriber.receive(), "a welcome")
    assert.equal(String(frame), "W".repeat(1000))
    frame?.fill("x")
  }
})
