// wss://: ws over TLS. npm's libzmq does not have it, so this is puremq with itself and with what Node brings.
import assert from "node:assert/strict"
import { once } from "node:events"
import { request } from "node:https"
import { connect as connectTcp } from "node:net"
import { connect as connectTls } from "node:tls"
import { WebSocket } from "ws"
import { within } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { numbers, take } from "../suites/talk.js"
import { authority, certificate, key } from "./certificates.js"
import { codeOf, EventLog, far, here } from "./wire-stage.js"

const identity = { wssKeyPem: key, wssCertPem: certificate }
const trust = { wssTrustPem: authority }

function wss(name: string, play: Parameters<typeof here>[1]): void {
  here(name, play, "ws")
}

function portOf(endpoint: string | null): number {
  return Number(new URL(endpoint ?? "").port)
}

for (const method of ["bind", "bindSync"] as const) {
  wss(`${method} to wss and talk both ways`, async (stage) => {
    const [server, client] = [stage.open("Pair", identity), stage.open("Pair", trust)]
    await server[method]("wss://127.0.0.1:*/path")
    assert.match(server.lastEndpoint ?? "", /^wss:\/\/127\.0\.0\.1:\d+\/path$/)
    client.connect(server.lastEndpoint as string)
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 3_000_000]) {
      const body = Buffer.alloc(size, size % 251)
      await client.send([body, "there"])
      assert.deepEqual(await within(server.receive(), "what was sent"), [body, Buffer.from("there")])
      await server.send([body, "back"])
      assert.deepEqual(await within(client.receive(), "the answer"), [body, Buffer.from("back")])
    }
  })
}

wss("events over wss are those over ws", async (stage) => {
  const [server, client] = [stage.open("Pair", identity), stage.open("Pair", { ...trust, ...far })]
  const [atServer, atClient] = [new EventLog(server), new EventLog(client)]
  await server.bind("wss://127.0.0.1:*")
  client.connect(server.lastEndpoint as string)
  await atServer.next("handshake")
  await atClient.next("handshake")
  server.close()
  await atClient.next("connect:retry")
  assert.deepEqual(await atServer.whole(), ["bind", "accept", "handshake", "close", "end"])
  assert.deepEqual(atClient.types, ["connect:delay", "connect", "handshake", "disconnect", "connect:retry"])
})

wss("a crowd of messages waits for room, and comes in order", async (stage) => {
  const marks = { sendHighWaterMark: 10, receiveHighWaterMark: 10 }
  const push = stage.open("Push", { ...trust, sendHighWaterMark: 10 })
  const pull = stage.open("Pull", { ...identity, receiveHighWaterMark: marks.receiveHighWaterMark })
  await pull.bind("wss://127.0.0.1:*")
  push.connect(pull.lastEndpoint as string)
  const load = Buffer.alloc(50_000)
  const sending = (async () => {
    for (const number of numbers(500)) await push.send([number, load])
  })()
  for (const number of numbers(500)) assert.equal((await take(pull))[0], number)
  await sending
})

wss("pings that come amid a write are answered, and hold nothing up", async (stage) => {
  const push = stage.open("Push", identity)
  await push.bind("wss://127.0.0.1:*")
  const peer = new WebSocket(push.lastEndpoint as string, ["ZWS2.0"], { ca: authority })
  stage.keep({ close: () => peer.terminate() })
  let came = 0
  let pongs = 0
  const all = new Promise<void>((resolve) => {
    peer.on("message", () => {
      // The first is the routing id.
      if (++came === 11) resolve()
    })
  })
  peer.on("pong", () => pongs++)
  await within(once(peer, "open"), "a WebSocket")
  peer.send(Buffer.from([0]))
  peer.pause()
  for (let count = 0; count < 10; count++) await push.send(Buffer.alloc(3_000_000))
  for (let count = 0; count < 20; count++) {
    await new Promise<void>((resolve) => peer.ping(Buffer.alloc(100), undefined, () => resolve()))
    await new Promise((resolve) => setImmediate(resolve))
  }
  peer.resume()
  await within(all, "all messages")
  assert.ok(pongs > 0)
})

for (const [what, host, options] of [
  ["by the name in the address", "localhost", trust],
  ["by a name of its own", "127.0.0.1", { ...trust, wssHostname: "puremq.example" }],
  ["with the runtime's authorities besides", "127.0.0.1", { ...trust, wssTrustSystem: true }],
] as const) {
  wss(`a server is known ${what}`, async (stage) => {
    const { endpoint, pull } = await listen(stage)
    const push = stage.open("Push", options)
    push.connect(`wss://${host}:${portOf(endpoint)}`)
    await push.send("hello")
    assert.deepEqual(await take(pull), ["hello"])
  })
}

