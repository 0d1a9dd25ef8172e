// `bind` with a server of the user's: peers come in at one of its paths, and all else stays as it was.
import assert from "node:assert/strict"
import { once } from "node:events"
import http from "node:http"
import https from "node:https"
import net, { type AddressInfo } from "node:net"
import { test } from "node:test"
import * as puremq from "puremq"
import { WebSocket, WebSocketServer } from "ws"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import type { Stage } from "../suites/stage.js"
import { take } from "../suites/talk.js"
import { authority, certificate, key } from "./certificates.js"
import { EventLog, far, here } from "./wire-stage.js"

function scene(name: string, play: (stage: Stage) => Promise<void>): void {
  here(name, play, "ws")
}

/** A server that answers every request with the path that was asked for. */
async function serve(
  stage: Stage,
  server: http.Server = http.createServer(),
): Promise<{ server: http.Server; port: number }> {
  stage.keep({
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  })
  server.on("request", (request, response) => response.end(`page ${request.url}`))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return { server, port: (server.address() as AddressInfo).port }
}

async function page(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return `${response.status} ${await response.text()}`
}

/** What the server answers to a request for a WebSocket; 101 when it opens one. */
async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const webSocket = new WebSocket(url, ["ZWS2.0"], { headers })
  webSocket.on("error", () => {})
  const [request, response] = await within(
    Promise.race([once(webSocket, "unexpected-response"), once(webSocket, "upgrade")]),
    "an answer",
  )
  webSocket.terminate()
  return (response ?? request).statusCode
}

for (const method of ["bind", "bindSync"] as const) {
  scene(`${method} at a path of a server that listens`, async (stage) => {
    const { server, port } = await serve(stage)
    const [reply, request] = [stage.open("Reply"), stage.open("Request")]
    await reply[method]("ws://*:*/zmq", { server })
    assert.equal(reply.lastEndpoint, `ws://127.0.0.1:${port}/zmq`)
    request.connect(`ws://127.0.0.1:${port}/zmq?token=1`)
    await request.send("question")
    assert.deepEqual(await take(reply), ["question"])
    await reply.send("answer")
    assert.deepEqual(await take(request), ["answer"])
    assert.equal(await page(port, "/"), "200 page /")
    assert.equal(await page(port, "/zmq"), "200 page /zmq")
  })
}

scene("a server may begin to listen later", async (stage) => {
  const server = http.createServer()
  const [push, pull] = [stage.open("Push"), stage.open("Pull")]
  await pull.bind("ws://*:*/", { server })
  assert.equal(pull.lastEndpoint, "ws://*:0/")
  const { port } = await serve(stage, server)
  push.connect(`ws://127.0.0.1:${port}`)
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
  await pull.unbind("ws://*:0/")
  assert.equal(server.listenerCount("upgrade"), 0)
})

scene("several sockets share a server, each with a path of its own", async (stage) => {
  const { server, port } = await serve(stage)
  const [first, second, third] = [stage.open("Pull"), stage.open("Pull"), stage.open("Pull")]
  await first.bind("ws://*:*/first", { server })
  await second.bind("ws://*:*/second", { server })
  assert.equal(server.listenerCount("upgrade"), 1)
  await assert.rejects(third.bind("ws://*:*/first", { server }), { code: "EADDRINUSE" })
  for (const [path, pull] of [
    ["/second", second],
    ["/first", first],
  ] as const) {
    const push = stage.open("Push")
    push.connect(`ws://127.0.0.1:${port}${path}`)
    await push.send(path)
    assert.deepEqual(await take(pull), [path])
  }
  first.close()
  await third.bind("ws://*:*/first", { server })
})

scene("other listeners have the paths that are not ours, and nobody's are answered", async (stage) => {
  const { server, port } = await serve(stage)
  const pull = stage.open("Pull")
  await pull.bind("ws://*:*/zmq", { server })
  assert.equal(await statusOf(`ws://127.0.0.1:${port}/chat`), 404)
  const chat = new WebSocketServer({ noServer: true })
  const upgrade = (request: http.IncomingMessage, socket: never, head: Buffer): void => {
    if (request.url === "/chat") chat.handleUpgrade(request, socket, head, (client) => client.close())
  }
  server.on("upgrade", upgrade as never)
  assert.equal(await statusOf(`ws://127.0.0.1:${port}/chat`), 101)
  assert.equal(await statusOf(`ws://127.0.0.1:${port}/zmq`), 101)
  await pull.unbind(pull.lastEndpoint as string)
  assert.equal(await statusOf(`ws://127.0.0.1:${port}/chat`), 101)
  assert.equal(server.listenerCount("upgrade"), 1)
})

scene("who asks for nobody's path is hung up on, though he goes on sending", async (stage) => {
  const { server, port } = await serve(stage)
  const pull = stage.open("Pull")
  await pull.bind("ws://*:*/zmq", { server })
  const closed = once(server, "connection").then(([socket]) => once(socket, "close"))
  const client = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true })
  stage.keep({ close: () => client.destroy() })
  client.on("error", () => {})
  const asking = "GET /chat HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
  client.write(`${asking}and more`)
  await within(closed, "the end of the connection")
})

