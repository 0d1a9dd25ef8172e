// From a message to who sent it: `sender` and `receiveWithSender`.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"

const open: { close(): void }[] = []
let names = 0

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

function keep<Socket extends { close(): void }>(socket: Socket): Socket {
  open.push(socket)
  return socket
}

const addresses: Readonly<Record<string, () => string>> = {
  tcp: () => "tcp://127.0.0.1:*",
  inproc: () => `inproc://sender-${names++}`,
}

for (const [transport, address] of Object.entries(addresses)) {
  async function bound<Bound extends zmq.Socket>(socket: Bound): Promise<Bound> {
    await socket.bind(address())
    return keep(socket)
  }

  function dealerTo(binder: zmq.Socket, routingId: string): zmq.Dealer {
    const dealer = keep(new zmq.Dealer({ routingId, linger: 0 }))
    dealer.connect(binder.lastEndpoint as string)
    return dealer
  }

  test(`${transport}: nobody has sent before the first message`, async () => {
    const pull = await bound(new zmq.Pull())
    assert.equal(pull.sender, undefined)
  })

  test(`${transport}: in a loop the sender is that of the message at hand`, async () => {
    const router = await bound(new zmq.Router())
    const dealers = ["one", "two", "three"].map((name) => dealerTo(router, name))
    for (let round = 0; round < 20; round++) await Promise.all(dealers.map((dealer) => dealer.send("hello")))
    const senders = new Map<string, Set<unknown>>()
    let received = 0
    for await (const [id] of router) {
      const { sender } = router
      assert.ok(sender !== undefined)
      assert.equal(String(sender.routingId), String(id))
      assert.equal(sender.socketType, "DEALER")
      assert.equal(sender.address === "", transport === "inproc")
      senders.set(String(id), (senders.get(String(id)) ?? new Set()).add(sender))
      if (++received === 60) break
    }
    assert.deepEqual([...senders.keys()].sort(), ["one", "three", "two"])
    for (const objects of senders.values()) assert.equal(objects.size, 1, "a connection has one object")
  })

  test(`${transport}: receives that were pending together each know their sender`, async () => {
    const router = await bound(new zmq.Router())
    const pending = Array.from({ length: 6 }, () => router.receiveWithSender())
    const dealers = ["one", "two"].map((name) => dealerTo(router, name))
    for (let round = 0; round < 3; round++) {
      for (const dealer of dealers) await dealer.send(String(round))
    }
    for (const { message, sender } of await within(Promise.all(pending), "six messages")) {
      assert.equal(String(message[0]), String(sender.routingId))
    }
  })

  test(`${transport}: a message that is there is received with its sender at once`, async () => {
    const pull = await bound(new zmq.Pull())
    const push = keep(new zmq.Push({ linger: 0 }))
    push.connect(pull.lastEndpoint as string)
    await push.send("a")
    await push.send("b")
    const [a] = await within(pull.receive(), "a message")
    const { message, sender } = await within(pull.receiveWithSender(), "another")
    assert.deepEqual([String(a), String(message[0]), sender.socketType], ["a", "b", "PUSH"])
    assert.equal(pull.sender, sender)
  })

  test(`${transport}: requests, replies and news have senders`, async () => {
    const reply = await bound(new zmq.Reply())
    const request = keep(new zmq.Request({ routingId: "asker", linger: 0 }))
    request.connect(reply.lastEndpoint as string)
    await request.send("?")
    const asked = await within(reply.receiveWithSender(), "the request")
    assert.equal(asked.sender.socketType, "REQ")
    assert.equal(String(asked.sender.routingId), "asker")
    await reply.send("!")
    const answered = await within(request.receiveWithSender(), "the reply")
    assert.equal(answered.sender.socketType, "REP")

    const pair = await bound(new zmq.Pair())
    const other = keep(new zmq.Pair({ linger: 0 }))
    other.connect(pair.lastEndpoint as string)
    await other.send("hello")
    assert.equal((await within(pair.receiveWithSender(), "the greeting")).sender.socketType, "PAIR")

    const publisher = await bound(new zmq.XPublisher())
    const subscriber = keep(new zmq.Subscriber())
    subscriber.connect(publisher.lastEndpoint as string)
    subscriber.subscribe("news")
    await within(publisher.receive(), "the subscription")
    await publisher.send("news 1")
    await publisher.send("news 2")
    await within(subscriber.receive(), "the first news")
    const { sender } = subscriber
    assert.equal(sender?.socketType, "XPUB")
    // Looking whether there is more must not change whose message was received.
    assert.equal(typeof subscriber.readable, "boolean")
    assert.equal(subscriber.sender, sender)
  })

  test(`${transport}: what is passed over unseen changes no sender`, async () => {
    const one = await bound(new zmq.XPublisher())
    const other = await bound(new zmq.XPublisher({ welcomeMessage: "unwanted" }))
    const subscriber = keep(new zmq.Subscriber())
    subscriber.connect(one.lastEndpoint as string)
    subscriber.subscribe("news")
    await within(one.receive(), "the subscription")
    await one.send("news")
    await within(subscriber.receive(), "the news")
    const { sender } = subscriber
    assert.ok(sender !== undefined)
    subscriber.connect(other.lastEndpoint as string)
    await eventually(async () => subscriber.stats().messagesIn === 2, "the welcome")
    assert.equal(subscriber.tryReceive(), undefined)
    assert.equal(subscriber.sender, sender)

    const reply = await bound(new zmq.Reply())
    await dealerTo(reply, "asker").send(["", "?"])
    await within(reply.receive(), "the request")
    await reply.send("!")
    await dealerTo(reply, "stammerer").send("no request")
    await eventually(async () => reply.stats().messagesIn === 2, "what is no request")
    assert.equal(reply.tryReceive(), undefined)
    assert.equal(String(reply.sender?.routingId), "asker")

    const request = keep(new zmq.Request({ probeRouter: true, linger: 0 }))
    const routers = await Promise.all(
      ["asked", "late"].map((routingId) => bound(new zmq.Router({ routingId }))),
    )
    const [asked, late] = routers as [zmq.Router, zmq.Router]
    request.connect(asked.lastEndpoint as string)
    await within(asked.receive(), "the probe")
    await request.send("?")
    const [id] = (await within(asked.receive(), "the request")) as [Buffer]
    await asked.send([id, "", "!"])
    await within(request.receive(), "the reply")
    request.connect(late.lastEndpoint as string)
    const [otherId] = (await within(late.receive(), "the probe")) as [Buffer]
    await late.send([otherId, "", "nobody asked"])
    await eventually(async () => request.stats().messagesIn === 2, "what nobody asked for")
    await request.send("?")
    assert.equal(String(request.sender?.routingId), "asked")
  })
}

