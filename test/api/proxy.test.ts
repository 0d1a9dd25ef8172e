// What proxies have beyond those of zeromq.js: copies, control, numbers, signals, and sockets that stay open.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"

let names = 0
const fresh = (): string => `inproc://proxy-${names++}`

async function bound<S extends zmq.Socket>(socket: S): Promise<S> {
  await socket.bind(fresh())
  return socket
}

function connected<S extends zmq.Socket>(socket: S, to: zmq.Socket): S {
  socket.connect(to.lastEndpoint as string)
  return socket
}

async function text(socket: zmq.Readable): Promise<string> {
  return (await within(socket.receive(), "a message")).join(" ")
}

/** A PULL and a PUSH to be proxied, who sends to it and who receives from it, all of one context. */
async function streamed(context: zmq.Context) {
  const frontEnd = await bound(new zmq.Pull({ context }))
  const backEnd = await bound(new zmq.Push({ context }))
  const push = connected(new zmq.Push({ context, linger: 0 }), frontEnd)
  const pull = connected(new zmq.Pull({ context }), backEnd)
  return { frontEnd, backEnd, push, pull }
}

/** A control socket of a kind, and who commands there. */
async function controlled<C extends zmq.Socket, S extends zmq.Socket>(control: C, steering: S) {
  await bound(control)
  return { control, steering: connected(steering, control) }
}

const integers = (frames: readonly Buffer[]): number[] =>
  frames.map((frame) => {
    assert.equal(frame.length, 8)
    return Number(new BigUint64Array(Uint8Array.from(frame).buffer)[0])
  })

test("a function call proxies until it is told to stop, and leaves the sockets open with what they hold", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const { control, steering } = await controlled(new zmq.Pair({ context }), new zmq.Pair({ context }))
  const ended = zmq.proxy(frontEnd, backEnd, { control })
  for (const socket of [frontEnd, backEnd, control]) {
    assert.throws(() => socket.connect(fresh()), { code: "EBUSY", message: "Socket is blocked by a proxy" })
  }
  await push.send("through")
  assert.equal(await text(pull), "through")
  await steering.send("TERMINATE")
  await within(ended, "the proxy to end")
  await push.send("held")
  assert.equal(await text(frontEnd), "held")
  await backEnd.send("direct")
  assert.equal(await text(pull), "direct")
  await steering.send("free")
  assert.equal(await text(control), "free")
  await zmq.proxy(frontEnd, backEnd, { signal: AbortSignal.abort("again") }).catch((reason) => {
    assert.equal(reason, "again")
  })
})

for (const kind of ["Pair", "Reply"] as const) {
  test(`${kind} steers a proxy, and tells what went through it`, async () => {
    await using context = new zmq.Context()
    const frontEnd = await bound(new zmq.Router({ context }))
    const backEnd = await bound(new zmq.Dealer({ context }))
    const client = connected(new zmq.Dealer({ context, routingId: "me" }), frontEnd)
    const worker = connected(new zmq.Dealer({ context }), backEnd)
    const { control, steering } = await controlled(
      kind === "Pair" ? new zmq.Pair({ context }) : new zmq.Reply({ context }),
      kind === "Pair" ? new zmq.Pair({ context }) : new zmq.Request({ context }),
    )
    const ended = zmq.proxy(frontEnd, backEnd, { control })
    const command = async (...words: string[]): Promise<void> => {
      await steering.send(words)
      if (kind === "Reply") assert.deepEqual(await within(steering.receive(), "a reply"), [Buffer.alloc(0)])
    }
    const statistics = async (): Promise<number[]> => {
      await steering.send("STATISTICS")
      return integers(await within(steering.receive(), "statistics"))
    }
    assert.deepEqual(await statistics(), [0, 0, 0, 0, 0, 0, 0, 0])
    await client.send(["two", "parts"])
    assert.equal(await text(worker), "me two parts")
    // With the routing id in front: 2 + 3 + 5 bytes.
    assert.deepEqual(await statistics(), [1, 10, 0, 0, 0, 0, 1, 10])
    await worker.send(["me", "back"])
    assert.equal(await text(client), "back")
    assert.deepEqual(await statistics(), [1, 10, 1, 6, 1, 6, 1, 10])
    await command("PAUSE")
    await client.send("1")
    await worker.send(["me", "2"])
    assert.deepEqual(await statistics(), [1, 10, 1, 6, 1, 6, 1, 10])
    assert.equal(worker.readable, false)
    assert.equal(client.readable, false)
    await command("nonsense")
    await command("TERMINATE", "and more")
    await command("PAUSE")
    await command("")
    await command("RESUME")
    assert.equal(await text(worker), "me 1")
    assert.equal(await text(client), "2")
    await command("RESUME")
    await command("TERMINATE")
    await within(ended, "the proxy to end")
  })
}

