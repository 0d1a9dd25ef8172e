// Heartbeats over ws (zmq_setsockopt(3) on ZMQ_HEARTBEAT_*): the WebSocket's own pings, and silence.
import assert from "node:assert/strict"
import { test } from "node:test"
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

    scenario(`a DEALER that ${role} takes pongs and messages for signs of life`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, "Dealer", { heartbeatInterval: 100 })
      await peer.shakeHands("DEALER")
      for (const sign of [peer.frame("", { opcode: PONG }), peer.frame("\0alive"), peer.frame("\x01begun")]) {
        await takePing(peer)
        await peer.mock.send(sign)
      }
      await takePing(peer)
      assert.deepEqual(await take(socket), ["alive"])
      assert.ok(!events.types.includes("disconnect"))
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
}, "ws")

for (const role of roles) {
  for (const subprotocol of ["ZWS2.0/NULL", "ZWS2.0"]) {
    // libzmq ends its process here when there is no mechanism.
    here(
      `a PULL that ${role} pings over ${subprotocol}, and any command or ping is a sign of life`,
      async (stage) => {
        const { peer, events } = await meetOverZws(stage, role, "Pull", { heartbeatInterval: 100 })
        if (subprotocol === "ZWS2.0") {
          await peer.upgrade(subprotocol)
          await peer.sendMessage("")
          await peer.takePacket()
        } else await peer.shakeHands("PUSH")
        await takePing(peer)
        await peer.sendPacket(ZWS_COMMAND, commandBody("FUTURE"))
        await takePing(peer)
        await peer.sendFrame("", { opcode: PING })
        assert.equal((await peer.takeFrame()).opcode, PONG)
        await takePing(peer)
        assert.ok(!events.types.includes("disconnect"))
        await events.next("disconnect")
      },
      "ws",
    )
  }

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
  "the silence of a peer that is not read from means nothing",
  async (stage) => {
    const options = { receiveHighWaterMark: 1, heartbeatInterval: 20 }
    const { socket, peer, events } = await meetOverZws(stage, "binds", "Pull", options)
    await peer.shakeHands("PUSH")
    await peer.mock.send(...numbers(10).map((number) => peer.frame(`\0${number}`)))
    for (let count = 0; count < 5; count++) await takePing(peer)
    assert.ok(!events.types.includes("disconnect"))
    assert.deepEqual(await takeMany(socket, 10), numbers(10))
  },
  "ws",
)

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

for (const weBind of [true, false]) {
  test(`our pings and those of libzmq keep a quiet connection, when we ${weBind ? "bind" : "connect"}`, {
    skip,
  }, async () => {
    if (typeof zeromq === "string") return
    const options = { linger: 0, heartbeatInterval: 30, heartbeatTimeout: 500 }
    const [ours, theirs] = [new puremq.Pair(options), new zeromq.zmq.Pair(options)]
    try {
      const [binder, connecter] = weBind ? [ours, theirs] : [theirs, ours]
      const events = new EventLog(ours)
      await binder.bind("ws://127.0.0.1:*")
      connecter.connect(binder.lastEndpoint as string)
      await ours.send("first")
      assert.deepEqual((await within(theirs.receive(), "the first message")).map(String), ["first"])
      // Twice as long as silence may last.
      await delay(1000)
      await theirs.send("last")
      assert.deepEqual((await within(ours.receive(), "the last message")).map(String), ["last"])
      assert.ok(!events.types.includes("disconnect"))
    } finally {
      ours.close()
      theirs.close()
    }
  })
}

async function takePing(peer: ZwsPeer): Promise<void> {
  assert.deepEqual(await peer.takeFrame(), { opcode: PING, payload: Buffer.alloc(0) })
}
