// Heartbeats over ws (zmq_setsockopt(3) on ZMQ_HEARTBEAT_*): the WebSocket's own pings, and silence.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import * as puremq from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import { numbers, take, takeMany } from "../suites/talk.js"
import { EventLog, here, onBoth, roles } from "./wire-stage.js"
import { commandBody, PING, PONG, ZWS_COMMAND } from "./zws-bytes.js"
import { meetOverZws, type ZwsPeer } from "./zws-peer.js"

const quick = { heartbeatInterval: 30 }

/** Milliseconds of silence that end nothing on a machine that stalls; what waits for them waits beside others. */
const LIMIT = 1000
const beside = { concurrency: 30 }
const patient = { heartbeatInterval: 100, heartbeatTimeout: LIMIT }

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a ROUTER that ${role} gives up a peer that answers no ping`, async (stage) => {
      const { peer, events, again } = await meetOverZws(stage, role, "Router", quick)
      await peer.shakeHands("DEALER")
      await takePing(peer)
      await events.next("disconnect")
      await peer.ended()
      // Who connects tries again.
      await (await again()).shakeHands("DEALER")
      await events.next("handshake")
    })

    scenario(`the limit of a silence is heartbeatTimeout on a PULL that ${role}`, async (stage) => {
      const options = { heartbeatInterval: 20, heartbeatTimeout: 150 }
      const { peer, events } = await meetOverZws(stage, role, "Pull", options)
      await peer.shakeHands("PUSH")
      await takePing(peer)
      await takePing(peer)
      await events.next("disconnect")
      await peer.ended()
    })

    scenario(`with a heartbeatTimeout of 0 a PULL that ${role} waits for any time`, async (stage) => {
      const options = { heartbeatInterval: 10, heartbeatTimeout: 0 }
      const { socket, peer, events } = await meetOverZws(stage, role, "Pull", options)
      await peer.shakeHands("PUSH")
      for (let count = 0; count < 10; count++) await takePing(peer)
      await peer.sendMessage("still there")
      assert.deepEqual(await take(socket), ["still there"])
      assert.ok(!events.types.includes("disconnect"))
    })
  }

  describe("signs of life", beside, () => {
    for (const role of roles) {
      for (const [what, payload, fields] of [
        ["a pong", "", { opcode: PONG }],
        ["a message", "\0alive", {}],
        ["a part of a message", "\x01begun", {}],
      ] as const) {
        scenario(`a DEALER that ${role} takes ${what} for one`, async (stage) => {
          const { socket, peer, events } = await meetOverZws(stage, role, "Dealer", patient)
          await peer.shakeHands("DEALER")
          await outlive(peer, () => peer.sendFrame(payload, fields))
          if (what === "a message") assert.deepEqual(await take(socket), ["alive"])
          assert.ok(!events.types.includes("disconnect"))
        })
      }
    }
  })
}, "ws")

describe("signs of life, and silences that mean nothing, for puremq alone", beside, () => {
  for (const role of roles) {
    for (const subprotocol of ["ZWS2.0/NULL", "ZWS2.0"]) {
      for (const what of ["any command", "a ping"]) {
        // libzmq ends its process here when there is no mechanism.
        here(
          `a PULL that ${role} pings over ${subprotocol}, and ${what} is one`,
          async (stage) => {
            const { peer, events } = await meetOverZws(stage, role, "Pull", patient)
            if (subprotocol === "ZWS2.0") {
              await peer.upgrade(subprotocol)
              await peer.sendMessage("")
              await peer.takePacket()
            } else await peer.shakeHands("PUSH")
            await outlive(peer, async () => {
              if (what === "any command") await peer.sendPacket(ZWS_COMMAND, commandBody("FUTURE"))
              else {
                await peer.sendFrame("", { opcode: PING })
                let answer = await peer.takeFrame()
                while (answer.opcode === PING) answer = await peer.takeFrame()
                assert.equal(answer.opcode, PONG)
              }
            })
            assert.ok(!events.types.includes("disconnect"))
            await events.next("disconnect")
          },
          "ws",
        )
      }
    }
  }

  here(
    "the silence of a peer that is not read from means nothing",
    async (stage) => {
      const options = { ...patient, receiveHighWaterMark: 1 }
      const { socket, peer, events } = await meetOverZws(stage, "binds", "Pull", options)
      await peer.shakeHands("PUSH")
      await peer.mock.send(...numbers(10).map((number) => peer.frame(`\0${number}`)))
      await outlive(peer, async () => {})
      assert.ok(!events.types.includes("disconnect"))
      assert.deepEqual(await takeMany(socket, 10), numbers(10))
    },
    "ws",
  )
})

for (const role of roles) {
  here(
    `no ping is sent amid the handshake of a PULL that ${role}`,
    async (stage) => {
      const options = { heartbeatInterval: 5, handshakeInterval: 500, reconnectInterval: 10_000 }
      const { peer, events } = await meetOverZws(stage, role, "Pull", options)
      await peer.upgrade()
      await peer.takePacket()
      await events.next("handshake:error:other")
      await peer.ended()
      assert.equal(peer.mock.received.length, 0)
    },
    "ws",
  )
}

here(
  "a PING that is a command is answered by a PONG with its context, as often as the peer reads it",
  async (stage) => {
    const { peer } = await meetOverZws(stage, "binds", "Pull")
    await peer.shakeHands("PUSH")
    for (const context of ["", "context", "sixteen letters."]) {
      await peer.sendPacket(ZWS_COMMAND, commandBody("PING", `\0\0${context}`))
      assert.deepEqual(await peer.takePacket(), {
        flags: ZWS_COMMAND,
        body: Buffer.from(commandBody("PONG", context)),
      })
    }
  },
  "ws",
)

here(
  "the time to live of a PING that is a command ends a silence",
  async (stage) => {
    const { socket, peer, events } = await meetOverZws(stage, "binds", "Pull")
    await peer.shakeHands("PUSH")
    await peer.sendMessage("last words")
    await peer.sendPacket(ZWS_COMMAND, commandBody("PING", "\0\x01"))
    assert.deepEqual(await take(socket), ["last words"])
    await events.next("disconnect")
    await peer.ended()
  },
  "ws",
)

here(
  "a PING without a time to live is a protocol error",
  async (stage) => {
    const { peer, events } = await meetOverZws(stage, "binds", "Pull")
    await peer.shakeHands("PUSH")
    await peer.sendPacket(ZWS_COMMAND, commandBody("PING", "\0"))
    await events.next("disconnect")
    await peer.ended()
  },
  "ws",
)

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

describe("libzmq and puremq keep each other alive over ws", beside, () => {
  for (const weBind of [true, false]) {
    const who = weBind ? "bind" : "connect"
    test(`our pings and those of libzmq keep a quiet connection, when we ${who}`, { skip }, async () => {
      if (typeof zeromq === "string") return
      const options = { linger: 0, heartbeatInterval: 30, heartbeatTimeout: LIMIT }
      const [ours, theirs] = [new puremq.Pair(options), new zeromq.zmq.Pair(options)]
      try {
        const [binder, connecter] = weBind ? [ours, theirs] : [theirs, ours]
        const events = new EventLog(ours)
        await binder.bind("ws://127.0.0.1:*")
        connecter.connect(binder.lastEndpoint as string)
        await ours.send("first")
        assert.deepEqual((await within(theirs.receive(), "the first message")).map(String), ["first"])
        // Longer than silence may last.
        await delay(1.5 * LIMIT)
        await theirs.send("last")
        assert.deepEqual((await within(ours.receive(), "the last message")).map(String), ["last"])
        assert.ok(!events.types.includes("disconnect"))
      } finally {
        ours.close()
        theirs.close()
      }
    })
  }
})

async function takePing(peer: ZwsPeer): Promise<void> {
  assert.deepEqual(await peer.takeFrame(), { opcode: PING, payload: Buffer.alloc(0) })
}

/** Gives a sign of life for each ping, until a silence since the first would have been too long. */
async function outlive(peer: ZwsPeer, giveSign: () => Promise<void>): Promise<void> {
  await takePing(peer)
  const first = performance.now()
  while (performance.now() - first < 1.5 * LIMIT) {
    await giveSign()
    await takePing(peer)
  }
}
