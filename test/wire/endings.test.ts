// How connections end: in order, in the middle, by a reset; and what of it the user sees.
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import { numbers, offer, take, takeMany, takeNow, takesNothing } from "../suites/talk.js"
import { type MockPeer, MockServer } from "./mock-peer.js"
import { dial, EventLog, here, inTime, type Meeting, meet, onBoth, roles } from "./wire-stage.js"
import { command, frame, greeting, longHeader, MORE, message, ping, ready } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a PULL that ${role} gets all that came before the peer's FIN`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      await mock.send(message(...numbers(3)), message("x".repeat(300_000)), message("last"))
      mock.finish()
      await events.next("disconnect")
      assert.deepEqual(await take(socket), numbers(3))
      assert.deepEqual(await take(socket), ["x".repeat(300_000)])
      assert.deepEqual(await take(socket), ["last"])
    })

    scenario(`a PULL that ${role} and is behind gets all that came before the peer's FIN`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull", { receiveHighWaterMark: 3 })
      await mock.shakeHands("PUSH")
      await mock.send(...numbers(500).map((number) => message(number)))
      mock.finish()
      assert.deepEqual(await takeMany(socket, 500), numbers(500))
      await events.next("disconnect")
      await mock.ended()
    })

    const cuts: [what: string, bytes: Buffer][] = [
      ["in the middle of a header", longHeader(0, 300n).subarray(0, 5)],
      ["in the middle of a body", frame(0, "half").subarray(0, -2)],
      ["in the middle of a long body", Buffer.concat([longHeader(0, 300_000n), Buffer.alloc(200_000)])],
      ["between two frames", frame(MORE, "one")],
      ["in the middle of the second frame", message("one", "two").subarray(0, -1)],
      ["between two frames, behind a command", Buffer.concat([frame(MORE, "one"), command("FUTURE")])],
    ]
    for (const [what, bytes] of cuts) {
      for (const how of ["finish", "reset"] as const) {
        scenario(
          `a PULL that ${role} delivers nothing of a message cut ${what} by a ${how}`,
          async (stage) => {
            const { socket, mock, events, again } = await meet(stage, role, "Pull")
            await mock.shakeHands("PUSH")
            await mock.send(message("whole"), bytes)
            assert.deepEqual(await take(socket), ["whole"])
            mock[how]()
            await events.next("disconnect")
            // The next connection begins with a clean slate.
            const next = await again()
            await next.shakeHands("PUSH")
            await next.send(frame(0, "fresh"))
            assert.deepEqual(await take(socket), ["fresh"])
            await takesNothing(socket, "the PULL")
          },
        )
      }
    }
  }

  scenario("a PUSH whose peer resets amid a write goes on with whole messages, in order", async (stage) => {
    await resetAmidWrite((options) => meet(stage, "connects", "Push", options))
  })

  for (const role of roles) {
    scenario(`a PUSH that ${role} may be closed while a write is pending`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Push")
      await mock.shakeHands("PULL")
      mock.stopReading()
      const body = Buffer.alloc(1_000_000)
      for (let count = 0; count < 30; count++) await offer(socket, body)
      socket.close()
      await events.whole()
      mock.keepReading()
      await mock.ended()
    })

    scenario(
      `a handshake that is not over in time ends, and the socket that ${role} stays in use`,
      async (stage) => {
        const { socket, mock, events, again } = await meet(stage, role, "Pull", { handshakeInterval: 60 })
        await mock.send(Buffer.from("ff", "hex"))
        await events.next("handshake:error:other")
        await events.next("disconnect")
        await mock.ended()
        const next = await inTime(events, async () => {
          const peer = await again()
          await peer.shakeHands("PUSH")
          return peer
        })
        // The limit is the handshake's: later silence may last.
        const silent = await meet(stage, "binds", "Pull", { handshakeInterval: 80 })
        await silent.events.next("handshake:error:other")
        await next.send(message("after a while"))
        assert.deepEqual(await take(socket), ["after a while"])
      },
    )
  }
  scenario("a closed socket hangs up on every peer, be its handshake over or not", async (stage) => {
    const pull = stage.open("Pull")
    const events = new EventLog(pull)
    const address = await stage.bind(pull)
    const silent = await dial(stage, address)
    const greeted = await dial(stage, address)
    await greeted.shakeHands("PUSH")
    await events.next("handshake")
    pull.close()
    await silent.ended()
    await greeted.ended()
    await events.whole()
  })
})

here("a PUSH whose peer resets amid a write loses nothing of its queue", async (stage) => {
  const { sent, first } = await resetAmidWrite((options) => meet(stage, "connects", "Push", options))
  assert.equal(sent - first, QUEUED)
})