test("what was sent before another peer came to the same address stays that of the first one", async () => {
  const pull = keep(new zmq.Pull({ reconnectInterval: 1 }))
  const first = keep(new zmq.Push({ metadata: { "X-Name": "first" } }))
  await first.bind("tcp://127.0.0.1:*")
  const address = first.lastEndpoint as string
  pull.connect(address)
  for (const message of ["1", "2"]) await first.send(message)
  await within(pull.receive(), "a message")
  await eventually(async () => pull.stats().messagesIn === 2, "another message")
  first.close()
  const second = keep(new zmq.Push({ metadata: { "X-Name": "second" } }))
  await eventually(async () => {
    await first[Symbol.asyncDispose]()
    return second.bind(address).then(
      () => true,
      () => false,
    )
  }, "the address to be free")
  await second.send("3")
  await eventually(async () => pull.stats().messagesIn === 3, "the other peer's message")
  const nameOf = (sender: zmq.Peer | undefined): string | undefined => sender?.properties.get("X-Name")
  assert.equal(nameOf(pull.sender), "first")
  for (const [text, name] of [
    ["2", "first"],
    ["3", "second"],
  ]) {
    const { message, sender } = await within(pull.receiveWithSender(), "the next message")
    assert.deepEqual([String(message[0]), nameOf(sender)], [text, name])
  }
})

test("waiting for a message and its sender ends early as receive does", async () => {
  const pull = keep(new zmq.Pull({ receiveTimeout: 0 }))
  await assert.rejects(pull.receiveWithSender(), { code: "EAGAIN" })
  pull.receiveTimeout = 1
  await assert.rejects(pull.receiveWithSender(), { code: "EAGAIN" })
  pull.receiveTimeout = -1
  const gone = new Error("gone")
  await assert.rejects(pull.receiveWithSender({ signal: AbortSignal.abort(gone) }), gone)
  const controller = new AbortController()
  const waiting = pull.receiveWithSender({ signal: controller.signal })
  controller.abort(gone)
  await assert.rejects(waiting, gone)
  const closing = pull.receiveWithSender()
  pull.close()
  await assert.rejects(closing, { code: "EAGAIN" })
  assert.throws(() => pull.receiveWithSender(), { code: "EBADF" })
  assert.throws(() => pull.sender, { code: "ENOTSOCK" })
  const request = keep(new zmq.Request())
  await assert.rejects(request.receiveWithSender(), { code: "EFSM" })
})
