// Peers of ZMTP 1.0 (RFC 13) and 2.0 (RFC 15): how they are known, and talked to.
import assert from "node:assert/strict"
import { adjust } from "../suites/by-number.js"
import { take, takesNothing } from "../suites/talk.js"
import { between, DEALER, olds, PUSH, version1, version2 } from "./old-versions.js"
import { dial, EventLog, here, meet, onBoth, roles, there } from "./wire-stage.js"
import { command, message, oldFrame } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const old of olds) {
    scenario(
      `a ROUTER greets and probes a peer of ${old.name} as any other, and hears it go`,
      async (stage) => {
        const router = adjust(stage, stage.open("Router", { probeRouter: true, heartbeatInterval: 10 }), {
          helloMessage: "hello",
          routerNotify: 2,
          disconnectMessage: "gone",
        })
        const mock = await dial(stage, await stage.bind(router))
        await mock.send(old.opening(DEALER, "peer"), old.message("first"))
        assert.deepEqual(await take(router), ["peer", "first"])
        await router.send(["peer", "second"])
        // Signature, and what else there is before the messages.
        await mock.take(old === version1 ? 10 : 14)
        const expected = Buffer.concat([old.message("hello"), old.message(""), old.message("second")])
        assert.deepEqual(await mock.take(expected.length), expected)
        mock.close()
        assert.deepEqual(await take(router), ["peer", ""])
        assert.deepEqual(await take(router), ["peer", "gone"])
      },
    )
  }

  for (const role of roles) {
    scenario(
      `a DEALER that ${role} tells a peer of 1.0 its routing id within the signature`,
      async (stage) => {
        const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
        // FF | length of flags and id | flags
        assert.equal((await mock.take(10)).toString("hex"), `${"ff"}${"0000000000000003"}${"7f"}`)
        await mock.send(version1.opening(DEALER))
        assert.equal(String(await mock.take(2)), "me")
        await socket.send("hello")
        assert.deepEqual(await mock.take(7), version1.message("hello"))
      },
    )

    scenario(`a DEALER that ${role} tells a peer of 2.0 its routing id in a frame`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
      await mock.send(version2.opening(DEALER))
      const expected = `${"ff"}${"0000000000000003"}${"7f"}${"03"}${"05"}${"00"}${"02"}${"6d65"}`
      assert.equal((await mock.take(16)).toString("hex"), expected)
      await socket.send("hello")
      assert.deepEqual(await mock.take(7), version2.message("hello"))
    })

    scenario(`a DEALER that ${role} answers revision 0 with a greeting and frames of 1.0`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
      await mock.send(between.opening(DEALER, "you"))
      // signature | our version | type | length, flags, routing id
      const expected = `${"ff"}${"0000000000000003"}${"7f"}${"03"}${"05"}${"03"}${"00"}${"6d65"}`
      assert.equal((await mock.take(16)).toString("hex"), expected)
      await socket.send(["hello", ""])
      assert.deepEqual(await mock.take(9), between.message("hello", ""))
      await mock.send(between.message("", "hello"))
      assert.deepEqual(await take(socket), ["", "hello"])
    })

    scenario(`a PULL that ${role} takes the marks of libzmq 2 for flags that mean nothing`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Pull")
      await mock.send(oldFrame(0x7e, ""), oldFrame(0x7f, "a"), oldFrame(0x7e, "b"))
      assert.deepEqual(await take(socket), ["a", "b"])
    })

    for (const old of olds) {
      const longest = "x".repeat(255)
      for (const id of ["a", longest]) {
        scenario(`a ROUTER that ${role} knows a peer of ${old.name} by ${id.length} bytes`, async (stage) => {
          const { mock, socket } = await meet(stage, role, "Router")
          await mock.send(old.opening(DEALER, id), old.message("hello"))
          assert.deepEqual(await take(socket), [id, "hello"])
        })
      }

      scenario(`a PULL that ${role} takes a peer of ${old.name} byte by byte`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Pull")
        const bytes = Buffer.concat([
          old.opening(PUSH, "me"),
          old.message("one", "", "by"),
          old.message("one"),
        ])
        await mock.sendApart(Array.from(bytes, (byte) => Buffer.of(byte)))
        assert.deepEqual([await take(socket), await take(socket)], [["one", "", "by"], ["one"]])
      })

      scenario(`a PULL that ${role} refuses a frame of ${old.name} over maxMessageSize`, async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull", { maxMessageSize: 300 })
        await mock.send(old.opening(PUSH), old.message("x".repeat(300)), old.message("y".repeat(301)))
        assert.deepEqual(await take(socket), ["x".repeat(300)])
        await events.next("disconnect")
        await mock.ended()
        await takesNothing(socket, "the PULL")
      })

      // libzmq 4 does not mind flags that 2.0 has no meaning for.
      const hangsUp = old === version2 ? here : scenario
      hangsUp(`a PULL that ${role} hangs up on garbage in a stream of ${old.name}`, async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull")
        await mock.send(old.opening(PUSH), old.message("good"))
        assert.deepEqual(await take(socket), ["good"])
        await mock.send(Buffer.from(old.garbage, "hex"))
        await events.next("disconnect")
        await mock.ended()
        await takesNothing(socket, "the PULL")
      })

      scenario(`a PULL of little room that ${role} loses nothing of a peer of ${old.name}`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Pull", { receiveHighWaterMark: 2 })
        const bodies = Array.from({ length: 300 }, (_, at) => `${at}`.repeat(at % 7 === 0 ? 5000 : 3))
        await mock.send(old.opening(PUSH), ...bodies.map((body) => old.message(body, "")))
        mock.finish()
        for (const body of bodies) assert.deepEqual(await take(socket), [body, ""])
      })

      scenario(`a PUSH that ${role} sends to a peer of ${old.name} what is of any size`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Push")
        await mock.send(old.opening(7))
        await mock.take(old === version1 ? 10 : 14)
        const bodies = [0, 1, 252, 253, 254, 255, 256, 16_384, 16_385, 1_000_000, 5].map((size) =>
          "x".repeat(size),
        )
        for (const body of bodies) await socket.send([body, body])
        const expected = Buffer.concat(bodies.map((body) => old.message(body, body)))
        assert.ok((await mock.take(expected.length)).equals(expected))
      })
    }
  }
})

