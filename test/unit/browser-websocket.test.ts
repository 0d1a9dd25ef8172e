// The WebSockets of browsers under ws://, with classes that have their interface.
import assert from "node:assert/strict"
import { once } from "node:events"
import { type TestContext, test } from "node:test"
import * as puremq from "puremq"
import { WebSocketServer, WebSocket as ws } from "ws"
import type { BrowserWebSocketClass } from "#src/platform/browser/websocket.js"
import { unlessMissing } from "../interop/peer.js"
import { eventually, within } from "../suites/deadline.js"
import { numbers } from "../suites/talk.js"
import { BrowserPair, classes, open, ping, pinged, zeromq } from "./browser-stage.js"

for (const [name, WebSocketClass] of classes) {
  const skip = typeof WebSocketClass === "string" && WebSocketClass
  const play = (
    title: string,
    scene: (t: TestContext, Class: BrowserWebSocketClass) => Promise<void>,
  ): void => {
    test(`${title}, with the WebSocket of ${name}`, { skip }, async (t) => {
      if (typeof WebSocketClass !== "string") await scene(t, WebSocketClass)
    })
  }

  for (const library of [puremq, zeromq]) {
    if (typeof library === "string") {
      test("a browser talks to zeromq", unlessMissing(library), () => {})
      continue
    }
    const { Pair } = "zmq" in library ? library.zmq : library
    const who = "zmq" in library ? "libzmq" : "puremq"

    play(`a browser talks to ${who}`, async (t, Class) => {
      const server = new Pair({ linger: 0 })
      t.after(() => server.close())
      await server.bind("ws://127.0.0.1:*")
      const browser = new BrowserPair(t, Class)
      browser.core.endpoints.connect(server.lastEndpoint as string)
      for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_000_000]) {
        const body = Buffer.alloc(size, size % 251)
        await browser.send("sized", body)
        const [first, second] = await within(server.receive(), "what was sent")
        assert.equal(String(first), "sized")
        assert.ok(second?.equals(body))
        await server.send([body, "back"])
        assert.deepEqual(await browser.receive(), [body.toString("latin1"), "back"])
      }
      assert.deepEqual(browser.events, ["connect:delay", "connect", "handshake"])
    })

    play(`the PINGs of a browser do not disturb ${who}`, async (t, Class) => {
      const server = new Pair({ linger: 0 })
      t.after(() => server.close())
      await server.bind("ws://127.0.0.1:*")
      const browser = new BrowserPair(t, Class)
      Object.assign(browser.core.options, { heartbeatInterval: 5, heartbeatTimeout: 5000 })
      browser.core.endpoints.connect(server.lastEndpoint as string)
      for (const number of numbers(20)) {
        await browser.send(number)
        assert.deepEqual((await within(server.receive(), "what was sent")).map(String), [number])
        const { bytesOut } = browser.core.counters
        await eventually(async () => browser.core.counters.bytesOut > bytesOut, "a PING")
      }
      await server.send("back")
      assert.deepEqual(await browser.receive(), ["back"])
      assert.deepEqual(browser.events, ["connect:delay", "connect", "handshake"])
    })
  }

  play("a crowd of messages waits for room both ways, and comes in order", async (t, Class) => {
    const marks = { sendHighWaterMark: 10, receiveHighWaterMark: 10 }
    const server = new puremq.Pair({ linger: 0, ...marks })
    t.after(() => server.close())
    await server.bind("ws://127.0.0.1:*")
    const browser = new BrowserPair(t, Class)
    Object.assign(browser.core.options, marks)
    browser.core.endpoints.connect(server.lastEndpoint as string)
    const load = Buffer.alloc(100_000)
    const sending = [
      (async () => {
        for (const number of numbers(300)) await browser.send(number, load)
      })(),
      (async () => {
        for (const number of numbers(300)) await server.send([number, load])
      })(),
    ]
    for (const number of numbers(300)) {
      assert.equal(String((await within(server.receive(), "a message"))[0]), number)
      assert.equal((await browser.receive())[0], number)
    }
    await Promise.all(sending)
  })

  play("a connection that is lost is made again, and one that is refused tried again", async (t, Class) => {
    const server = new puremq.Pair({ linger: 0 })
    await server.bind("ws://127.0.0.1:*")
    const address = server.lastEndpoint as string
    const browser = new BrowserPair(t, Class)
    browser.core.endpoints.connect(address)
    await browser.told("handshake")
    server.close()
    await browser.told("disconnect")
    await browser.told("close")
    const next = new puremq.Pair({ linger: 0 })
    t.after(() => next.close())
    await eventually(
      () =>
        next.bind(address).then(
          () => true,
          () => false,
        ),
      "the port to be free",
    )
    await next.send("again")
    assert.deepEqual(await browser.receive(), ["again"])
  })

  play("what was sent before close() arrives", async (t, Class) => {
    const server = new puremq.Pair({ linger: 0 })
    t.after(() => server.close())
    await server.bind("ws://127.0.0.1:*")
    const browser = new BrowserPair(t, Class)
    browser.core.endpoints.connect(server.lastEndpoint as string)
    browser.core.options.linger = -1
    for (const number of numbers(100)) await browser.send(number)
    browser.core.close()
    for (const number of numbers(100)) {
      assert.equal(String((await within(server.receive(), "a message"))[0]), number)
    }
    await within(browser.core.done, "the browser's socket to be done")
    await browser.told("end")
  })

  for (const [what, say] of [
    ["says text", "text"],
    ["says more than is allowed", Buffer.alloc(1002)],
  ] as const) {
    play(`a server is left for good that ${what}`, async (t, Class) => {
      const server = new WebSocketServer({ port: 0, handleProtocols: () => "ZWS2.0" })
      t.after(() => {
        server.close()
        for (const client of server.clients) client.terminate()
      })
      server.on("connection", (client) => client.send(say))
      await once(server, "listening")
      const browser = new BrowserPair(t, Class)
      browser.core.options.maxMessageSize = 1000
      browser.core.endpoints.connect(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
      await browser.told("disconnect")
      assert.ok(!browser.events.includes("connect:retry"))
    })
  }
}

