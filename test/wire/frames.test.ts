// The frames of messages (RFC 37, "Framing"): what is taken, what ends the connection, and that alone.
import assert from "node:assert/strict"
import { take, takesNothing } from "../suites/talk.js"
import { dial, EventLog, here, meet, onBoth, roles } from "./wire-stage.js"
import { COMMAND, frame, LONG, longHeader, MORE, message, ping } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a PULL that ${role} takes short bodies in long frames`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      await mock.send(frame(LONG | MORE, ""), frame(LONG | MORE, "a"), frame(LONG, "b".repeat(255)))
      assert.deepEqual(await take(socket), ["", "a", "b".repeat(255)])
    })

    scenario(`a PUSH that ${role} writes the shortest header that fits`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Push")
      await mock.shakeHands("PULL")
      for (const size of [0, 1, 255, 256, 65_536, 100_000]) {
        const body = Buffer.alloc(size, "x")
        await socket.send([body, ""])
        const flags = size > 255 ? LONG | MORE : MORE
        assert.deepEqual(await mock.takeFrame(), { flags, body })
        assert.deepEqual(await mock.takeFrame(), { flags: 0, body: Buffer.alloc(0) })
      }
    })

    scenario(`a PULL that ${role} takes messages of exactly maxMessageSize`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull", { maxMessageSize: 300 })
      await mock.shakeHands("PUSH")
      await mock.send(message("x".repeat(300), "y".repeat(300)), message("z".repeat(301)), message("never"))
      assert.deepEqual(await take(socket), ["x".repeat(300), "y".repeat(300)])
      await events.next("disconnect")
      await mock.ended()
      await takesNothing(socket, "the PULL")
    })
  }

  scenario("a message over maxMessageSize ends its own connection alone, at its header", async (stage) => {
    const { socket, mock, events, again } = await meet(stage, "binds", "Pull", { maxMessageSize: 50 })
    await mock.shakeHands("PUSH")
    const other = await again()
    await other.shakeHands("PUSH")
    await other.send(frame(MORE, "before"))
    await mock.send(longHeader(0, 51n))
    await events.next("disconnect")
    await mock.ended()
    await other.send(frame(0, "and after"))
    assert.deepEqual(await take(socket), ["before", "and after"])
    assert.ok(other.isOpen)
  })

  scenario("messages of many frames move whole", async (stage) => {
    const { socket, mock } = await meet(stage, "binds", "Pull")
    await mock.shakeHands("PUSH")
    const frames = Array.from({ length: 10_000 }, (_, index) => String(index))
    await mock.send(message(...frames))
    assert.deepEqual(await take(socket), frames)
  })
})

for (const role of roles) {
  for (const flags of [0x08, 0x10, 0x20, 0x40, 0x80, 0xf9, 0x80 | COMMAND]) {
    here(`a PULL that ${role} refuses the reserved flags ${flags.toString(16)}`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      await mock.send(message("before"), frame(MORE, "lost"), Buffer.from([flags, 1, 0]), message("after"))
      assert.deepEqual(await take(socket), ["before"])
      await events.next("disconnect")
      await mock.ended()
      await takesNothing(socket, "the PULL")
    })
  }

  for (const size of [2n ** 40n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 64n - 1n]) {
    here(`a PULL that ${role} gives a frame of ${size} bytes no more memory than comes`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      const before = process.memoryUsage().arrayBuffers
      await mock.send(ping(0, "before"), longHeader(0, size))
      assert.deepEqual(await mock.takeCommand(), ["PONG", "before"])
      await mock.send(Buffer.alloc(100_000))
      const growth = process.memoryUsage().arrayBuffers - before
      assert.ok(growth < 4 << 20, `${growth} bytes`)
      mock.finish()
      await events.next("disconnect")
      await takesNothing(socket, "the PULL")
    })
  }
}

here("peers that announce much and send little leave the others alone", async (stage) => {
  const pull = stage.open("Pull")
  const events = new EventLog(pull)
  const address = await stage.bind(pull)
  const honest = await dial(stage, address)
  await honest.shakeHands("PUSH")
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 50; count++) {
    const liar = await dial(stage, address)
    await liar.shakeHands("PUSH")
    await liar.send(longHeader(MORE, 2n ** 50n), Buffer.from("a beginning"))
    await honest.send(message(String(count)))
    assert.deepEqual(await take(pull), [String(count)])
  }
  const growth = process.memoryUsage().arrayBuffers - before
  assert.ok(growth < 60 << 20, `${growth} bytes for 50 beginnings`)
  assert.ok(!events.types.includes("disconnect"))
})