here("peers of all versions at one ROUTER have the same names and get the same words", async (stage) => {
  const router = stage.open("Router")
  const events = new EventLog(router)
  const address = await stage.bind(router)
  const newest = await dial(stage, address)
  await newest.shakeHands("DEALER", { identity: "3.1" })
  await newest.send(message("hello"))
  assert.deepEqual(await take(router), ["3.1", "hello"])
  for (const old of olds) {
    const mock = await dial(stage, address)
    await mock.send(old.opening(DEALER, old.name), old.message("hello"))
    assert.deepEqual(await take(router), [old.name, "hello"])
    await mock.take(old === version1 ? 10 : 14)
    await router.send([old.name, "back", ""])
    const expected = old.message("back", "")
    assert.deepEqual(await mock.take(expected.length), expected)
  }
  await router.send(["3.1", "you too"])
  assert.deepEqual(await newest.takeMessage(), ["you too"])
  assert.ok(!events.types.includes("disconnect"))
})

there((scenario) => {
  for (const old of olds) {
    scenario(
      `it tells no handshake with a peer of ${old.name}, and does not look at its type`,
      async (stage) => {
        const { mock, socket, events } = await meet(stage, "binds", "Pull")
        await mock.send(old.opening(7), old.message("from a PULL"))
        assert.deepEqual(await take(socket), ["from a PULL"])
        mock.finish()
        await events.next("disconnect")
        assert.ok(!events.types.includes("handshake"))
      },
    )
  }

  scenario("it drops commands of a peer of 2.0", async (stage) => {
    const { mock, socket } = await meet(stage, "binds", "Pull")
    await mock.send(version2.opening(PUSH), command("PING", "\0\0"), version2.message("next"))
    assert.deepEqual(await take(socket), ["next"])
  })
})
