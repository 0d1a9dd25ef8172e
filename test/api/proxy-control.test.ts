// How proxies are steered, by sockets, calls and signals, and the numbers that they tell.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { bound, connected, controlled, fresh, integers, streamed, text } from "./proxy-stage.js"

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