test("a subscriber steers a proxy, and has no answers", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const { control, steering } = await controlled(
    new zmq.Subscriber({ context }),
    new zmq.XPublisher({ context }),
  )
  control.subscribe()
  await within(steering.receive(), "the subscription")
  const ended = zmq.proxy(frontEnd, backEnd, { control })
  for (const command of ["STATISTICS", "PAUSE"]) await steering.send(command)
  await turn()
  await push.send("later")
  await turn()
  assert.equal(pull.readable, false)
  await steering.send("RESUME")
  assert.equal(await text(pull), "later")
  await steering.send("TERMINATE")
  await within(ended, "the proxy to end")
})

test("statistics for a peer that does not read wait for it, and so do its further commands", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd } = await streamed(context)
  const { control, steering } = await controlled(
    new zmq.Pair({ context, sendHighWaterMark: 1 }),
    new zmq.Pair({ context, receiveHighWaterMark: 1 }),
  )
  const ended = zmq.proxy(frontEnd, backEnd, { control })
  for (let count = 0; count < 10; count++) await steering.send("STATISTICS")
  await steering.send("TERMINATE")
  for (let count = 0; count < 10; count++) {
    assert.equal((await within(steering.receive(), `statistics ${count}`)).length, 8)
  }
  await within(ended, "the proxy to end")
})

test("a proxy that is full tells its numbers all the same, and passes on all that it took", async () => {
  await using context = new zmq.Context()
  const mark = 10
  const sends = { context, sendHighWaterMark: mark, linger: 0 }
  const receives = { context, receiveHighWaterMark: mark }
  const frontEnd = await bound(new zmq.Pull(receives))
  const backEnd = await bound(new zmq.Push(sends))
  const { control, steering } = await controlled(new zmq.Reply({ context }), new zmq.Request({ context }))
  const ended = zmq.proxy(frontEnd, backEnd, { control })
  const push = connected(new zmq.Push(sends), frontEnd)
  const pull = connected(new zmq.Pull(receives), backEnd)
  const statistics = async (): Promise<number[]> => {
    await steering.send("STATISTICS")
    return integers(await within(steering.receive(), "statistics"))
  }
  const body = Buffer.alloc(50_000, "A")
  let taken = 0
  const fill = async (): Promise<void> => {
    while (push.trySend(body)) taken++
    await turn()
  }
  for (let count = 0; count < 10; count++) await fill()
  // A sender and a receiver within a process share one queue, as long as both marks.
  assert.equal(taken, 4 * mark)
  const waiting = [2 * mark, 2 * mark * body.length]
  assert.deepEqual(await statistics(), [...waiting, 0, 0, 0, 0, ...waiting])
  for (let count = 0; count < taken; count++) {
    const [got] = await within(pull.receive(), `message ${count} of ${taken}`)
    assert.equal(got?.length, body.length)
  }
  const all = [taken, taken * body.length]
  assert.deepEqual(await statistics(), [...all, 0, 0, 0, 0, ...all])
  await steering.send("TERMINATE")
  await within(ended, "the proxy to end")
})

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

