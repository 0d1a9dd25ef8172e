// inproc between two threads through a port; here both ends are in one thread, but for the last scenarios.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Worker } from "node:worker_threads"
import * as puremq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { numbers, take, takeMany } from "../suites/talk.js"
import { type Sides, scene } from "./ports-stage.js"

const quick = { linger: 0 }

for (const [order, bindFirst] of [
  ["bound before it is looked for", true],
  ["looked for before it is bound", false],
] as const) {
  for (const attachFirst of [true, false]) {
    scene(`a name is ${order}, ports attached ${attachFirst ? "first" : "last"}`, async (sides) => {
      const pull = sides.keep(new puremq.Pull({ ...quick, context: sides.left }))
      const push = sides.keep(new puremq.Push({ ...quick, context: sides.right }))
      if (attachFirst) sides.attach()
      if (bindFirst) await pull.bind("inproc://name")
      push.connect("inproc://name")
      if (!bindFirst) await pull.bind("inproc://name")
      if (!attachFirst) sides.attach()
      const sending = (async () => {
        for (const number of numbers(5000)) await push.send([number, "", Buffer.alloc(300, number)])
      })()
      for (const number of numbers(5000)) {
        assert.deepEqual(await take(pull), [number, "", Buffer.alloc(300, number).toString()])
      }
      await sending
    })
  }
}

scene("a name of the own side goes before that of the other", async (sides) => {
  sides.attach()
  const [far, near] = [new puremq.Pull({ context: sides.left }), new puremq.Pull({ context: sides.right })]
  await sides.keep(far).bind("inproc://name")
  await sides.keep(near).bind("inproc://name")
  const push = sides.keep(new puremq.Push({ ...quick, context: sides.right }))
  push.connect("inproc://name")
  await push.send("hello")
  assert.deepEqual(await take(near), ["hello"])
})

scene("questions are answered, and peers know each other", async (sides) => {
  sides.attach()
  const metadata = { "X-Role": "worker" }
  const router = sides.keep(new puremq.Router({ ...quick, context: sides.left, helloMessage: "welcome" }))
  const dealer = sides.keep(
    new puremq.Dealer({ ...quick, context: sides.right, routingId: "dealer", metadata }),
  )
  await router.bind("inproc://name")
  dealer.connect("inproc://name")
  assert.deepEqual(await take(dealer), ["welcome"])
  await dealer.send(["question", ""])
  const { message, sender } = await router.receiveWithSender()
  assert.deepEqual(message.map(String), ["dealer", "question", ""])
  assert.equal(sender.socketType, "DEALER")
  assert.equal(sender.properties.get("X-Role"), "worker")
  await router.send(["dealer", "answer"])
  assert.deepEqual(await take(dealer), ["answer"])
  const request = sides.keep(new puremq.Request({ ...quick, context: sides.right }))
  const reply = sides.keep(new puremq.Reply({ ...quick, context: sides.left }))
  request.connect("inproc://reply")
  await reply.bind("inproc://reply")
  for (const number of numbers(50)) {
    await request.send(number)
    assert.deepEqual(await take(reply), [number])
    await reply.send(`${number}!`)
    assert.deepEqual(await take(request), [`${number}!`])
  }
  assert.equal(dealer.stats().messagesIn, 2)
  assert.equal(router.stats().messagesOut, 2)
})

scene("subscriptions go there and what was subscribed to comes back", async (sides) => {
  sides.attach()
  const publisher = sides.keep(new puremq.XPublisher({ ...quick, context: sides.left }))
  const subscriber = sides.keep(new puremq.Subscriber({ context: sides.right }))
  subscriber.subscribe("weather")
  subscriber.connect("inproc://news")
  await publisher.bind("inproc://news")
  assert.deepEqual(await take(publisher), ["\x01weather"])
  await publisher.send(["sports", "no"])
  await publisher.send(["weather", "sunny"])
  assert.deepEqual(await take(subscriber), ["weather", "sunny"])
  subscriber.close()
  assert.deepEqual(await take(publisher), ["\0weather"])
})