test("a browser can be neither bound nor listened to", async (t) => {
  const browser = new BrowserPair(t, ws as unknown as BrowserWebSocketClass)
  for (const address of ["ws://127.0.0.1:0", "ws://*:0", "ws://name:0"]) {
    await assert.rejects(browser.core.endpoints.bind(address), { code: "EPROTONOSUPPORT" })
    assert.throws(() => browser.core.endpoints.bindSync(address), { code: "EPROTONOSUPPORT" })
  }
})

test("a page that may not open a WebSocket tries again", async (t) => {
  class Forbidden {
    constructor() {
      throw new DOMException("insecure", "SecurityError")
    }
  }
  const browser = new BrowserPair(t, Forbidden as unknown as BrowserWebSocketClass)
  browser.core.endpoints.connect("ws://127.0.0.1:5555")
  await browser.told("connect:retry")
})

test("only a subprotocol that a browser takes is offered to it", (t) => {
  assert.deepEqual(open(t).fake.offered, ["ZWS2.0.NULL", "ZWS2.0"])
})

test("a server that chose no subprotocol is left for good, where the browser did not leave it already", async (t) => {
  const { browser, fake } = open(t, "")
  assert.ok(fake.closed)
  await browser.told("disconnect")
  assert.deepEqual(browser.events, ["connect:delay", "connect", "handshake:error:protocol", "disconnect"])
})

test("what is buffered holds back what comes after, until enough of it has gone", async (t) => {
  const { browser, fake } = open(t)
  await browser.send(Buffer.alloc(300_000))
  await eventually(async () => fake.sent.length === 2, "the first message to be sent")
  await browser.send("second")
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setTimeout(resolve, 1))
  assert.equal(fake.sent.length, 2)
  fake.bufferedAmount = 0
  await eventually(async () => fake.sent.length === 3, "the second message to be sent")
  assert.equal(fake.sent[2]?.toString("latin1"), "\0second")
})

test("a browser's PINGs are commands, and a peer that answers none is not given up", async (t) => {
  const { browser, fake } = open(t, "ZWS2.0", { heartbeatInterval: 10, heartbeatTimeToLive: 700 })
  for (let count = 0; count < 5; count++) await pinged(fake)
  assert.ok(fake.sent.slice(1).every((packet) => packet.toString("latin1") === ping(7)))
  assert.ok(!browser.events.includes("disconnect"))
})

test("a peer that has answered a browser's PING is given up when it is silent", async (t) => {
  const { browser, fake } = open(t, "ZWS2.0", { heartbeatInterval: 10 })
  for (let count = 0; count < 5; count++) {
    await pinged(fake)
    fake.say("\x02\x04PONG")
  }
  await browser.told("disconnect")
  assert.ok(fake.closed)
  await browser.told("connect:retry")
})

test("a reader that is too far behind is given up, with what it did not read", async (t) => {
  const { browser, fake } = open(t)
  browser.core.setOption("receiveHighWaterMark", 1)
  const load = `\0${"x".repeat(1 << 20)}`
  for (let count = 0; count < 63; count++) fake.say(load)
  assert.equal(fake.closed, false)
  for (let count = 0; count < 10 && !fake.closed; count++) fake.say(load)
  assert.ok(fake.closed)
  await browser.told("disconnect")
  await browser.told("connect:retry")
})

test("a reader that is never up to date is kept, however much it reads in all", async (t) => {
  const { browser, fake } = open(t)
  browser.core.setOption("receiveHighWaterMark", 1)
  const load = `\0${"x".repeat(1 << 20)}`
  for (let count = 0; count < 10; count++) fake.say(load)
  for (let count = 0; count < 80; count++) {
    await browser.receive()
    fake.say(load)
    assert.equal(fake.closed, false)
  }
})