scene("unbinding hangs up on peers and leaves the server running", async (stage) => {
  const { server, port } = await serve(stage)
  const [pull, push] = [stage.open("Pull"), stage.open("Push", far)]
  const [atPull, atPush] = [new EventLog(pull), new EventLog(push)]
  await pull.bind("ws://*:*/zmq", { server })
  push.connect(pull.lastEndpoint as string)
  await atPull.next("handshake")
  await atPush.next("handshake")
  await pull.unbind(pull.lastEndpoint as string)
  await atPush.next("disconnect")
  assert.ok(server.listening)
  assert.equal(server.listenerCount("upgrade"), 0)
  assert.equal(await page(port, "/zmq"), "200 page /zmq")
  assert.deepEqual(atPull.types, ["bind", "accept", "handshake", "close"])
})

scene("a server of node:https is for wss", async (stage) => {
  const secure = https.createServer({ key, cert: certificate })
  const { server, port } = await serve(stage, secure as unknown as http.Server)
  const [pull, push] = [stage.open("Pull"), stage.open("Push", { wssTrustPem: authority })]
  await pull.bind("wss://*:*/zmq", { server })
  assert.equal(pull.lastEndpoint, `wss://127.0.0.1:${port}/zmq`)
  push.connect(`wss://localhost:${port}/zmq`)
  await push.send("sealed")
  assert.deepEqual(await take(pull), ["sealed"])
  await assert.rejects(pull.bind("ws://*:*/", { server }), { code: "EINVAL" })
  await assert.rejects(pull.bind("wss://*:*/", { server: http.createServer() }), { code: "EINVAL" })
})

scene("what bind is told has to make sense", async (stage) => {
  const { server, port } = await serve(stage)
  const pull = stage.open("Pull")
  for (const wrong of [
    null,
    "path",
    { sever: server },
    { server: {} },
    { allowedOrigins: "*" },
    { allowedOrigins: [1] },
  ]) {
    assert.throws(() => pull.bind("ws://*:*", wrong as never), TypeError)
    assert.throws(() => pull.bindSync("ws://*:*", wrong as never), TypeError)
  }
  for (const [address, options] of [
    ["tcp://*:*", { server }],
    ["inproc://name", { allowedOrigins: [] }],
    ["ws://*:*/path?query", { server }],
    [`ws://*:${port === 5555 ? 5556 : 5555}/`, { server }],
  ] as const) {
    await assert.rejects(pull.bind(address, options), { code: "EINVAL" })
    assert.throws(() => pull.bindSync(address, options), { code: "EINVAL" })
  }
  assert.equal(server.listenerCount("upgrade"), 0)
})

for (const [what, allowedOrigins, origin, status] of [
  ["no page", undefined, "http://example.com", 403],
  ["no page, not even one by our own name", undefined, "http://127.0.0.1", 403],
  ["no file", undefined, "null", 403],
  ["a page that is listed", ["https://example.com"], "https://example.com", 101],
  ["no page that is not listed", ["https://example.com"], "http://example.com", 403],
  ["every page where that is said", ["*"], "http://example.com", 101],
  ["a page that a function allows", (origin: string) => origin.endsWith(".example"), "http://a.example", 101],
  ["no page that it does not", (origin: string) => origin.endsWith(".example"), "http://a.test", 403],
  [
    "no page when the function fails",
    () => {
      throw new Error("a bug of the program's own")
    },
    "http://a.test",
    403,
  ],
] as const) {
  scene(`who listens lets in ${what}`, async (stage) => {
    const pull = stage.open("Pull")
    const events = new EventLog(pull)
    await pull.bind("ws://127.0.0.1:*", allowedOrigins && { allowedOrigins })
    const url = pull.lastEndpoint as string
    const from = origin === "http://127.0.0.1" ? url.replace("ws:", "http:").slice(0, -1) : origin
    assert.equal(await statusOf(url, { Origin: from }), status)
    assert.equal(await statusOf(url), 101)
    if (status === 101) return
    const { error } = await events.next("handshake:error:other")
    assert.equal((error as puremq.ZmqError).code, "EACCES")
    assert.match(error.message, /allowedOrigins/)
  })
}

scene("with a server its own pages are let in, and those of others are not", async (stage) => {
  const { server, port } = await serve(stage)
  const pull = stage.open("Pull")
  await pull.bind("ws://*:*/zmq", { server })
  const url = `ws://127.0.0.1:${port}/zmq`
  assert.equal(await statusOf(url, { Origin: `http://127.0.0.1:${port}` }), 101)
  // Behind somebody who ends TLS.
  assert.equal(await statusOf(url, { Origin: "https://Example.com", Host: "example.COM" }), 101)
  for (const origin of ["http://127.0.0.1", "http://example.com", "null", "nonsense"]) {
    assert.equal(await statusOf(url, { Origin: origin }), 403)
  }
})

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

test("libzmq comes in at a path of a server", { skip }, async () => {
  if (typeof zeromq === "string") return
  const server = http.createServer()
  const [ours, theirs] = [new puremq.Pair({ linger: 0 }), new zeromq.zmq.Pair({ linger: 0 })]
  try {
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    // Of several segments it asks for the last one alone.
    await ours.bind("ws://*:*/path", { server })
    theirs.connect(ours.lastEndpoint as string)
    await theirs.send("there")
    assert.deepEqual((await within(ours.receive(), "what was sent")).map(String), ["there"])
    await ours.send("back")
    assert.deepEqual((await within(theirs.receive(), "the answer")).map(String), ["back"])
  } finally {
    ours.close()
    theirs.close()
    server.close()
    server.closeAllConnections()
  }
})
