// What a peer may send at most, before its handshake is over and after it; who sends more ends its own connection.
import assert from "node:assert/strict"
import { setTimeout as delay } from "node:timers/promises"
import { take } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { codeOf, far, here, inTime, meet, roles } from "./wire-stage.js"
import {
  COMMAND,
  command,
  frame,
  greeting,
  LONG,
  longHeader,
  MORE,
  message,
  properties,
  ready,
  signature,
} from "./zmtp-bytes.js"
import { commandBody, PING, readyBody, ZWS_COMMAND } from "./zws-bytes.js"
import { meetOverZws, type ZwsPeer } from "./zws-peer.js"

/** Sends a byte now and then, as long as somebody listens. */
async function trickle(mock: MockPeer, bytes: Buffer): Promise<void> {
  for (let at = 0; mock.isOpen && at < bytes.length; at++) {
    await mock.send(bytes.subarray(at, at + 1))
    await delay(10)
  }
}

const endless = Buffer.concat([greeting(), longHeader(COMMAND, 1000n), Buffer.alloc(990)])
const slow: [what: string, speak: (mock: MockPeer) => Promise<void>][] = [
  ["says nothing", async () => {}],
  ["stops within its signature", (mock) => mock.send(signature.subarray(0, 5))],
  ["stops within its greeting", (mock) => mock.send(greeting().subarray(0, 63))],
  ["stops behind its greeting", (mock) => mock.send(greeting())],
  ["stops within its READY", (mock) => mock.send(greeting(), ready("PUSH").subarray(0, 9))],
  ["speaks ZMTP 2.0 and tells no routing id", (mock) => mock.send(signature, Buffer.of(1, 8))],
  ["speaks ZMTP 1.0 and stops within its routing id", (mock) => mock.send(Buffer.from("0500616161", "hex"))],
  ["greets byte by byte", (mock) => trickle(mock, greeting())],
  ["says its READY byte by byte", (mock) => trickle(mock, endless)],
]

