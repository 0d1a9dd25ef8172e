// What a publisher makes of subscriptions in every form, and what it says unasked.
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import { turn } from "../suites/publisher-dialect.js"
import { take, takeMany, takesNothing } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { here, meet, onBoth, roles } from "./wire-stage.js"
import { command, message } from "./zmtp-bytes.js"

onBoth((scenario) => {
  scenario("an XPUB is told of the cancellation of what the peer does not have", async (stage) => {
    const { socket, mock, again } = await meet(stage, "binds", "XPublisher")
    await mock.shakeHands("SUB")
    await mock.send(command("CANCEL", "never"), command("SUBSCRIBE", "a"), command("CANCEL", "a"))
    assert.deepEqual(await takeMany(socket, 3), ["\0never", "\x01a", "\0a"])
    await mock.send(command("CANCEL", "a"), command("SUBSCRIBE", "b"))
    assert.deepEqual(await takeMany(socket, 2), ["\0a", "\x01b"])
    const other = await again()
    await other.shakeHands("SUB")
    await other.send(command("CANCEL", "b"))
    assert.deepEqual(await take(socket), ["\0b"])
    await socket.send("b")
    assert.deepEqual(await mock.takeMessage(), ["b"])
  })

  scenario(
    "an XPUB that connects goes by the topics of an earlier peer, too, and is told of no end",
    async (stage) => {
      const { socket, mock, events, again } = await meet(stage, "connects", "XPublisher")
      await mock.shakeHands("SUB")
      await mock.send(command("SUBSCRIBE", "a"), command("SUBSCRIBE", "c"))
      assert.deepEqual(await takeMany(socket, 2), ["\x01a", "\x01c"])
      mock.finish()
      await events.next("disconnect")
      await socket.send("a, while nobody was there")
      const next = await again()
      await next.shakeHands("SUB")
      // What was asked for before is no news.
      await next.send(command("SUBSCRIBE", "c"), command("SUBSCRIBE", "b"))
      assert.deepEqual(await take(socket), ["\x01b"])
      for (const text of ["a", "x", "b"]) await socket.send(text)
      for (const text of ["a, while nobody was there", "a", "b"])
        assert.deepEqual(await next.takeMessage(), [text])
      await next.send(command("CANCEL", "a"))
      assert.deepEqual(await take(socket), ["\0a"])
      for (const text of ["a", "b"]) await socket.send(text)
      assert.deepEqual(await next.takeMessage(), ["b"])
    },
  )

  scenario("a PUB survives the cancellation of what nobody has", async (stage) => {
    const { socket, mock } = await meet(stage, "binds", "Publisher")
    await mock.shakeHands("SUB")
    await mock.send(command("CANCEL", "never"), message("\0"), command("SUBSCRIBE", "a"))
    await eventually(async () => {
      await socket.send("a")
      return mock.received.length > 0
    }, "the subscription to be obeyed")
  })

  for (const minor of [0, 1]) {
    scenario(
      `an XPUB reads topics around 255 bytes, and long ones, as messages of 3.${minor}`,
      async (stage) => {
        const { socket, mock } = await meet(stage, "binds", "XPublisher")
        await mock.shakeHands("SUB", { minor })
        for (const length of [0, 1, 253, 254, 255, 256, 70_000]) {
          const topic = "t".repeat(length)
          await mock.send(message(`\x01${topic}`))
          assert.deepEqual(await take(socket), [`\x01${topic}`])
          await socket.send([topic, "body"])
          assert.deepEqual(await mock.takeMessage(), [topic, "body"])
          await mock.send(message(`\0${topic}`))
          assert.deepEqual(await take(socket), [`\0${topic}`])
        }
      },
    )
  }

  scenario("a PUB that binds welcomes a peer that asked for nothing", async (stage) => {
    const { socket, mock } = await meet(stage, "binds", "Publisher")
    turn(socket, "welcomeMessage", "Welcome")
    await mock.shakeHands("SUB")
    await woken(socket, mock)
    assert.deepEqual(await mock.takeMessage(), ["Welcome"])
  })

  for (const role of roles) {
    scenario(`an XPUB that ${role} welcomes a peer that asked for nothing`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "XPublisher", { welcomeMessage: "Welcome" })
      await mock.shakeHands("SUB")
      await woken(socket, mock)
      assert.deepEqual(await mock.takeMessage(), ["Welcome"])
    })
  }

  scenario("an XPUB that connects welcomes its peer once, however often it connects", async (stage) => {
    const { socket, mock, again } = await meet(stage, "connects", "XPublisher", { welcomeMessage: "Welcome" })
    await mock.shakeHands("SUB")
    assert.deepEqual(await mock.takeMessage(), ["Welcome"])
    mock.reset()
    const next = await again()
    await next.shakeHands("SUB")
    await next.send(command("SUBSCRIBE", "news"))
    assert.deepEqual(await take(socket), ["\x01news"])
    await socket.send("news")
    assert.deepEqual(await next.takeMessage(), ["news"])
  })

  scenario(
    "an XSUB asks a publisher that it found again for what it asked in frames of one message",
    async (stage) => {
      const { socket, mock, again } = await meet(stage, "connects", "XSubscriber")
      await mock.shakeHands("PUB")
      await socket.send(["\x01a", "\x01b"])
      await eventually(async () => mock.received.length > 0, "the subscriptions")
      mock.reset()
      const received = take(socket)
      const next = await again()
      await next.shakeHands("PUB")
      const asked = [await next.takeCommand(), await next.takeCommand()].map((words) => words.join(" "))
      assert.deepEqual(asked.sort(), ["SUBSCRIBE a", "SUBSCRIBE b"])
      await next.send(message("a"))
      assert.deepEqual(await received, ["a"])
    },
  )
})

/** Waits until something came by itself; a libzmq publisher has to be woken for it. */
async function woken(socket: { readonly readable: boolean }, mock: MockPeer): Promise<void> {
  await eventually(async () => {
    void socket.readable
    return mock.received.length > 0
  }, "a word that nobody asked for")
}

here("a SUB writes topics of any length as messages of 3.0", async (stage) => {
  const { socket, mock } = await meet(stage, "connects", "Subscriber")
  await mock.shakeHands("PUB", { minor: 0 })
  for (const length of [0, 254, 255, 256, 70_000]) {
    const topic = "t".repeat(length)
    socket.subscribe(topic)
    assert.deepEqual(await mock.takeMessage(), [`\x01${topic}`])
    socket.unsubscribe(topic)
    assert.deepEqual(await mock.takeMessage(), [`\0${topic}`])
  }
})

here("an XPUB with onlyFirstSubscribe takes later frames as they are", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "XPublisher", { onlyFirstSubscribe: true })
  await mock.shakeHands("XSUB")
  await mock.send(message("said", "\x01a", "\0b"), message("", "\x01c"), message("\x01d", "\x01e"))
  assert.deepEqual(await take(socket), ["said", "\x01a", "\0b"])
  assert.deepEqual(await take(socket), ["", "\x01c"])
  assert.deepEqual(await takeMany(socket, 2), ["\x01d", "\x01e"])
  assert.equal(socket.topicsCount, 2)
  await takesNothing(socket, "the XPUB")
})
