// The rules of WebSockets and of ZWS, which libzmq keeps more leniently, or less.
import assert from "node:assert/strict"
import type * as puremq from "puremq"
import { eventually } from "../suites/deadline.js"
import type { SocketName } from "../suites/library.js"
import { take } from "../suites/talk.js"
import { codeOf, here, roles } from "./wire-stage.js"
import {
  CLOSE,
  commandBody,
  type FrameFields,
  longFrameHeader,
  PING,
  PONG,
  readyBody,
  TEXT,
  ZWS_COMMAND,
} from "./zws-bytes.js"
import { meetOverZws, type ZwsPeer } from "./zws-peer.js"

const ws = (name: string, play: Parameters<typeof here>[1]): void => here(name, play, "ws")

const odd =
  (payload: string, fields: Partial<FrameFields> = {}) =>
  (peer: ZwsPeer): Promise<void> =>
    peer.sendFrame(payload, fields)

/** What ends a connection. With libzmq too as a rule, but it goes by an error number that it may not have set. */
const violations: readonly (readonly [what: string, send: (peer: ZwsPeer) => Promise<void>])[] = [
  ["text", odd("\0text", { opcode: TEXT })],
  ["a message without flags", odd("")],
  ["a kind of frame that WebSockets do not have", odd("\0odd", { opcode: 3 })],
  ["a message that is too long", odd(`\0${"x".repeat(100_001)}`)],
  ["a frame that is masked where it must not be, or isn't where it must", unmask],
  [
    "the length of a message that nobody could hold",
    (peer) => peer.mock.send(longFrameHeader(2n ** 62n, peer.masks)),
  ],
]

function unmask(peer: ZwsPeer): Promise<void> {
  return peer.sendFrame("\0odd", { masked: !peer.masks })
}

