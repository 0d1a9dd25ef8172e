// What is said over a WebSocket once it is open (RFC 45): the mechanism or the bare routing ids, then messages.
import assert from "node:assert/strict"
import { take } from "../suites/talk.js"
import { onBoth, roles } from "./wire-stage.js"
import { CLOSE, commandBody, PING, PONG, readyBody, ZWS_COMMAND } from "./zws-bytes.js"
import { meetOverZws, type ZwsPeer } from "./zws-peer.js"

onBoth((scenario) => {
  for (const role of roles) {
    for (const [name, type, options] of [
      ["Push", "PUSH", {}],
      ["Dealer", "DEALER", { routingId: "me" }],
    ] as const) {
      scenario(`a ${type} that ${role} says READY to the byte, unasked`, async (stage) => {
        const { peer } = await meetOverZws(stage, role, name, options as object)
        await peer.upgrade()
        const { flags, body } = await peer.takePacket()
        assert.equal(flags, ZWS_COMMAND)
        const expected = type === "PUSH" ? readyBody(type) : readyBody(type, ["Identity", "me"])
        assert.equal(body.toString("latin1"), expected.toString("latin1"))
      })
    }

    scenario(`a PAIR that ${role} talks in messages of one and of more frames`, async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Pair")
      await peer.shakeHands("PAIR")
      const sizes = [0, 1, 124, 125, 126, 255, 256, 65_534, 65_535, 65_536, 300_000]
      for (const size of sizes) {
        const body = Buffer.alloc(size, size % 251).toString("latin1")
        await peer.sendMessage(body)
        assert.deepEqual(await take(socket), [body])
        await socket.send([body, "", body])
        assert.deepEqual(await peer.takeMessage(), [body, "", body])
      }
      const many = Array.from({ length: 100 }, (_, at) => String(at))
      await peer.sendMessage(...many)
      assert.deepEqual(await take(socket), many)
      await socket.send(many)
      assert.deepEqual(await peer.takeMessage(), many)
    })

    scenario(`a DEALER that ${role} without a mechanism says its routing id first`, async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Dealer", { routingId: "me" })
      await peer.upgrade("ZWS2.0")
      const { flags, body } = await peer.takePacket()
      assert.deepEqual([flags, String(body)], [0, "me"])
      await peer.sendMessage("")
      await peer.sendMessage("to", "you")
      assert.deepEqual(await take(socket), ["to", "you"])
      await socket.send(["to", "me"])
      assert.deepEqual(await peer.takeMessage(), ["to", "me"])
    })

    for (const subprotocol of ["ZWS2.0", "ZWS2.0/NULL"]) {
      scenario(`a ROUTER that ${role} knows a peer of ${subprotocol} by its routing id`, async (stage) => {
        const { socket, peer } = await meetOverZws(stage, role, "Router")
        await introduce(peer, subprotocol, "DEALER", "it")
        await peer.sendMessage("from it")
        assert.deepEqual(await take(socket), ["it", "from it"])
        await socket.send(["it", "to", "it"])
        assert.deepEqual(await peer.takeMessage(), ["to", "it"])
      })

      scenario(`a SUB that ${role} subscribes with messages, over ${subprotocol} too`, async (stage) => {
        const { socket, peer } = await meetOverZws(stage, role, "Subscriber")
        await introduce(peer, subprotocol, "PUB")
        socket.subscribe("topic")
        // libzmq sees to new connections only while somebody uses the socket.
        const first = take(socket)
        assert.deepEqual(await peer.takeMessage(), ["\x01topic"])
        await peer.sendMessage("topic", "first")
        await peer.sendMessage("other", "second")
        await peer.sendMessage("topic", "third")
        assert.deepEqual(await first, ["topic", "first"])
        assert.deepEqual(await take(socket), ["topic", "third"])
        socket.receiveTimeout = 0
        socket.unsubscribe("topic")
        await assert.rejects(socket.receive(), { code: "EAGAIN" })
        assert.deepEqual(await peer.takeMessage(), ["\0topic"])
      })

      scenario(
        `an XPUB that ${role} takes messages as subscriptions, over ${subprotocol} too`,
        async (stage) => {
          const { socket, peer } = await meetOverZws(stage, role, "XPublisher")
          await introduce(peer, subprotocol, "SUB")
          await peer.sendMessage("\x01topic")
          assert.deepEqual(await take(socket), ["\x01topic"])
          await socket.send("other")
          await socket.send("topic 1")
          assert.deepEqual(await peer.takeMessage(), ["topic 1"])
          await peer.sendMessage("\0topic")
          assert.deepEqual(await take(socket), ["\0topic"])
        },
      )
    }

    scenario(`a PULL that ${role} answers a ping between messages`, async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Pull")
      await peer.shakeHands("PUSH")
      await peer.mock.send(
        peer.frame("\x01one"),
        peer.frame("", { opcode: PING }),
        peer.frame("", { opcode: PONG }),
        peer.frame("\0two"),
      )
      assert.deepEqual(await take(socket), ["one", "two"])
      assert.deepEqual(await peer.takeFrame(), { opcode: PONG, payload: Buffer.alloc(0) })
    })

    scenario(`a PULL that ${role} says goodbye to who does, and comes again`, async (stage) => {
      const { socket, peer, events, again } = await meetOverZws(stage, role, "Pull")
      await peer.shakeHands("PUSH")
      await peer.mock.send(peer.frame("\0last words"), peer.frame("\x03\xe8", { opcode: CLOSE }))
      assert.deepEqual(await take(socket), ["last words"])
      const { opcode, payload } = await peer.takeFrame()
      assert.deepEqual([opcode, payload.toString("hex")], [CLOSE, "03e8"])
      peer.mock.close()
      await events.next("disconnect")
      const next = await again()
      await next.shakeHands("PUSH")
      await next.sendMessage("again")
      assert.deepEqual(await take(socket), ["again"])
    })

    scenario(`a PULL that ${role} leaves a peer of another kind for good`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, role, "Pull")
      await peer.upgrade()
      await peer.sendPacket(ZWS_COMMAND, readyBody("PUB"))
      await peer.ended()
      await events.next("disconnect")
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })

    scenario(`a PULL that ${role} passes over commands that it does not know`, async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Pull")
      await peer.shakeHands("PUSH")
      await peer.sendPacket(ZWS_COMMAND, commandBody("TOMORROW", "anything"))
      await peer.sendMessage("today")
      assert.deepEqual(await take(socket), ["today"])
    })
  }
}, "ws")

async function introduce(peer: ZwsPeer, subprotocol: string, type: string, id = ""): Promise<void> {
  if (subprotocol === "ZWS2.0") {
    await peer.upgrade(subprotocol)
    await peer.sendMessage(id)
    const { flags } = await peer.takePacket()
    assert.equal(flags, 0)
  } else await peer.shakeHands(type, ["Identity", id])
}