for (const [what, options] of [
  ["nobody is trusted", {}],
  ["only the runtime's authorities are trusted", { wssTrustSystem: true }],
  ["another authority is trusted", { wssTrustPem: certificate }],
  ["its certificate is for another name", { ...trust, wssHostname: "another.example" }],
] as const) {
  wss(`a server is not talked to when ${what}`, async (stage) => {
    const { endpoint } = await listen(stage)
    const push = stage.open("Push", { ...options, ...far })
    const events = new EventLog(push)
    push.connect(endpoint)
    await events.next("handshake:error:other")
    await events.next("disconnect")
    await events.next("connect:retry")
    assert.ok(!events.types.includes("handshake"))
  })
}

wss("binding wants a key and a certificate that are some", async (stage) => {
  for (const options of [
    {},
    { wssKeyPem: key },
    { wssCertPem: certificate },
    { ...identity, wssKeyPem: "no key" },
  ]) {
    const pull = stage.open("Pull", options)
    await assert.rejects(pull.bind("wss://127.0.0.1:*"), { code: "EINVAL", address: "wss://127.0.0.1:*" })
    assert.throws(() => pull.bindSync("wss://127.0.0.1:*"), { code: "EINVAL" })
  }
  const pull = stage.open("Pull")
  await assert.rejects(pull.bind("wss://127.0.0.1:*"), /wssKeyPem and wssCertPem/)
})

for (const [what, hello] of [
  ["speaks without TLS", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
  ["says nothing sensible", "\x16\x03\x01\0\x04\xff\0\0\0"],
] as const) {
  wss(`who ${what} is turned away, and others come in`, async (stage) => {
    const { endpoint, pull, events } = await listen(stage)
    const socket = stage.keep(closable(connectTcp(portOf(endpoint), "127.0.0.1")))
    socket.write(Buffer.from(hello, "latin1"))
    await events.next("handshake:error:other")
    await events.next("disconnect")
    await comesIn(stage, endpoint, pull)
  })
}

wss("who asks for a page over TLS is told what he found", async (stage) => {
  const { endpoint, events } = await listen(stage)
  const asked = request({ host: "127.0.0.1", port: portOf(endpoint), ca: authority })
  const status = new Promise((resolve, reject) => {
    asked.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject)
  })
  asked.end()
  assert.equal(await within(status, "an answer"), 426)
  assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_WS_UNSPECIFIED")
  await events.next("disconnect")
})

wss("who does not go on after TLS is given up in time", async (stage) => {
  const { endpoint, events } = await listen(stage, { handshakeInterval: 500 })
  const socket = stage.keep(
    closable(connectTls({ port: portOf(endpoint), host: "127.0.0.1", ca: authority })),
  )
  await events.next("accept")
  assert.equal(codeOf(await events.next("handshake:error:other")), "EAGAIN")
  await events.next("disconnect")
  socket.destroy()
})

wss("who does not begin with TLS is given up in time", async (stage) => {
  const { endpoint, events } = await listen(stage, { handshakeInterval: 500 })
  const socket = stage.keep(closable(connectTcp(portOf(endpoint), "127.0.0.1")))
  await events.next("handshake:error:other")
  await events.next("disconnect")
  socket.destroy()
})

wss("a client gives up a server that does not answer in TLS", async (stage) => {
  const { MockServer } = await import("./mock-peer.js")
  const server = stage.keep(await MockServer.listen())
  const push = stage.open("Push", { ...trust, ...far, handshakeInterval: 500 })
  const events = new EventLog(push)
  push.connect(server.address.replace("tcp", "wss"))
  await events.next("connect")
  assert.equal(codeOf(await events.next("handshake:error:other")), "EAGAIN")
  await events.next("connect:retry")
})

interface Listening {
  readonly endpoint: string
  readonly pull: ReturnType<typeof openPull>
  readonly events: EventLog
}

function openPull(stage: Stage, options: object) {
  return stage.open("Pull", { ...identity, ...options })
}

async function listen(stage: Stage, options: object = {}): Promise<Listening> {
  const pull = openPull(stage, options)
  const events = new EventLog(pull)
  await pull.bind("wss://127.0.0.1:*")
  return { endpoint: pull.lastEndpoint as string, pull, events }
}

async function comesIn(stage: Stage, endpoint: string, pull: Listening["pull"]): Promise<void> {
  const push = stage.open("Push", trust)
  push.connect(endpoint)
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
}

function closable<Socket extends { destroy(): unknown; on(event: "error", handler: () => void): unknown }>(
  socket: Socket,
): Socket & { close(): void } {
  socket.on("error", () => {})
  return Object.assign(socket, { close: () => void socket.destroy() })
}