scene("a sender waits for a receiver that is behind, and loses nothing", async (sides) => {
  sides.attach()
  const push = sides.keep(
    new puremq.Push({ ...quick, sendHighWaterMark: 10, sendTimeout: 0, context: sides.left }),
  )
  const pull = sides.keep(new puremq.Pull({ receiveHighWaterMark: 10, context: sides.right }))
  await pull.bind("inproc://name")
  push.connect("inproc://name")
  const load = Buffer.alloc(10_000)
  let sent = 0
  // Credit comes by the event loop, so only a sender that cannot send for some turns of it has to wait.
  for (let turns = 0; turns < 50; turns++) {
    try {
      for (; sent < 1000; sent++) await push.send([String(sent), load])
    } catch (error) {
      assert.equal((error as puremq.ZmqError).code, "EAGAIN")
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Two marks, and 256 KiB on their way, of about 10.5 KB each.
  assert.ok(sent >= 20 && sent <= 50, `${sent} were sent`)
  assert.deepEqual(await takeFirst(pull, sent), numbers(sent))
  push.sendTimeout = -1
  const sending = (async () => {
    for (const number of numbers(200)) await push.send([number, load])
  })()
  assert.deepEqual(await takeFirst(pull, 200), numbers(200))
  await sending
})

async function takeFirst(pull: puremq.Pull, count: number): Promise<string[]> {
  const firsts: string[] = []
  while (firsts.length < count) firsts.push(String((await pull.receive())[0]))
  return firsts
}

scene("a message larger than all credit goes through", async (sides) => {
  sides.attach()
  const [one, other] = [new puremq.Pair({ context: sides.left }), new puremq.Pair({ context: sides.right })]
  await sides.keep(one).bind("inproc://name")
  sides.keep(other).connect("inproc://name")
  const large = Buffer.alloc(5_000_000, "x")
  for (let count = 0; count < 3; count++) {
    await one.send(["large", large])
    assert.ok((await other.receive())[1]?.equals(large))
    await other.send(large)
    assert.ok((await one.receive())[0]?.equals(large))
  }
})

scene("what was sent before a socket was closed arrives, and then its peer has gone", async (sides) => {
  sides.attach()
  const pull = sides.keep(new puremq.Pull({ context: sides.left }))
  await pull.bind("inproc://name")
  const push = new puremq.Push({ context: sides.right, linger: -1 })
  push.connect("inproc://name")
  for (const number of numbers(2000)) await push.send(number)
  push.close()
  assert.deepEqual(await takeMany(pull, 2000), numbers(2000))
  await eventually(async () => pull.stats().connections === 0, "the peer to be gone")
})

for (const [how, part] of [
  ["the other side closes it", (sides: Sides) => sides.ports[1]?.close()],
  ["this side closes it", (sides: Sides) => sides.ports[0]?.close()],
  ["the port itself closes", (sides: Sides) => sides.channel.port2.close()],
] as const) {
  scene(`connections end with their port, when ${how}`, async (sides) => {
    sides.attach()
    const options = { ...quick, disconnectMessage: "gone" }
    const router = sides.keep(new puremq.Router({ ...options, context: sides.left }))
    const dealer = sides.keep(new puremq.Dealer({ ...quick, context: sides.right, routingId: "dealer" }))
    await router.bind("inproc://name")
    dealer.connect("inproc://name")
    await dealer.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
    part(sides)
    assert.deepEqual(await take(router), ["dealer", "gone"])
    await eventually(async () => dealer.stats().connections === 0, "the other end to be gone")
    // Another channel does it again, for who connects anew.
    const { port1, port2 } = new MessageChannel()
    sides.keep(puremq.attachPort(port1, sides.left))
    sides.keep(puremq.attachPort(port2, sides.right))
    dealer.connect("inproc://name")
    await dealer.send("again")
    await eventually(async () => router.stats().connections === 1, "the connection")
  })
}

scene("a name that is unbound is looked for until it is bound again", async (sides) => {
  sides.attach()
  const [first, second] = [
    new puremq.Pull({ context: sides.left }),
    new puremq.Pull({ context: sides.left }),
  ] as const
  await sides.keep(first).bind("inproc://name")
  const push = sides.keep(new puremq.Push({ ...quick, context: sides.right }))
  // The other side hears of the end when it has dialled already.
  await first.unbind("inproc://name")
  push.connect("inproc://name")
  await push.send("hello")
  await new Promise((resolve) => setTimeout(resolve, 5))
  await sides.keep(second).bind("inproc://name")
  assert.deepEqual(await take(second), ["hello"])
})

scene("a socket that stops looking is forgotten", async (sides) => {
  sides.attach()
  const push = sides.keep(new puremq.Push({ ...quick, context: sides.right }))
  push.connect("inproc://name")
  push.disconnect("inproc://name")
  const pull = sides.keep(new puremq.Pull({ ...quick, context: sides.left }))
  await pull.bind("inproc://name")
  push.connect("inproc://name")
  push.disconnect("inproc://name")
  push.connect("inproc://name")
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
  await eventually(async () => pull.stats().connections === 1, "the others to be gone")
})

scene("sockets that cannot talk to each other are left alone", async (sides) => {
  sides.attach()
  const pull = sides.keep(new puremq.Pull({ ...quick, context: sides.left }))
  await pull.bind("inproc://name")
  const request = sides.keep(new puremq.Request({ ...quick, context: sides.right }))
  const push = sides.keep(new puremq.Push({ ...quick, context: sides.right }))
  request.connect("inproc://name")
  push.connect("inproc://name")
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
  assert.equal(pull.stats().connections, 1)
})

for (const [what, garbage] of [
  ["null", null],
  ["names that are none", { kind: "join", names: 5 }],
  ["a connection of nobody", { kind: "dial", id: 1, name: "inproc://name", who: null }],
  ["a broken parcel", { kind: "parcel", id: 1, bytes: new Uint8Array([0, 5, 1]) }],
] as const) {
  scene(`a port that brings ${what} is closed, and hurts nobody`, async (sides) => {
    puremq.attachPort(sides.channel.port1, sides.left)
    const pull = sides.keep(new puremq.Pull({ ...quick, context: sides.left }))
    await pull.bind("inproc://name")
    const other = sides.channel.port2
    const closed = new Promise((resolve) => other.addEventListener("close", resolve))
    other.start()
    const who = { socketType: "PUSH", routingId: new Uint8Array(), metadata: null }
    if (what === "a broken parcel") other.postMessage({ kind: "dial", id: 1, name: "inproc://name", who })
    other.postMessage(garbage)
    await within(closed, "the port to be closed")
    const push = sides.keep(new puremq.Push({ ...quick, context: sides.left }))
    push.connect("inproc://name")
    await push.send("hello")
    assert.deepEqual(await take(pull), ["hello"])
    assert.equal(pull.stats().connections, 1)
  })
}

test("only a port can be attached", () => {
  for (const wrong of [undefined, null, {}, { postMessage() {} }]) {
    assert.throws(() => puremq.attachPort(wrong as never), TypeError)
  }
})

test("a worker thread talks to its starter, and its end is seen", async () => {
  const program = `
    import { workerData } from "node:worker_threads"
    import { attachPort, Reply } from ${JSON.stringify(import.meta.resolve("puremq"))}
    attachPort(workerData)
    const reply = new Reply()
    await reply.bind("inproc://worker")
    for await (const [question] of reply) await reply.send("answer to " + question)
  `
  const { port1, port2 } = new MessageChannel()
  const context = new puremq.Context()
  const attached = puremq.attachPort(port1, context)
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
    workerData: port2,
    transferList: [port2],
  } as never)
  const request = new puremq.Request({ linger: 0, context })
  try {
    request.connect("inproc://worker")
    for (const number of numbers(100)) {
      await request.send(number)
      assert.deepEqual(await take(request), [`answer to ${number}`])
    }
    await worker.terminate()
    await eventually(async () => request.stats().connections === 0, "the worker to be gone")
  } finally {
    request.close()
    attached.close()
    await worker.terminate()
  }
})
