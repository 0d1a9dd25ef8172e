// What proxies have beyond those of zeromq.js: copies, devices, and rules for what cannot be passed on.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { bound, connected, fresh, streamed, text } from "./proxy-stage.js"

test("the capture gets a copy of all that goes either way", async () => {
  await using context = new zmq.Context()
  const capture = await bound(new zmq.Push({ context }))
  const listener = connected(new zmq.Pull({ context }), capture)
  const device = zmq.queue({ context, capture })
  await bound(device.frontEnd)
  await bound(device.backEnd)
  const ended = device.run()
  const client = connected(new zmq.Request({ context, routingId: "me" }), device.frontEnd)
  const worker = connected(new zmq.Reply({ context }), device.backEnd)
  await client.send(["a", "b"])
  assert.equal(await text(worker), "a b")
  await worker.send(["c", ""])
  assert.equal(await text(client), "c ")
  assert.equal(await text(listener), "me  a b")
  assert.equal(await text(listener), "me  c ")
  device.terminate()
  await ended
  assert.equal(capture.closed, false)
  await capture.send("free")
  assert.equal(await text(listener), "free")
})

test("a capture without room holds up the proxy, and nothing is lost or copied twice", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const capture = await bound(new zmq.Push({ context }))
  const proxy = new zmq.Proxy(frontEnd, backEnd, { capture })
  const ended = proxy.run()
  await push.send("1")
  await push.send("2")
  await turn()
  assert.equal(pull.readable, false)
  const listener = connected(new zmq.Pull({ context }), capture)
  for (const socket of [pull, listener]) {
    assert.equal(await text(socket), "1")
    assert.equal(await text(socket), "2")
  }
  assert.deepEqual(proxy.statistics.toBackEnd, { messages: 2, frames: 2, bytes: 2 })
  proxy.terminate()
  await ended
  assert.equal(listener.readable, false)
})

test("closing any of its sockets ends a proxy", async () => {
  for (const which of ["frontEnd", "backEnd", "capture", "control"] as const) {
    await using context = new zmq.Context()
    const sockets = {
      ...(await streamed(context)),
      capture: new zmq.Publisher({ context }),
      control: new zmq.Pair({ context }),
    }
    const { frontEnd, backEnd, capture, control } = sockets
    const ended = zmq.proxy(frontEnd, backEnd, { capture, control })
    sockets[which].close()
    await within(ended, `the proxy without its ${which} to end`)
    for (const socket of [frontEnd, backEnd, capture, control]) {
      assert.equal(socket.closed, socket === sockets[which])
      if (!socket.closed) socket.connect(fresh())
    }
  }
})

test("a proxy ends with the context of its sockets", async () => {
  const context = new zmq.Context()
  const { frontEnd, backEnd } = await streamed(context)
  const ended = assert.rejects(new zmq.Proxy(frontEnd, backEnd).run(), { code: "ETERM" })
  await context.term()
  await ended
})

test("a socket is in one proxy at a time, and a failed attempt leaves the others free", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd } = await streamed(context)
  const other = await bound(new zmq.Push({ context }))
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  assert.throws(() => proxy.run(), { code: "EBUSY" })
  assert.throws(() => new zmq.Proxy(other, frontEnd).run(), { code: "EBUSY" })
  assert.throws(() => zmq.proxy(frontEnd, other), { code: "EBUSY" })
  other.connect(fresh())
  const closed = new zmq.Pull({ context })
  closed.close()
  assert.throws(() => zmq.proxy(other, closed), { code: "EBADF" })
  other.connect(fresh())
  proxy.terminate()
  await ended
})

test("a capture and a control must be sockets", () => {
  using socket = new zmq.Pull()
  const stranger = {} as zmq.Socket
  assert.throws(
    () => zmq.proxy(socket, socket, { capture: stranger }),
    new TypeError("Capture must be a socket object"),
  )
  assert.throws(
    () => zmq.proxy(socket, socket, { control: stranger }),
    new TypeError("Control must be a socket object"),
  )
  assert.throws(() => zmq.proxy(socket, stranger), new TypeError("Back-end must be a socket object"))
  assert.throws(
    () => new zmq.Proxy(socket, socket, null as unknown as object),
    new TypeError("Options must be an object"),
  )
})

test("what is pending on a socket comes before the proxy", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const pending = frontEnd.receive()
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  await push.send("first")
  await push.send("second")
  assert.equal(String(await within(pending, "the pending receive")), "first")
  assert.equal(await text(pull), "second")
  proxy.terminate()
  await ended
})

test("a message for a peer that a mandatory ROUTER does not know ends a proxy", async () => {
  await using context = new zmq.Context()
  const frontEnd = await bound(new zmq.Router({ context, mandatory: true }))
  const backEnd = await bound(new zmq.Dealer({ context }))
  const client = connected(new zmq.Dealer({ context, routingId: "me" }), frontEnd)
  const worker = connected(new zmq.Dealer({ context }), backEnd)
  const ended = assert.rejects(zmq.proxy(frontEnd, backEnd), { code: "EHOSTUNREACH" })
  await client.send("here")
  assert.equal(await text(worker), "me here")
  await worker.send(["nobody", "there?"])
  await within(ended, "the proxy to end")
})

