// What the user may do with sockets while a proxy has them.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"

let names = 0
const fresh = (): string => `inproc://proxied-${names++}`

async function text(socket: zmq.Readable): Promise<string> {
  return (await within(socket.receive(), "a message")).join(" ")
}

test("what a proxied subscriber asks for may change", async () => {
  await using context = new zmq.Context()
  const frontEnd = new zmq.Subscriber({ context })
  const backEnd = new zmq.Publisher({ context })
  const [source, end] = [new zmq.XPublisher({ context }), new zmq.Subscriber({ context })]
  const [front, back] = [fresh(), fresh()]
  await source.bind(front)
  frontEnd.connect(front)
  await backEnd.bind(back)
  end.connect(back)
  end.subscribe()
  await eventually(async () => backEnd.topicsCount === 1, "the end to be subscribed")
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  frontEnd.subscribe("a", "b")
  assert.equal(await text(source), "\x01a")
  assert.equal(await text(source), "\x01b")
  await source.send("a1")
  assert.equal(await text(end), "a1")
  frontEnd.unsubscribe("a")
  assert.equal(await text(source), "\x00a")
  for (const message of ["a2", "b2"]) await source.send(message)
  assert.equal(await text(end), "b2")
  proxy.terminate()
  await ended
})

test("what a proxied manual publisher was told last may be granted or taken away", async () => {
  await using context = new zmq.Context()
  const frontEnd = new zmq.Pull({ context })
  const backEnd = new zmq.XPublisher({ context, manual: true })
  const push = new zmq.Push({ context, linger: 0 })
  const subscriber = new zmq.Subscriber({ context })
  const [front, back] = [fresh(), fresh()]
  await frontEnd.bind(front)
  push.connect(front)
  await backEnd.bind(back)
  subscriber.connect(back)
  subscriber.subscribe("wish")
  assert.equal(await text(backEnd), "\x01wish")
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  subscriber.subscribe("grant")
  backEnd.subscribe("grant")
  assert.equal(backEnd.topicsCount, 1)
  for (const message of ["wish", "grant"]) await push.send(message)
  assert.equal(await text(subscriber), "grant")
  backEnd.unsubscribe("grant")
  assert.equal(backEnd.topicsCount, 0)
  proxy.terminate()
  await ended
})

test("what proxied sockets have moved can be asked for", async () => {
  await using context = new zmq.Context()
  const [frontEnd, backEnd] = [new zmq.Pull({ context }), new zmq.Push({ context })]
  const [push, pull] = [new zmq.Push({ context, linger: 0 }), new zmq.Pull({ context })]
  const [front, back] = [fresh(), fresh()]
  await frontEnd.bind(front)
  await backEnd.bind(back)
  push.connect(front)
  pull.connect(back)
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  await push.send("through")
  assert.equal(await text(pull), "through")
  assert.equal(frontEnd.stats().messagesIn, 1)
  assert.equal(backEnd.stats().messagesOut, 1)
  proxy.terminate()
  await ended
})

test("no message is lost when a proxy ends while one waits for room", async () => {
  await using context = new zmq.Context()
  const frontEnd = new zmq.Pull({ context })
  const backEnd = new zmq.Router({ context, mandatory: true, sendHighWaterMark: 1, linger: 0 })
  const push = new zmq.Push({ context, linger: 0 })
  const dealer = new zmq.Dealer({ context, routingId: "slow", receiveHighWaterMark: 1 })
  // There is room for a message, only not for one to the other.
  const idle = new zmq.Dealer({ context, routingId: "idle" })
  const [front, back] = [fresh(), fresh()]
  await frontEnd.bind(front)
  await backEnd.bind(back)
  push.connect(front)
  dealer.connect(back)
  idle.connect(back)
  const controller = new AbortController()
  const ended = zmq.proxy(frontEnd, backEnd, { signal: controller.signal })
  for (let number = 0; number < 10; number++) await push.send(["slow", String(number)])
  // Two are with the peer and on the way there, one waits for room.
  await eventually(async () => frontEnd.stats().queuedIn === 7, "the proxy to be held up")
  controller.abort(new Error("enough"))
  await assert.rejects(ended, { message: "enough" })
  const passed: string[] = []
  const left: string[] = []
  for (let message = frontEnd.tryReceive(); message !== undefined; message = frontEnd.tryReceive()) {
    left.push(String(message[1]))
  }
  while (passed.length + left.length < 10) passed.push(await text(dealer))
  assert.ok(left.length > 0, "the proxy was held up")
  assert.deepEqual([...passed, ...left].map(Number), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test("a capture that cannot send is refused", () => {
  using socket = new zmq.Dealer()
  for (const SocketClass of [zmq.Pull, zmq.Subscriber]) {
    using capture = new SocketClass()
    const refused = { code: "ENOTSUP", message: "Capture socket must send" }
    assert.throws(() => new zmq.Proxy(socket, socket, { capture }), refused)
    assert.throws(() => zmq.proxy(socket, socket, { capture }), refused)
  }
})