for (const role of roles) {
  for (const [what, payload, fields] of [
    ["flags that are not defined", "\x04odd", {}],
    ["a command that has more to follow", "\x03odd", {}],
    ["bits that only an extension has a meaning for", "\0odd", { reserved: 0x40 }],
  ] as const) {
    ws(`a PULL that ${role} leaves for good who sends ${what}`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, "Pull")
      await peer.shakeHands("PUSH")
      await peer.sendFrame(payload, fields)
      await peer.ended()
      await events.next("disconnect")
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const [what, send] of violations) {
    ws(`a PULL that ${role} leaves for good who sends ${what}`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, "Pull", { maxMessageSize: 100_000 })
      await peer.shakeHands("PUSH")
      await peer.sendMessage("an honest one")
      assert.deepEqual(await take(socket), ["an honest one"])
      await send(peer)
      await peer.ended()
      await events.next("disconnect")
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  ws(`a PULL that ${role} joins the fragments of a message`, async (stage) => {
    const { socket, peer } = await meetOverZws(stage, role, "Pull")
    await peer.shakeHands("PUSH")
    await peer.mock.send(
      peer.frame("\0frag", { final: false }),
      peer.frame("", { opcode: PING }),
      peer.frame("men", { opcode: 0, final: false }),
      peer.frame("ts", { opcode: 0 }),
    )
    assert.deepEqual(await take(socket), ["fragments"])
  })

  ws(`a PULL that ${role} sends a ping's payload back`, async (stage) => {
    const { peer } = await meetOverZws(stage, role, "Pull")
    await peer.shakeHands("PUSH")
    await peer.sendFrame("payload", { opcode: PING })
    assert.deepEqual(await peer.takeFrame(), { opcode: PONG, payload: Buffer.from("payload") })
  })

  ws(`a DEALER that ${role} says its metadata and its first message, and counts`, async (stage) => {
    const options = { metadata: { "X-Role": "worker" }, helloMessage: "hello" }
    const { socket, peer } = await meetOverZws(stage, role, "Dealer", options as object)
    await peer.upgrade()
    const { body } = await peer.takePacket()
    const expected = readyBody("DEALER", ["Identity", ""], ["X-Role", "worker"])
    assert.equal(body.toString("latin1"), expected.toString("latin1"))
    await peer.sendPacket(ZWS_COMMAND, readyBody("ROUTER", ["X-Role", "broker"]))
    assert.deepEqual(await peer.takeMessage(), ["hello"])
    await peer.sendMessage("in", "two frames")
    await socket.send("out")
    assert.deepEqual(await peer.takeMessage(), ["out"])
    const { sender } = await (socket as puremq.Dealer).receiveWithSender()
    assert.equal(sender.properties.get("X-Role"), "broker")
    assert.equal(sender.properties.get("Peer-Address"), "127.0.0.1")
    const { messagesIn, messagesOut, bytesIn, connections } = (socket as puremq.Dealer).stats()
    assert.deepEqual([messagesIn, messagesOut, connections], [1, 2, 1])
    assert.equal(bytesIn, 1 + readyBody("ROUTER", ["X-Role", "broker"]).length + 1 + 2 + 1 + 10)
  })

  ws(`an XPUB that ${role} takes commands as subscriptions too`, async (stage) => {
    const { socket, peer } = await meetOverZws(stage, role, "XPublisher")
    await peer.shakeHands("SUB")
    await peer.sendPacket(ZWS_COMMAND, commandBody("SUBSCRIBE", "topic"))
    assert.deepEqual(await take(socket), ["\x01topic"])
    await peer.sendPacket(ZWS_COMMAND, commandBody("CANCEL", "topic"))
    assert.deepEqual(await take(socket), ["\0topic"])
  })

  for (const [what, flags, body, event, code] of [
    ["a message before READY", 0, "early", "handshake:error:protocol", "ERR_ZMTP_UNEXPECTED_COMMAND"],
    [
      "another command",
      ZWS_COMMAND,
      commandBody("HELLO"),
      "handshake:error:protocol",
      "ERR_ZMTP_UNEXPECTED_COMMAND",
    ],
    [
      "metadata that is cut short",
      ZWS_COMMAND,
      commandBody("READY", "\x0b"),
      "handshake:error:protocol",
      "ERR_ZMTP_INVALID_METADATA",
    ],
    [
      "that it is another kind",
      ZWS_COMMAND,
      readyBody("PUB"),
      "handshake:error:protocol",
      "ERR_ZMTP_INVALID_METADATA",
    ],
    ["ERROR", ZWS_COMMAND, commandBody("ERROR", "\x03no!"), "handshake:error:other", "ECONNREFUSED"],
  ] as const) {
    ws(`a PULL that ${role} tells of who says ${what}`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, "Pull")
      await peer.upgrade()
      await peer.sendPacket(flags, body)
      assert.equal(codeOf(await events.next(event)), code)
      await events.next("disconnect")
      await peer.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const [name, type] of [
    ["Pull", "PUSH"],
    ["Push", "PULL"],
  ] as const satisfies readonly (readonly [SocketName, string])[]) {
    ws(`a ${name} that ${role} says goodbye when it is closed`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, name)
      await peer.shakeHands(type)
      await events.next("handshake")
      socket.close()
      const { opcode, payload } = await peer.takeFrame()
      assert.deepEqual([opcode, payload.toString("hex")], [CLOSE, "03e8"])
      // It does not wait for who has no goodbye for it.
      await peer.ended()
    })
  }
}

ws("a peer that pings and does not read is left", async (stage) => {
  const { peer, events } = await meetOverZws(stage, "binds", "Pair")
  await peer.shakeHands("PAIR")
  await events.next("handshake")
  peer.mock.stopReading()
  const pings = Buffer.concat(
    Array.from({ length: 1000 }, () => peer.frame("x".repeat(125), { opcode: PING })),
  )
  let left = false
  void events.next("disconnect").then(() => {
    left = true
  })
  await eventually(async () => {
    if (!left) void peer.mock.send(pings).catch(() => {})
    return left
  }, "the peer to be left")
})

ws("who breaks the rules takes nobody else with him", async (stage) => {
  const { socket, peer, again } = await meetOverZws(stage, "binds", "Pull", { maxMessageSize: 100_000 })
  await peer.shakeHands("PUSH")
  for (const [what, send] of violations) {
    const stranger = await again()
    await stranger.shakeHands("PUSH")
    const bytes = peer.frame(`\0${what}`)
    await peer.mock.send(bytes.subarray(0, 9))
    await send(stranger)
    await stranger.ended()
    await peer.mock.send(bytes.subarray(9))
    assert.deepEqual(await take(socket), [what])
  }
})