test("numbers tell messages, frames and bytes each way, and are a copy", async () => {
  await using context = new zmq.Context()
  const proxy = new zmq.Proxy(await bound(new zmq.Pair({ context })), await bound(new zmq.Pair({ context })))
  const none = { messages: 0, frames: 0, bytes: 0 }
  assert.deepEqual(proxy.statistics, { toBackEnd: none, toFrontEnd: none })
  const ended = proxy.run()
  const left = connected(new zmq.Pair({ context }), proxy.frontEnd)
  const right = connected(new zmq.Pair({ context }), proxy.backEnd)
  const before = proxy.statistics
  await left.send(["a", "", "bc"])
  await left.send("d")
  await right.send("back")
  for (const socket of [right, right, left]) await text(socket)
  const expected = {
    toBackEnd: { messages: 2, frames: 4, bytes: 4 },
    toFrontEnd: { messages: 1, frames: 1, bytes: 4 },
  }
  assert.deepEqual(proxy.statistics, expected)
  assert.deepEqual(before, { toBackEnd: none, toFrontEnd: none })
  proxy.terminate()
  await ended
  assert.deepEqual(proxy.statistics, expected)
})

test("a paused proxy passes nothing on, and goes on with all of it", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const proxy = new zmq.Proxy(frontEnd, backEnd)
  const ended = proxy.run()
  proxy.pause()
  proxy.pause()
  for (let number = 0; number < 10; number++) await push.send(String(number))
  await turn()
  assert.equal(pull.readable, false)
  proxy.resume()
  proxy.resume()
  for (let number = 0; number < 10; number++) assert.equal(await text(pull), String(number))
  proxy.pause()
  proxy.terminate()
  await within(ended, "the paused proxy to end")
})

test("a signal ends a proxy with its reason", async () => {
  await using context = new zmq.Context()
  const { frontEnd, backEnd, push, pull } = await streamed(context)
  const early = zmq.proxy(frontEnd, backEnd, { signal: AbortSignal.abort("early") })
  await assert.rejects(early, (reason) => reason === "early")
  const abort = new AbortController()
  const called = zmq.proxy(frontEnd, backEnd, { signal: abort.signal })
  abort.abort("enough")
  await assert.rejects(called, (reason) => reason === "enough")
  await push.send("free")
  assert.equal(await text(frontEnd), "free")
  const second = new AbortController()
  const run = new zmq.Proxy(frontEnd, backEnd).run({ signal: second.signal })
  await push.send("through")
  assert.equal(await text(pull), "through")
  second.abort("enough")
  await assert.rejects(run, (reason) => reason === "enough")
  assert.ok(frontEnd.closed && backEnd.closed)
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

test("subscribers that read late lose nothing where publishers and the proxy wait for them (noDrop)", async () => {
  const context = new zmq.Context()
  const marks = { sendHighWaterMark: 5, receiveHighWaterMark: 5 }
  const frontEnd = new zmq.XSubscriber({ context, ...marks })
  const backEnd = new zmq.XPublisher({ context, noDrop: true, ...marks })
  await frontEnd.bind("tcp://127.0.0.1:*")
  await backEnd.bind("tcp://127.0.0.1:*")
  const { control, steering } = await controlled(
    new zmq.Reply({ context }),
    new zmq.Request({ context, linger: 0 }),
  )
  const running = zmq.proxy(frontEnd, backEnd, { control })
  const publisher = new zmq.XPublisher({ context, noDrop: true, linger: 0, ...marks })
  publisher.connect(frontEnd.lastEndpoint as string)
  const subscriber = new zmq.Subscriber({ context, receiveHighWaterMark: 5 })
  subscriber.connect(backEnd.lastEndpoint as string)
  subscriber.subscribe("")
  await within(publisher.receive(), "the subscription")
  const count = 20_000
  // Large enough that the kernel's buffers do not hold them all.
  const body = Buffer.alloc(2000)
  const sending = (async () => {
    for (let at = 0; at < count; at++) await publisher.send([String(at), body])
  })()
  // Full from end to end, the proxy still answers.
  const asked = async (): Promise<number> => {
    await steering.send("STATISTICS")
    return integers(await within(steering.receive(), "the statistics"))[0] as number
  }
  await eventually(async () => {
    const before = await asked()
    await turn()
    return before > 0 && (await asked()) === before
  }, "the proxy to be full")
  for (let at = 0; at < count; at++) {
    const [number] = await within(subscriber.receive(), `message ${at}`)
    assert.equal(String(number), String(at))
  }
  await within(sending, "all to be sent")
  await steering.send("TERMINATE")
  await within(running, "the end")
  steering.close()
  await context.term()
})
