// What a socket says of itself in READY beyond the usual, and what it keeps of what its peers say.
import assert from "node:assert/strict"
import type { Peer } from "puremq"
import * as puremq from "puremq"
import { within } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { MockPeer, MockServer } from "./mock-peer.js"
import { dial, here, onBoth, type Role, roles } from "./wire-stage.js"
import { command, frame, greeting, message, oldFrame, properties, ready, signature } from "./zmtp-bytes.js"

/** Draft options have no property in zeromq.js. */
interface ByNumber {
  setStringOption(option: number, value: string): void
}
const METADATA = 95

interface Reachable {
  connect(address: string): void
  bind(address: string): Promise<void>
  readonly lastEndpoint: string | null
}

async function reach(stage: Stage, role: Role, socket: Reachable): Promise<MockPeer> {
  if (role === "binds") return dial(stage, await stage.bind(socket))
  const server = stage.keep(await MockServer.listen())
  socket.connect(server.address)
  return server.accept()
}

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a DEALER that ${role} adds its metadata to READY, byte by byte`, async (stage) => {
      const socket = stage.open("Dealer", { routingId: "me" })
      if (socket instanceof puremq.Dealer) {
        socket.metadata = { "X-connection": "primary", "X-hello": "wörld" }
      } else {
        ;(socket as unknown as ByNumber).setStringOption(METADATA, "X-connection:primary")
        ;(socket as unknown as ByNumber).setStringOption(METADATA, "X-hello:wörld")
      }
      const mock = await reach(stage, role, socket)
      await mock.send(greeting())
      await mock.take(64)
      // 04 | size | 05 'READY' | 0b 'Socket-Type' 00000006 'DEALER' | 08 'Identity' 00000002 'me' | 0c 'X-connection' …
      const expected = ready(
        "DEALER",
        ["Identity", "me"],
        ["X-connection", "primary"],
        ["X-hello", Buffer.from("wörld")],
      )
      assert.equal((await mock.take(expected.length)).toString("latin1"), expected.toString("latin1"))
    })
  }
})

/** Who sent the message that comes from a peer that says so. */
async function senderOf(stage: Stage, role: Role, ...says: Buffer[]): Promise<Peer> {
  const pull = stage.keep(new puremq.Pull({ linger: 0 }))
  const mock = await reach(stage, role, pull)
  await mock.send(...says)
  const { sender } = await within(pull.receiveWithSender(), "a message with its sender")
  return sender
}

for (const role of roles) {
  here(`a PULL that ${role} keeps what its peer says, by names of any case`, async (stage) => {
    const said = ready("PUSH", ["Identity", "me"], ["X-Role", "wörker"], ["x-empty", ""], ["Other", "too"])
    const { properties: known } = await senderOf(stage, role, greeting(), said, message("hello"))
    // What is not Latin-1 came as UTF-8.
    assert.deepEqual(
      [...known],
      [
        ["Socket-Type", "PUSH"],
        ["Identity", "me"],
        ["Routing-Id", "me"],
        ["Peer-Address", "127.0.0.1"],
        ["X-Role", "w\ufffdrker"],
        ["x-empty", ""],
        ["Other", "too"],
      ],
    )
    assert.equal(known.get("X-ROLE"), "w\ufffdrker")
    assert.equal(known.get("socket-type"), "PUSH")
    assert.equal(known.get("X-Empty"), "")
    assert.equal(known.get("X-Foobar"), undefined)
    assert.deepEqual([known.has("x-role"), known.has("foobar"), known.size], [true, false, 7])
    assert.deepEqual(
      [...known.keys()],
      Array.from(known, ([name]) => name),
    )
    assert.deepEqual(
      [...known.values()],
      Array.from(known, ([, value]) => value),
    )
    const seen: [string, string][] = []
    known.forEach((value, name) => {
      seen.push([name, value])
    })
    assert.deepEqual(seen, [...known])
    const map = known as Map<string, string>
    assert.throws(() => map.set("X-Role", "boss"), TypeError)
    assert.throws(() => map.delete("X-Role"), TypeError)
    assert.throws(() => map.clear(), TypeError)
    assert.equal(known.get("X-Role"), "w\ufffdrker")
  })

  here(`a PULL that ${role} believes itself before its peer`, async (stage) => {
    const said = command(
      "READY",
      properties(["SOCKET-TYPE", "PUSH"], ["Peer-Address", "1.2.3.4"], ["X-a", "first"], ["x-A", "second"]),
    )
    const { properties: known } = await senderOf(stage, role, greeting(), said, message("hello"))
    assert.deepEqual(
      [...known],
      [
        ["Socket-Type", "PUSH"],
        ["Peer-Address", "127.0.0.1"],
        ["X-a", "first"],
      ],
    )
  })

  here(`a PULL that ${role} keeps no more of what its peer says than anybody needs`, async (stage) => {
    const many = Array.from({ length: 1000 }, (_, at): [string, string] => [`X-${at}`, `${at}`])
    const crowded = await senderOf(stage, role, greeting(), ready("PUSH", ...many), message("hello"))
    assert.equal([...crowded.properties.keys()].filter((name) => name.startsWith("X-")).length, 64)
    assert.equal(crowded.properties.get("X-63"), "63")
    const long = ready(
      "PUSH",
      ["X-long", "x".repeat(70_000)],
      ["X-half", "y".repeat(40_000)],
      ["X-other-half", "z".repeat(40_000)],
      ["X-short", "short"],
    )
    const wordy = await senderOf(stage, role, greeting(), long, message("hello"))
    assert.deepEqual(
      ["X-long", "X-half", "X-other-half", "X-short"].map((name) => wordy.properties.get(name)?.length),
      [undefined, 40_000, undefined, 5],
    )
  })

  here(`a PULL that ${role} knows of old peers what they say`, async (stage) => {
    const first = await senderOf(stage, role, oldFrame(0, "me"), oldFrame(0, "hello"))
    assert.deepEqual([first.socketType, String(first.routingId)], ["", "me"])
    const address: [string, string] = ["Peer-Address", "127.0.0.1"]
    assert.deepEqual([...first.properties], [["Identity", "me"], ["Routing-Id", "me"], address])
    const second = await senderOf(stage, role, signature, Buffer.of(1, 8), frame(0, ""), message("hello"))
    assert.deepEqual([second.socketType, String(second.routingId)], ["PUSH", ""])
    assert.deepEqual([...second.properties], [["Socket-Type", "PUSH"], address])
  })
}

here("a message's metadata is that of its connection, and made once", async (stage) => {
  const pull = stage.keep(new puremq.Pull({ linger: 0 }))
  const address = await stage.bind(pull)
  const mock = await MockPeer.dial(address)
  stage.keep(mock)
  await mock.send(greeting(), ready("PUSH", ["X-a", "b"]), message("1"), message("2"))
  const first = (await within(pull.receiveWithSender(), "1")).sender.properties
  assert.equal((await within(pull.receiveWithSender(), "2")).sender.properties, first)
})
