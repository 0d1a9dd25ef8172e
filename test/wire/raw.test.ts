// STREAM, and ROUTER with `raw`: plain TCP with peers of node:net and node:http.
import assert from "node:assert/strict"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { connect, createServer, type Server, type Socket } from "node:net"
import { setImmediate as turn } from "node:timers/promises"
import { adjust } from "../suites/by-number.js"
import { eventually, within } from "../suites/deadline.js"
import { offer, takeFrames, takesNothing } from "../suites/talk.js"
import { MockServer } from "./mock-peer.js"
import { collect, come, endsFor, fetchPage, sender, unreachable, welcome } from "./raw-stage.js"
import { dial, EventLog, here, onBoth } from "./wire-stage.js"

onBoth((scenario) => {
  for (const name of ["Stream", "Router"] as const) {
    scenario(`stream: a ${name} talks to a peer that connects, and hears it come and go`, async (stage) => {
      const { socket, mock, id } = await welcome(stage, { name })
      assert.equal(id.length, 5)
      assert.equal(id[0], 0)
      assert.equal(mock.received.length, 0)
      await mock.send(Buffer.from("question"))
      assert.equal(String(await collect(socket, id, 8)), "question")
      await socket.send([id, "answer"])
      assert.equal(String(await mock.take(6)), "answer")
      mock.close()
      assert.deepEqual(await takeFrames(socket), [id, Buffer.alloc(0)])
    })

    scenario(`stream_disconnect: a ${name} ends a connection with an empty message`, async (stage) => {
      const { socket, address, mock, id } = await welcome(stage, { name })
      await socket.send([id, "farewell"])
      assert.equal(String(await mock.take(8)), "farewell")
      await socket.send([id, ""])
      await endsFor(mock, socket)
      // Who hangs up is not told that he did, and others are as they were.
      const next = await come(stage, socket, address)
      await next.mock.send(Buffer.from("next"))
      assert.equal(String(await collect(socket, next.id, 4)), "next")
      await takesNothing(socket, "a socket that ended a connection")
    })
  }

  scenario("stream: what names nobody is refused", async (stage) => {
    const { socket, mock, id } = await welcome(stage)
    await assert.rejects(socket.send(["nobody", "x"]), unreachable)
    await socket.send([id, ""])
    await endsFor(mock, socket)
    await assert.rejects(socket.send([id, "x"]), unreachable)
  })

  scenario(
    "hello_msg, disconnect_msg: a raw ROUTER greets with bytes, and hears of the end",
    async (stage) => {
      const values = { raw: true, helloMessage: "220 at your service", disconnectMessage: "gone" }
      const socket = adjust(stage, stage.open("Router"), values)
      const { mock, id } = await come(stage, socket, await stage.bind(socket))
      await socket.send([id, ", sir"])
      assert.equal(String(await mock.take(24)), "220 at your service, sir")
      mock.close()
      assert.deepEqual(await takeFrames(socket), [id, Buffer.alloc(0)])
      assert.deepEqual(await takeFrames(socket), [id, Buffer.from("gone")])
    },
  )

  scenario("a raw ROUTER drops what names nobody", async (stage) => {
    const { socket } = await welcome(stage, { name: "Router" })
    await within(socket.send(["nobody", "x"]), "a message to nobody to be dropped")
  })

  scenario("stream: without notify nothing is heard of who comes and goes", async (stage) => {
    const socket = stage.open("Stream", { notify: false })
    const address = await stage.bind(socket)
    const one = await dial(stage, address)
    await one.send(Buffer.from("one"))
    assert.equal(String((await takeFrames(socket))[1]), "one")
    one.close()
    const two = await dial(stage, address)
    await two.send(Buffer.from("two"))
    assert.equal(String((await takeFrames(socket))[1]), "two")
  })

  scenario("connect_rid: a STREAM that connects sends to the name that it gave", async (stage) => {
    const server = stage.keep(await MockServer.listen())
    const socket = stage.open("Stream")
    socket.connect(server.address, { routingId: "server" })
    await socket.send(["server", "early"])
    const mock = await server.accept()
    assert.equal(String(await mock.take(5)), "early")
    assert.deepEqual((await takeFrames(socket)).map(String), ["server", ""])
    await mock.send(Buffer.from("hello"))
    assert.equal(String(await collect(socket, Buffer.from("server"), 5)), "hello")
    await mock.send(Buffer.from("bye"))
    mock.finish()
    assert.equal(String(await collect(socket, Buffer.from("server"), 3)), "bye")
    assert.deepEqual((await takeFrames(socket)).map(String), ["server", ""])
  })

  scenario("stream: a connection that is lost is made again, under its name", async (stage) => {
    const server = stage.keep(await MockServer.listen())
    const socket = stage.open("Stream", { reconnectInterval: 1 })
    socket.connect(server.address, { routingId: "server" })
    for (const word of ["one", "two"]) {
      const mock = await server.accept()
      assert.deepEqual((await takeFrames(socket)).map(String), ["server", ""])
      await socket.send(["server", word])
      assert.equal(String(await mock.take(3)), word)
      mock.close()
      assert.deepEqual((await takeFrames(socket)).map(String), ["server", ""])
    }
  })

  scenario("stream: two STREAMs talk to each other, each by its own name of the other", async (stage) => {
    const bound = stage.open("Stream")
    const dialling = stage.open("Stream")
    dialling.connect(await stage.bind(bound), { routingId: "bound" })
    const [id] = (await takeFrames(bound)) as [Buffer, Buffer]
    assert.deepEqual((await takeFrames(dialling)).map(String), ["bound", ""])
    await dialling.send(["bound", "question"])
    assert.equal(String(await collect(bound, id, 8)), "question")
    await bound.send([id, "answer"])
    assert.equal(String(await collect(dialling, Buffer.from("bound"), 6)), "answer")
    await bound.send([id, ""])
    await eventually(async () => !bound.readable && dialling.readable, "the end of the connection")
    assert.deepEqual((await takeFrames(dialling)).map(String), ["bound", ""])
  })

  scenario("stream_empty: an empty message to a peer ends its connection and no other", async (stage) => {
    const { socket, address, mock, id } = await welcome(stage)
    const other = await come(stage, socket, address)
    await socket.send([id, ""])
    await endsFor(mock, socket)
    await socket.send([other.id, "still here"])
    assert.equal(String(await other.mock.take(10)), "still here")
  })

  scenario("stream_exceeds_buffer: much is heard and said whole, however it is split", async (stage) => {
    const { socket, mock, id } = await welcome(stage)
    for (const size of [1, 8191, 8192, 8193, 65_536, 300_000, 5_000_000]) {
      const bytes = Buffer.alloc(size)
      for (let at = 0; at < size; at += 1) bytes[at] = (at * 7 + size) & 0xff
      void mock.send(bytes)
      assert.ok((await collect(socket, id, size)).equals(bytes), `${size} bytes to the STREAM`)
      await socket.send([id, bytes])
      assert.ok((await mock.take(size)).equals(bytes), `${size} bytes from the STREAM`)
    }
    for (let count = 0; count < 500; count += 1) await socket.send([id, `${count};`])
    const expected = Array.from({ length: 500 }, (_, count) => `${count};`).join("")
    assert.equal(String(await mock.take(expected.length)), expected)
  })

  scenario("stream: an HTTP client is answered", async (stage) => {
    const socket = stage.open("Stream")
    const { port } = new URL(await stage.bind(socket))
    const page = fetchPage(Number(port))
    const [id] = (await takeFrames(socket)) as [Buffer, Buffer]
    let request = ""
    while (!request.endsWith("\r\n\r\n")) request += String((await takeFrames(socket))[1])
    assert.match(request, /^GET \/page HTTP\/1\.1\r\n/)
    await socket.send([id, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"])
    await socket.send([id, "Hello, world"])
    assert.equal(await within(page, "the page"), "Hello, world")
  })

  scenario("stream: events tell of connections and of no handshakes", async (stage) => {
    const socket = stage.open("Stream")
    const events = new EventLog(socket)
    const { mock } = await come(stage, socket, await stage.bind(socket))
    mock.close()
    await events.next("disconnect")
    assert.deepEqual(events.types.slice(0, 2), ["bind", "accept"])
    assert.equal(events.types.includes("handshake"), false)
  })
})

// libzmq aborts the process at it.
here("a raw ROUTER that probes sends a peer no byte", async (stage) => {
  const socket = stage.open("Router", { raw: true, probeRouter: true })
  const { mock, id } = await come(stage, socket, await stage.bind(socket))
  await socket.send([id, "word"])
  assert.equal(String(await mock.take(4)), "word")
})

here("stream: a peer that does not read makes send() wait, and then gets all", async (stage) => {
  const socket = stage.open("Stream", { sendHighWaterMark: 2 })
  const { mock, id } = await come(stage, socket, await stage.bind(socket))
  mock.stopReading()
  const load = Buffer.alloc(2 ** 20, "x")
  let taken = 0
  while (await offer(sender(socket, id), load, 200)) {
    taken += 1
    assert.ok(taken < 200, "200 MiB were taken although nobody read")
  }
  const waiting = socket.send([id, "end"])
  mock.keepReading()
  await within(waiting, "the send() that waited")
  const all = await mock.take(taken * load.length + 3)
  assert.equal(String(all.subarray(-4)), "xend")
})

here("stream: an HTTP client has the whole page when the connection ends", async (stage) => {
  const socket = stage.open("Stream")
  const { port } = new URL(await stage.bind(socket))
  const page = fetchPage(Number(port))
  const [id] = (await takeFrames(socket)) as [Buffer, Buffer]
  await takeFrames(socket)
  await socket.send([id, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"])
  await socket.send([id, "Hello, world"])
  await socket.send([id, ""])
  assert.equal(await within(page, "the page"), "Hello, world")
})

here("stream: what waits behind an empty message is given up when the socket closes", async (stage) => {
  const { socket, mock, id } = await welcome(stage)
  mock.stopReading()
  const load = Buffer.alloc(2 ** 20, "x")
  for (let count = 0; count < 50; count += 1) await socket.send([id, load])
  await socket.send([id, ""])
  const { core } = socket as unknown as { core: { done: Promise<void> } }
  stage.close()
  await within(core.done, "the end of the socket")
})

here("an empty message ends a connection behind all that was sent to it", async (stage) => {
  const { socket, mock, id } = await welcome(stage)
  mock.stopReading()
  const load = Buffer.alloc(2 ** 20, "x")
  for (let count = 0; count < 20; count += 1) await socket.send([id, load])
  await socket.send([id, ""])
  await assert.rejects(socket.send([id, "x"]), unreachable)
  mock.keepReading()
  assert.equal((await mock.take(20 * load.length)).length, 20 * load.length)
  assert.equal(await mock.ended(), "end")
})

here("a STREAM that is behind stops reading, and then hears all", async (stage) => {
  const socket = stage.open("Stream", { receiveHighWaterMark: 2 })
  const { mock, id } = await come(stage, socket, await stage.bind(socket))
  const bytes = Buffer.alloc(2 ** 26, "x")
  let sent = false
  const sending = mock.send(bytes).then(() => {
    sent = true
  })
  const heard = (await collect(socket, id, 1)).length
  assert.equal(sent, false)
  const rest = bytes.length - heard
  assert.equal((await collect(socket, id, rest)).length, rest)
  await sending
})

for (const said of ["", "late"]) {
  here(`a STREAM that is behind waits with the end of a connection that said "${said}"`, async (stage) => {
    const server = stage.keep(await MockServer.listen())
    const socket = stage.open("Stream", { receiveHighWaterMark: 4, reconnectInterval: 1 })
    const events = stage.keep(new EventLog(socket))
    socket.connect(server.address)
    for (let count = 0; count < 2; count++) {
      ;(await server.accept()).finish()
      await events.next("disconnect")
    }
    const last = await server.accept()
    await events.next("connect")
    if (said !== "") await last.send(Buffer.from(said))
    await eventually(async () => socket.stats().bytesIn === said.length, "what was said")
    last.finish()
    for (let turns = 0; turns < 20; turns++) await turn()
    // That two have come and gone, and that a third one has come.
    assert.equal(socket.stats().queuedIn, 5)
    const got: string[] = []
    const due = ["", "", "", "", "", ...(said === "" ? [] : [said]), ""]
    while (got.length < due.length) got.push(String((await takeFrames(socket))[1]))
    assert.deepEqual(got, due)
    await server.accept()
  })
}

here("a STREAM of mark 1 has room for others when those that it was told of have gone", async (stage) => {
  const socket = stage.open("Stream", { receiveHighWaterMark: 1, maxConnections: 2 })
  const events = stage.keep(new EventLog(socket))
  const address = await stage.bind(socket)
  for (let count = 0; count < 4; count++) {
    const one = await dial(stage, address)
    await events.next("accept")
    one.finish()
    await events.next("disconnect")
  }
})

here("a STREAM that is behind connects again when there is something to send", async (stage) => {
  const server = stage.keep(await MockServer.listen())
  const socket = stage.open("Stream", { receiveHighWaterMark: 1, reconnectInterval: 1 })
  socket.connect(server.address, { routingId: "server" })
  for (let count = 0; count < 2; count++) (await server.accept()).finish()
  for (let turns = 0; turns < 20; turns++) await turn()
  // That one has come and gone, and that a second one has come.
  assert.equal(socket.stats().queuedIn, 3)
  await socket.send(["server", "first"])
  await socket.send(["server", "second"])
  const next = await server.accept()
  assert.equal(String(await next.take(11)), "firstsecond")
})

here("a name that a peer has already is refused, and connect() changes nothing", async (stage) => {
  const server = stage.keep(await MockServer.listen())
  const socket = stage.open("Stream")
  socket.connect(server.address, { routingId: "server" })
  assert.throws(() => socket.connect(server.address, { routingId: "server" }), { code: "EINVAL" })
  const router = stage.open("Router")
  const dealer = stage.open("Dealer", { routingId: "dealer" })
  dealer.connect(await stage.bind(router))
  await dealer.send("hello")
  await takeFrames(router)
  assert.throws(() => router.connect(server.address, { routingId: "dealer" }), { code: "EINVAL" })
  for (const routingId of ["", "\0x", "x".repeat(256)]) {
    assert.throws(() => router.connect(server.address, { routingId }), { code: "EINVAL" })
  }
  assert.throws(() => router.connect(server.address, { routingId: 5 as unknown as string }), TypeError)
  await server.accept()
  assert.equal(server.count, 1)
})

here("STREAM has no peers within its process, nor over WebSockets", async (stage) => {
  const socket = stage.open("Stream")
  for (const address of ["inproc://stream", "ws://127.0.0.1:5555", "wss://127.0.0.1:5555"]) {
    await assert.rejects(socket.bind(address), { code: "ENOCOMPATPROTO" })
    assert.throws(() => socket.connect(address), { code: "ENOCOMPATPROTO" })
  }
})

here("many peers of node:net are each answered with what they said", async (stage) => {
  const socket = stage.open("Stream", { notify: false })
  const { port } = new URL(await stage.bind(socket))
  const echoing = (async () => {
    for await (const [id, bytes] of socket) await socket.send([id, bytes])
  })()
  const talks = Array.from({ length: 20 }, async (_, index) => {
    const client: Socket = connect(Number(port), "127.0.0.1")
    const words = Buffer.alloc(100_000 + index, `peer ${index};`)
    client.write(words)
    const parts: Buffer[] = []
    for await (const part of client) {
      parts.push(part as Buffer)
      if (Buffer.concat(parts).length === words.length) break
    }
    assert.ok(Buffer.concat(parts).equals(words))
  })
  await within(Promise.all(talks), "all echoes")
  socket.close()
  await echoing
})

here("a STREAM speaks to a server of node:net", async (stage) => {
  const server: Server = createServer((client) => client.pipe(client)).listen(0, "127.0.0.1")
  await once(server, "listening")
  stage.keep({ close: () => void server.close() })
  const socket = stage.open("Stream", { notify: false })
  const { port } = server.address() as AddressInfo
  socket.connect(`tcp://127.0.0.1:${port}`, { routingId: "echo" })
  await socket.send(["echo", "hello"])
  assert.equal(String(await collect(socket, Buffer.from("echo"), 5)), "hello")
  await socket.send(["echo", ""])
})

here("a STREAM speaks over ipc, too", async (stage) => {
  const bound = stage.open("Stream")
  const dialling = stage.open("Stream")
  await bound.bind("ipc://*")
  dialling.connect(bound.lastEndpoint ?? "", { routingId: "bound" })
  await dialling.send(["bound", "hello"])
  const [id] = (await takeFrames(bound)) as [Buffer, Buffer]
  assert.equal(String(await collect(bound, id, 5)), "hello")
})
