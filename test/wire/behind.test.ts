// A reader that is behind: what connections bring that come meanwhile.
import assert from "node:assert/strict"
import { describe } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { eventually } from "../suites/deadline.js"
import { take } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { here, meet } from "./wire-stage.js"
import { command, greeting, message, ready } from "./zmtp-bytes.js"

const MESSAGES = 20
const load = Array.from({ length: MESSAGES }, (_, index) => message(`${index}`))

/** Greets, so that what follows is read by itself. */
async function greet(mock: MockPeer): Promise<[]> {
  await mock.send(greeting())
  await mock.take(64)
  assert.equal((await mock.takeCommand())[0], "READY")
  return []
}

describe("a socket that reads nothing", () => {
  for (const name of ["Pull", "Dealer", "Subscriber"] as const) {
    const peer = { Pull: "PUSH", Dealer: "DEALER", Subscriber: "PUB" }[name]

    here(`${name} takes nothing in from connections that come while it is at its mark`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, "connects", name, { receiveHighWaterMark: 5 })
      if ("subscribe" in socket) socket.subscribe()
      await mock.shakeHands(peer)
      await mock.send(Buffer.concat(load))
      await eventually(async () => socket.stats().queuedIn === MESSAGES, "the first read")
      mock.reset()
      for (let count = 0; count < 3; count++) {
        const next = await again()
        await next.shakeHands(peer)
        await events.next("handshake")
        // While nothing has come, its end is heard of.
        next.reset()
        await events.next("disconnect")
      }
      const last = await again()
      await last.send(greeting(), ready(peer), ...load)
      await events.next("handshake")
      const { bytesIn } = socket.stats()
      await last.send(...load, message("after"))
      await eventually(async () => socket.stats().bytesIn > bytesIn || socket.stats().queuedIn > 0, "a read")
      assert.equal(socket.stats().queuedIn, MESSAGES)
      for (let round = 0; round < 3; round++) {
        for (let index = 0; index < MESSAGES; index++) assert.deepEqual(await take(socket), [`${index}`])
      }
      assert.deepEqual(await take(socket), ["after"])
    })
  }

  for (const [how, apart] of [
    ["with its greeting", false],
    ["behind its greeting", true],
  ] as const) {
    here(`gets, when it reads, what a peer that came and went meanwhile said ${how}`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, "connects", "Pull", {
        receiveHighWaterMark: 5,
      })
      await mock.shakeHands("PUSH")
      await mock.send(Buffer.concat(load))
      await eventually(async () => socket.stats().queuedIn === MESSAGES, "the first read")
      mock.finish()
      const next = await again()
      await next.send(...(apart ? await greet(next) : [greeting()]), ready("PUSH"), message("late"))
      next.finish()
      await events.next("handshake")
      // Its end is there to be read.
      for (let turns = 0; turns < 20; turns++) await turn()
      for (let index = 0; index < MESSAGES; index++) assert.deepEqual(await take(socket), [`${index}`])
      assert.deepEqual(await take(socket), ["late"])
    })
  }

  here("says that it lives while it is at its mark and nothing more comes", async (stage) => {
    const { socket, mock } = await meet(stage, "binds", "Pull", { receiveHighWaterMark: 1 })
    await mock.shakeHands("PUSH")
    await mock.send(message("unread"))
    await eventually(async () => socket.stats().queuedIn === 1, "a message")
    for (const context of ["a", "b", "c"]) {
      await mock.send(command("PING", `\0\0${context}`))
      assert.deepEqual(await mock.take(command("PONG", context).length), command("PONG", context))
    }
    assert.deepEqual(await take(socket), ["unread"])
  })
})