test("a message for a peer of a mandatory ROUTER that is full waits for it, and all others behind it", async () => {
  await using context = new zmq.Context()
  const frontEnd = await bound(new zmq.Router({ context, mandatory: true, sendHighWaterMark: 1 }))
  const backEnd = await bound(new zmq.Dealer({ context }))
  const clients = ["a", "b"].map((routingId) =>
    connected(new zmq.Dealer({ context, routingId, receiveHighWaterMark: 1 }), frontEnd),
  ) as [zmq.Dealer, zmq.Dealer]
  const worker = connected(new zmq.Dealer({ context }), backEnd)
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  for (const client of clients) {
    await client.send("here")
    await text(worker)
  }
  for (let number = 0; number < 10; number++) await worker.send(["a", String(number)])
  await worker.send(["b", "late"])
  await turn()
  assert.equal(clients[1].readable, false)
  for (let number = 0; number < 10; number++) assert.equal(await text(clients[0]), String(number))
  assert.equal(await text(clients[1]), "late")
  proxy.terminate()
  await ended
})

test("large frames are passed on by reference", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  const large = Buffer.alloc(1 << 20)
  await push.send(large)
  const [got] = await within(pull.receive(), "the frame")
  assert.equal(got?.buffer, large.buffer)
  proxy.terminate()
  await ended
})

test("a proxy with more to do than there is time leaves time to others", async () => {
  await using context = new zmq.Context()
  const frontEnd = await bound(new zmq.Dealer({ context, receiveHighWaterMark: 0, sendHighWaterMark: 0 }))
  const other = connected(
    new zmq.Dealer({ context, receiveHighWaterMark: 0, sendHighWaterMark: 0 }),
    frontEnd,
  )
  for (let ball = 0; ball < 100; ball++) await other.send("ball")
  // Between two that send back all that comes, messages never rest.
  const proxies = [new zmq.Proxy(other, other), new zmq.Proxy(frontEnd, frontEnd)] as const
  const ended = Promise.all(proxies.map((proxy) => proxy.run()))
  for (let count = 0; count < 100; count++) await turn()
  const { messages } = proxies[0].statistics.toBackEnd
  assert.ok(messages > 1000, `only ${messages} messages went round in a hundred turns`)
  frontEnd.close()
  other.close()
  await within(ended, "both proxies to end")
})

test("devices have the usual sockets, or those that they are given", async () => {
  await using context = new zmq.Context()
  const kinds = [zmq.queue, zmq.forwarder, zmq.streamer].map((device) => {
    const { frontEnd, backEnd } = device({ context })
    assert.equal(frontEnd.context, context)
    assert.equal(backEnd.context, context)
    return [frontEnd.type, backEnd.type]
  })
  assert.deepEqual(kinds, [
    [zmq.ROUTER, zmq.DEALER],
    [zmq.XSUB, zmq.XPUB],
    [zmq.PULL, zmq.PUSH],
  ])
  const frontEnd = new zmq.Subscriber({ context })
  const device = zmq.forwarder({ context, frontEnd })
  assert.equal(device.frontEnd, frontEnd)
  assert.equal(device.backEnd.type, zmq.XPUB)
  using own = zmq.streamer().frontEnd
  assert.equal(own.context, zmq.context)
})

test("a forwarder and a streamer pass messages on", async () => {
  await using context = new zmq.Context()
  const forwarder = zmq.forwarder({ context })
  const streamer = zmq.streamer({ context })
  for (const device of [forwarder, streamer]) {
    await bound(device.frontEnd)
    await bound(device.backEnd)
  }
  const ended = [forwarder.run(), streamer.run()]
  const publisher = connected(new zmq.XPublisher({ context }), forwarder.frontEnd)
  const subscriber = connected(new zmq.Subscriber({ context }), forwarder.backEnd)
  subscriber.subscribe("a")
  assert.equal(await text(publisher), "\x01a")
  await publisher.send("abc")
  assert.equal(await text(subscriber), "abc")
  const push = connected(new zmq.Push({ context }), streamer.frontEnd)
  const pull = connected(new zmq.Pull({ context }), streamer.backEnd)
  await push.send("work")
  assert.equal(await text(pull), "work")
  forwarder.terminate()
  streamer.terminate()
  await Promise.all(ended)
})

test("a closed front end leaves a proxy over tcp nothing to do, and its peers no harm", async () => {
  await using context = new zmq.Context()
  const device = zmq.streamer({ context })
  await device.frontEnd.bind("tcp://127.0.0.1:*")
  await device.backEnd.bind("tcp://127.0.0.1:*")
  const ended = device.run()
  const push = connected(new zmq.Push({ context, linger: 0 }), device.frontEnd)
  const pull = connected(new zmq.Pull({ context }), device.backEnd)
  await push.send("one")
  assert.equal(await text(pull), "one")
  device.frontEnd.close()
  await within(ended, "the proxy to end")
  await eventually(async () => device.backEnd.closed, "the back end to be closed")
})