for (const role of roles) {
  for (const [what, speak] of slow) {
    here(`a PULL that ${role} gives up who ${what}`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, role, "Pull", { handshakeInterval: 200 })
      const speaking = speak(mock)
      assert.equal(codeOf(await events.next("handshake:error:other")), "EAGAIN")
      await events.next("disconnect")
      await mock.ended()
      await speaking
      const next = await inTime(events, async () => {
        const peer = await again()
        await peer.shakeHands("PUSH")
        return peer
      })
      await next.send(message("an honest one"))
      assert.deepEqual(await take(socket), ["an honest one"])
    })
  }

  here(`a PULL that ${role} waits any time for a handshake when there is no limit`, async (stage) => {
    const { socket, mock, events } = await meet(stage, role, "Pull", { handshakeInterval: 0 })
    await trickle(mock, Buffer.concat([greeting().subarray(0, 20)]))
    assert.ok(!events.types.includes("disconnect"))
    await mock.send(greeting().subarray(20), ready("PUSH"), message("late"))
    assert.deepEqual(await take(socket), ["late"])
  })

  for (const [what, maxHandshakeSize, bytes] of [
    ["announces a command of 2^63 bytes", 262_144, longHeader(COMMAND, 2n ** 63n)],
    ["announces a command over the default limit", 262_144, longHeader(COMMAND, 262_145n)],
    ["announces a command over a limit of 60 bytes", 60, Buffer.of(COMMAND, 61)],
    ["announces a message over the limit", 60, longHeader(0, 61n)],
  ] as const) {
    here(`a PULL that ${role} sends away who ${what}`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull", { ...far, maxHandshakeSize })
      await mock.send(greeting(), bytes)
      assert.equal(codeOf(await events.next("handshake:error:other")), "EMSGSIZE")
      await events.next("disconnect")
      await mock.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const [what, pieces] of [
    [
      "a frame that is not whole",
      (peer: ZwsPeer) => [peer.frame(Buffer.alloc(100_000, 2)).subarray(0, 5000)],
    ],
    [
      "fragments without an end",
      (peer: ZwsPeer) => {
        const next = peer.frame("x".repeat(100), { opcode: 0, final: false })
        return [peer.frame("\x02", { final: false }), ...Array.from({ length: 50 }, () => next)]
      },
    ],
    [
      "commands that say nothing",
      (peer: ZwsPeer) => {
        const command = Buffer.from([ZWS_COMMAND, ...commandBody("READY", "x".repeat(5000))])
        return [peer.frame(command)]
      },
    ],
    [
      "nothing but pings",
      (peer: ZwsPeer) => Array.from({ length: 50 }, () => peer.frame("x".repeat(100), { opcode: PING })),
    ],
  ] as const) {
    here(
      `a PULL that ${role} over ws gives up who sends more than maxHandshakeSize: ${what}`,
      async (stage) => {
        const options = { ...far, maxHandshakeSize: 1000 }
        const { socket, peer, events } = await meetOverZws(stage, role, "Pull", options)
        await peer.upgrade()
        await peer.mock.send(...pieces(peer))
        assert.equal(codeOf(await events.next("handshake:error:other")), "EMSGSIZE")
        await peer.ended()
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      },
      "ws",
    )
  }

  here(
    `a PULL that ${role} over ws counts what comes behind the handshake by other limits`,
    async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Pull", { maxHandshakeSize: 100 })
      await peer.upgrade()
      const ready = Buffer.from([ZWS_COMMAND, ...readyBody("PUSH")])
      const large = "x".repeat(300_000)
      await peer.mock.send(peer.frame(ready), peer.frame(`\0${large}`))
      assert.deepEqual(await take(socket), [large])
      await peer.sendMessage(large)
      assert.deepEqual(await take(socket), [large])
    },
    "ws",
  )

  here(`a PULL that ${role} counts what comes behind the handshake by other limits`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Pull", { maxHandshakeSize: 60 })
    const large = "x".repeat(100_000)
    await mock.send(greeting(), ready("PUSH"), message(large), message("a", "b", "c"))
    assert.deepEqual(await take(socket), [large])
    assert.deepEqual(await take(socket), ["a", "b", "c"])
  })

  here(`a PULL that ${role} takes any READY when there is no limit`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Pull", { maxHandshakeSize: 0 })
    await mock.send(greeting(), ready("PUSH", ["X-long", "x".repeat(300_000)]), message("hello"))
    assert.deepEqual(await take(socket), ["hello"])
  })

  here(`a PULL that ${role} takes no READY that is larger than maxMessageSize`, async (stage) => {
    const { mock, events } = await meet(stage, role, "Pull", { ...far, maxMessageSize: 20 })
    await mock.send(greeting(), command("READY", properties(["Socket-Type", "PUSH"])))
    assert.equal(codeOf(await events.next("handshake:error:other")), "EMSGSIZE")
  })

  for (const [what, opening] of [
    ["of ZMTP 2.0", [signature, Buffer.of(1, 8)]],
    ["of ZMTP 3.1", [greeting()]],
  ] as const) {
    here(`a PULL that ${role} sends away a peer ${what} whose first message has no end`, async (stage) => {
      const { mock, events } = await meet(stage, role, "Pull", far)
      await mock.send(...opening)
      await mock.send(frame(MORE, ""), frame(MORE, ""), frame(MORE, ""))
      assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_ZMTP_UNEXPECTED_COMMAND")
      await mock.ended()
    })
  }

  const pieces = Buffer.concat([frame(MORE, "a"), frame(MORE, "b"), frame(MORE, "c")])
  const excesses: [what: string, options: object, good: Buffer, bad: Buffer][] = [
    ["frames without end", { maxMessageFrames: 3 }, message("a", "b", "c"), Buffer.concat([pieces, pieces])],
    ["one frame too many", { maxMessageFrames: 3 }, message("a", "b", "c"), message("a", "b", "c", "d")],
    ["a byte too many", { maxMultipartSize: 5 }, message("aa", "bb", "c"), message("aa", "bb", "cc")],
    [
      "one frame that is too long for a message",
      { maxMultipartSize: 5 },
      message("12345"),
      message("123456"),
    ],
    [
      "the header of a frame too long for its message",
      { maxMultipartSize: 5 },
      message("12345"),
      Buffer.concat([frame(MORE, "12"), Buffer.of(LONG), Buffer.from("0000000000000004", "hex")]),
    ],
  ]
  for (const [what, options, good, bad] of excesses) {
    here(
      `a PULL that ${role} keeps what is within its limits, and ends a connection for ${what}`,
      async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "Pull", { ...far, ...options })
        await mock.shakeHands("PUSH")
        // Together and one by one: runs of messages are counted elsewhere.
        await mock.send(good, good, good)
        await mock.sendApart([good.subarray(0, 1), good.subarray(1)])
        for (let count = 0; count < 4; count++) await take(socket)
        await mock.send(good, good, bad)
        const { reason, ...event } = await events.next("disconnect").then((told) => ({
          ...told,
          reason: told.reason,
        }))
        assert.equal(reason?.code, "EMSGSIZE")
        assert.ok(!("reason" in event))
        await mock.ended()
        for (let count = 0; count < 2; count++) await take(socket)
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      },
    )
  }
}

for (const end of ["", "\r\n\r\n"]) {
  here(
    `a PULL over ws turns away a request of more than 16 KiB ${end === "" ? "that has no end" : "with an end"}`,
    async (stage) => {
      const { peer, events } = await meetOverZws(stage, "binds", "Pull")
      await peer.sendText(`GET / HTTP/1.1\r\nHost: here\r\nX-Much: ${"x".repeat(20_000)}${end}`)
      assert.match((await peer.takeHead()).line, /^HTTP\/1\.1 400 /)
      await events.next("handshake:error:protocol")
      await peer.ended()
    },
    "ws",
  )
}

here("who sends too much ends his own connection and no other", async (stage) => {
  const { socket, mock, again } = await meet(stage, "binds", "Pull", { maxMessageFrames: 3 })
  const other = await again()
  for (const peer of [mock, other]) await peer.shakeHands("PUSH")
  await other.send(frame(MORE, "half of"))
  await mock.send(frame(MORE, ""), frame(MORE, ""), frame(MORE, ""), frame(MORE, ""))
  await mock.ended()
  await other.send(frame(0, "a message"))
  assert.deepEqual(await take(socket), ["half of", "a message"])
})
