// The `metadata` option and `Peer.properties`.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"

let names = 0
const endpoints = {
  tcp: () => "tcp://127.0.0.1:0",
  ipc: () => "ipc://*",
  inproc: () => `inproc://metadata-${names++}`,
}

for (const [transport, endpoint] of Object.entries(endpoints)) {
  test(`${transport}: both sides of a request know what the other says of itself`, async () => {
    using reply = new zmq.Reply({ linger: 0, metadata: { "X-hello": "world", "X-connection": "backup" } })
    using request = new zmq.Request({ linger: 0 })
    request.metadata = { "X-hello": "hello", "X-connection": "primary", "X-bin": "009c6" }
    await reply.bind(endpoint())
    request.connect(reply.lastEndpoint as string)
    await request.send("1")
    const { sender: client } = await within(reply.receiveWithSender(), "the request")
    assert.equal(client.properties.get("X-hello"), "hello")
    assert.equal(client.properties.get("x-connection"), "primary")
    assert.equal(client.properties.get("X-bin"), "009c6")
    assert.equal(client.properties.get("X-foobar"), undefined)
    assert.equal(client.properties.get("foobar"), undefined)
    assert.equal(client.properties.get("Socket-Type"), "REQ")
    assert.equal(client.properties.get("Peer-Address"), transport === "tcp" ? "127.0.0.1" : undefined)
    await reply.send("2")
    const { sender: server } = await within(request.receiveWithSender(), "the reply")
    assert.equal(server.properties.get("X-hello"), "world")
    assert.equal(server.properties.get("X-connection"), "backup")
    assert.equal(server.properties.get("Socket-Type"), "REP")
  })

  test(`${transport}: metadata that is set later is for those who come later`, async () => {
    using pull = new zmq.Pull({ linger: 0 })
    await pull.bind(endpoint())
    for (const metadata of [null, { "X-n": "1" }, { "X-n": "2" }]) {
      using push = new zmq.Push({ linger: 0, metadata })
      push.connect(pull.lastEndpoint as string)
      await push.send("hello")
      const { sender } = await within(pull.receiveWithSender(), "a message")
      assert.equal(sender.properties.get("X-n"), metadata?.["X-n"])
    }
  })
}

test("metadata is told by names that begin with X-, of at most 255 characters, and values of text", () => {
  using socket = new zmq.Pair()
  for (const name of ["", "key", "x-key", "X-", "X-a b", "X-ä", `X-${"x".repeat(254)}`, "Socket-Type"]) {
    assert.throws(
      () => {
        socket.metadata = { [name]: "value" }
      },
      { code: "EINVAL" },
    )
  }
  assert.throws(() => {
    socket.metadata = { "X-a": 1 } as unknown as Record<string, string>
  }, TypeError)
  assert.equal(socket.metadata, null)
  socket.metadata = { "X-a": "", [`X-${"x".repeat(253)}`]: "ä" }
  assert.deepEqual(socket.metadata, { "X-a": "", [`X-${"x".repeat(253)}`]: "ä" })
})
