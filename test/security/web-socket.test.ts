// PLAIN and CURVE over ws: with libzmq in either role, and from browsers.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as puremq from "puremq"
import { WebSocket } from "ws"
import { encodeZ85 } from "#src/wire/z85.js"
import { fromRoot } from "../interop/package-root.js"
import { within } from "../suites/deadline.js"
import { loadZeromq, puremq as ours } from "../suites/library.js"
import { take } from "../suites/talk.js"
import { EventLog, far } from "../wire/wire-stage.js"
import { clientPair, serverKeys } from "./curve-stage.js"

const zeromq = loadZeromq()
const libraries = typeof zeromq === "string" ? [ours] : [ours, zeromq]

const curve = {
  server: { curveServer: true, curveSecretKey: encodeZ85(serverKeys.secretKey) },
  client: {
    curveServerKey: encodeZ85(serverKeys.publicKey),
    curvePublicKey: encodeZ85(clientPair.publicKey),
    curveSecretKey: encodeZ85(clientPair.secretKey),
  },
}
const plain = {
  server: { plainServer: true },
  client: { plainUsername: "user", plainPassword: "secret" },
}

type Pair = puremq.Pair

async function exchange(server: Pair, client: Pair): Promise<void> {
  for (const size of [0, 1, 125, 126, 65_535, 300_000]) {
    const body = Buffer.alloc(size, size % 251)
    await client.send([body, "there"])
    assert.deepEqual(await within(server.receive(), "what was sent"), [body, Buffer.from("there")])
    await server.send([body, "back"])
    assert.deepEqual(await within(client.receive(), "the answer"), [body, Buffer.from("back")])
  }
}

for (const binder of libraries) {
  for (const connecter of libraries) {
    if (binder !== ours && connecter !== ours) continue
    test(`CURVE over ws, ${binder.name} with ${connecter.name}`, async () => {
      const server = new binder.zmq.Pair({ linger: 0, ...curve.server })
      const client = new connecter.zmq.Pair({ linger: 0, ...curve.client })
      try {
        await server.bind("ws://127.0.0.1:*")
        client.connect(server.lastEndpoint as string)
        await exchange(server as Pair, client as Pair)
      } finally {
        server.close()
        client.close()
      }
    })

    test(`subscriptions over ws with CURVE, ${binder.name} with ${connecter.name}`, async () => {
      const publisher = new binder.zmq.XPublisher({ linger: 0, ...curve.server })
      const subscriber = new connecter.zmq.Subscriber({ linger: 0, ...curve.client })
      try {
        await publisher.bind("ws://127.0.0.1:*")
        subscriber.subscribe("weather")
        subscriber.connect(publisher.lastEndpoint as string)
        assert.deepEqual(await take(publisher as never), ["\x01weather"])
        await publisher.send(["sports", "no"])
        await publisher.send(["weather", "sunny"])
        assert.deepEqual(await take(subscriber as never), ["weather", "sunny"])
      } finally {
        publisher.close()
        subscriber.close()
      }
    })
  }
}

for (const library of libraries) {
  test(`a ${library.name} client of another mechanism is not let in, and none without one`, async () => {
    const server = new puremq.Pull({ linger: 0, ...curve.server })
    const events = new EventLog(server)
    const strangers = [{}, plain.client].map(
      (options) => new library.zmq.Push({ linger: 0, ...far, ...options }),
    )
    const friend = new library.zmq.Push({ linger: 0, ...curve.client })
    try {
      await server.bind("ws://127.0.0.1:*")
      for (const stranger of strangers) {
        stranger.connect(server.lastEndpoint as string)
        await events.next("handshake:error:protocol")
      }
      friend.connect(server.lastEndpoint as string)
      await friend.send("hello")
      assert.deepEqual(await take(server), ["hello"])
    } finally {
      for (const socket of [server, friend, ...strangers]) socket.close()
    }
  })
}

const answers = { user: "200", other: "400" } as const
for (const [name, status] of Object.entries(answers)) {
  for (const library of libraries) {
    test(`PLAIN over ws asks the authenticator about a ${library.name} client: ${status}`, async () => {
      const context = new puremq.Context()
      const handler = new puremq.Reply({ linger: 0, context })
      const server = new puremq.Pull({ linger: 0, context, ...plain.server })
      const events = new EventLog(server)
      const client = new library.zmq.Push({ linger: 0, ...far, ...plain.client, plainUsername: name })
      try {
        await handler.bind("inproc://zeromq.zap.01")
        void (async () => {
          for await (const [version, id, , address, , mechanism, user] of handler) {
            assert.deepEqual([address, mechanism].map(String), ["127.0.0.1", "PLAIN"])
            const verdict = answers[String(user) as keyof typeof answers]
            await handler.send([version ?? "", id ?? "", verdict, "", "someone", ""])
          }
        })()
        await server.bind("ws://127.0.0.1:*")
        client.connect(server.lastEndpoint as string)
        if (status === "200") {
          await client.send("hello")
          const { message, sender } = await within(server.receiveWithSender(), "a message")
          assert.deepEqual(message.map(String), ["hello"])
          assert.equal(sender.properties.get("User-Id"), "someone")
        } else await events.next("handshake:error:auth")
      } finally {
        for (const socket of [server, client, handler]) socket.close()
      }
    })
  }
}

test("a browser shakes hands by CURVE and PLAIN, and tells what it is", async (t) => {
  const global = globalThis as { WebSocket?: unknown }
  const before = global.WebSocket
  global.WebSocket = WebSocket
  t.after(() => {
    global.WebSocket = before
  })
  const browser = (await import(fromRoot("dist/browser/puremq.js"))) as typeof puremq
  const server = new puremq.Pair({ linger: 0, ...curve.server })
  const client = new browser.Pair({ linger: 0, ...curve.client })
  const open = new puremq.Router({ linger: 0 })
  const dealer = new browser.Dealer({ linger: 0, routingId: "page", metadata: { "X-Role": "page" } })
  try {
    await server.bind("ws://127.0.0.1:*")
    client.connect(server.lastEndpoint as string)
    await exchange(server, client)
    await open.bind("ws://127.0.0.1:*")
    dealer.connect(open.lastEndpoint as string)
    await dealer.send("hello")
    const { message, sender } = await within(open.receiveWithSender(), "a message")
    assert.deepEqual(message.map(String), ["page", "hello"])
    assert.deepEqual([sender.socketType, sender.properties.get("X-Role")], ["DEALER", "page"])
  } finally {
    for (const socket of [server, client, open, dealer]) socket.close()
  }
})

test("CURVE over ws: what is said in the clear does not become part of a message", async () => {
  const server = new puremq.Pair({ linger: 0, ...curve.server })
  const events = new EventLog(server)
  await server.bind("ws://127.0.0.1:*")
  const stranger = new WebSocket(server.lastEndpoint as string, ["ZWS2.0.CURVE"])
  await within(new Promise((resolve) => stranger.once("open", resolve)), "the upgrade")
  stranger.send(Buffer.concat([Buffer.of(1), Buffer.from("in the clear")]))
  const { error } = await events.next("handshake:error:protocol")
  assert.equal((error as { code?: string }).code, "ERR_ZMTP_UNEXPECTED_COMMAND")
  await within(new Promise((resolve) => stranger.once("close", resolve)), "the end")
  server.close()
})