for (const how of ["reset", "finish"] as const) {
  here(`a DEALER closed with linger and unread messages learns of a ${how} and sends on`, async (stage) => {
    const { socket, mock, events, again } = await meet(stage, "connects", "Dealer", {
      receiveHighWaterMark: 2,
      sendHighWaterMark: 10,
      linger: -1,
    })
    await mock.shakeHands("DEALER")
    // When the PING is answered the rest of its segment waits behind the reader; so the next stops the reading.
    const unread = numbers(40).map((number) => message(number))
    await mock.send(ping(0, "read"), ...unread)
    assert.deepEqual(await mock.takeCommand(), ["PONG", "read"])
    await mock.send(...unread)
    mock.stopReading()
    const body = Buffer.alloc(1_000_000)
    while (await offer(socket, [body, ""], 100));
    mock[how]()
    socket.close()
    const next = await again()
    await next.shakeHands("DEALER")
    for (let count = 0; count < 10; count++) assert.equal((await next.takeMessage()).length, 2)
    await next.ended()
    assert.ok((await events.whole()).includes("connect:retry"))
  })
}

for (const role of roles) {
  here(`a PULL that ${role} is not kept waiting by a byte now and then`, async (stage) => {
    const { mock, events } = await meet(stage, role, "Pull", { handshakeInterval: 60 })
    const trickle = eventually(async () => {
      if (!mock.isOpen) return true
      await mock.send(command("PING").subarray(0, 0), Buffer.from([mock.received.length > 64 ? 0 : 0xff]))
      return false
    }, "the end of a peer that trickles")
    await events.next("disconnect")
    await trickle
  })

  here(`a PULL that ${role} reads a paused peer's FIN only behind its messages`, async (stage) => {
    const { socket, mock, events } = await meet(stage, role, "Pull", { receiveHighWaterMark: 2 })
    await mock.shakeHands("PUSH")
    for (const number of numbers(40)) await mock.sendApart([message(number), ping(0)])
    mock.finish()
    const taken: string[] = []
    await eventually(async () => {
      const next = await takeNow(socket)
      if (next !== undefined) taken.push(...next)
      return taken.length === 40
    }, "all messages")
    assert.deepEqual(taken, numbers(40))
    await events.next("disconnect")
  })
}

const QUEUED = 100

/** The peer resets while all that a PUSH may queue waits: how much it accepted, and what came first to the next peer. */
async function resetAmidWrite(
  begin: (options: { sendHighWaterMark: number }) => Promise<Meeting<"Push">>,
): Promise<{ sent: number; first: number }> {
  const { socket, mock, events, again } = await begin({ sendHighWaterMark: QUEUED })
  await mock.shakeHands("PULL")
  mock.stopReading()
  const body = "x".repeat(100_000)
  let sent = 0
  // Refused for a while: the kernel takes no more either.
  while (await offer(socket, [String(sent), body], 100)) sent++
  mock.reset()
  await events.next("disconnect")
  const next = await again()
  await next.shakeHands("PULL")
  const [first] = await next.takeMessage()
  for (let number = Number(first) + 1; number < sent; number++) {
    assert.deepEqual(await next.takeMessage(), [String(number), body])
  }
  return { sent, first: Number(first) }
}

here("a PAIR that connects only to who is there turns the second away, and ends", async (stage) => {
  const socket = stage.open("Pair", { immediate: true, heartbeatInterval: 1000 })
  const events = new EventLog(socket)
  const servers = [stage.keep(await MockServer.listen()), stage.keep(await MockServer.listen())] as const
  for (const server of servers) socket.connect(server.address)
  const mocks = [await servers[0].accept(), await servers[1].accept()] as const
  await mocks[0].shakeHands("PAIR")
  await mocks[1].send(greeting(), ready("PAIR"))
  await mocks[1].ended()
  await socket.send("for the first")
  assert.deepEqual(await mocks[0].takeMessage(), ["for the first"])
  socket.close()
  assert.equal((await events.whole()).at(-1), "end")
  assert.equal(servers[1].count, 1)
})

here("a ROUTER that connects ends behind a peer whose name another took over", async (stage) => {
  const socket = stage.open("Router", { handover: true })
  const events = new EventLog(socket)
  const servers = [stage.keep(await MockServer.listen()), stage.keep(await MockServer.listen())] as const
  const mocks: MockPeer[] = []
  for (const server of servers) {
    socket.connect(server.address)
    const mock = await server.accept()
    await mock.shakeHands("DEALER", { identity: "name" })
    mocks.push(mock)
  }
  const [old, heir] = mocks as [MockPeer, MockPeer]
  await old.ended()
  await socket.send(["name", "for the heir"])
  assert.deepEqual(await heir.takeMessage(), ["for the heir"])
  socket.close()
  assert.equal((await events.whole()).at(-1), "end")
})
