// A reader that is behind: what connections bring that come meanwhile.
import assert from "node:assert/strict"
import { describe } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { take } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { here, meet, onBoth, roles } from "./wire-stage.js"
import { command, greeting, message, ready } from "./zmtp-bytes.js"
import { CLOSE, commandBody, PING, PONG, readyBody, ZWS_COMMAND } from "./zws-bytes.js"
import { meetOverZws, type ZwsPeer } from "./zws-peer.js"

const MESSAGES = 20
const load = Array.from({ length: MESSAGES }, (_, index) => message(`${index}`))

/** Greets, so that what follows is read by itself. */
async function greet(mock: MockPeer): Promise<[]> {
  await mock.send(greeting())
  await mock.take(64)
  assert.equal((await mock.takeCommand())[0], "READY")
  return []
}

/** A DEALER at its mark, and a peer over ws that has come, said `late` and gone. */
async function comeAndGo(stage: Stage) {
  const options = { receiveHighWaterMark: 5 }
  const { socket, peer, events, again } = await meetOverZws(stage, "connects", "Dealer", options)
  const names = Array.from({ length: MESSAGES }, (_, index) => `${index}`)
  await peer.shakeHands("DEALER")
  await sayAndGo(peer, ...names.map((name) => `\0${name}`))
  await events.next("disconnect")
  const next = await again()
  await next.upgrade()
  await next.takePacket()
  await sayAndGo(next, Buffer.from([ZWS_COMMAND, ...readyBody("DEALER")]), "\0late")
  await events.next("handshake")
  for (let turns = 0; turns < 20; turns++) await turn()
  assert.equal(socket.stats().queuedIn, MESSAGES)
  return { socket, events, again }
}

/** All of it is there to be read at once. */
async function sayAndGo(peer: ZwsPeer, ...packets: (Buffer | string)[]): Promise<void> {
  const goodbye = peer.frame(Buffer.from([3, 232]), { opcode: CLOSE })
  await peer.mock.send(...packets.map((packet) => peer.frame(packet)), goodbye)
  peer.mock.finish()
}

/** A PULL that is exactly at its mark by what a connection brought that has gone, and the next one, of which READY came by itself. */
async function meetBehind(stage: Stage) {
  const { socket, mock, events, again } = await meet(stage, "connects", "Pull", { receiveHighWaterMark: 5 })
  await mock.shakeHands("PUSH")
  await mock.send(...load.slice(0, 5), command("PING", "\0\0all"))
  await mock.take(command("PONG", "all").length)
  mock.reset()
  await events.next("disconnect")
  const next = await again()
  await greet(next)
  await next.send(ready("PUSH"))
  await events.next("handshake")
  return { socket, events, next }
}

onBoth((scenario) => {
  scenario(
    "says that it lives, and hears the end, on a connection that comes while it is at its mark",
    async (stage) => {
      const { socket, events, next } = await meetBehind(stage)
      for (const context of ["a", "b"]) {
        await next.sendApart([
          command("PING", `\0\0${context}`).subarray(0, 5),
          command("PING", `\0\0${context}`).subarray(5),
        ])
        assert.deepEqual(await next.take(command("PONG", context).length), command("PONG", context))
      }
      next.finish()
      await events.next("disconnect")
      for (let index = 0; index < 5; index++) assert.deepEqual(await take(socket), [`${index}`])
    },
  )
})

onBoth((scenario) => {
  for (const role of roles) {
    scenario(
      `a PULL that ${role} answers pings while it is at its mark, and hears the end`,
      async (stage) => {
        const { socket, peer, events } = await meetOverZws(stage, role, "Pull", { receiveHighWaterMark: 2 })
        await peer.shakeHands("PUSH")
        await peer.mock.send(peer.frame("\0first"), peer.frame("\0second"))
        for (let count = 0; count < 2; count++) {
          await peer.sendFrame("", { opcode: PING })
          assert.equal((await peer.takeFrame()).opcode, PONG)
        }
        peer.mock.finish()
        await events.next("disconnect")
        assert.deepEqual(await take(socket), ["first"])
        assert.deepEqual(await take(socket), ["second"])
      },
    )
  }
}, "ws")

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

  for (const how of ["finish", "reset"] as const) {
    here(
      `gets, when it reads, what came before the ${how} of a connection that it kept waiting`,
      async (stage) => {
        const { socket, events, next } = await meetBehind(stage)
        const before = socket.stats().bytesIn
        const said = [message("late"), command("PING", "\0\0unheard"), message("later")]
        await next.send(...said)
        await eventually(async () => socket.stats().bytesIn === before + Buffer.concat(said).length, "a read")
        next[how]()
        for (let turns = 0; turns < 20; turns++) await turn()
        assert.ok(!events.types.slice(events.types.lastIndexOf("handshake")).includes("disconnect"))
        assert.equal(socket.stats().queuedIn, 5)
        for (let index = 0; index < 5; index++) assert.deepEqual(await take(socket), [`${index}`])
        assert.deepEqual(await take(socket), ["late"])
        assert.deepEqual(await take(socket), ["later"])
        await events.next("disconnect")
      },
    )
  }

  here("gets, when it reads, what a peer over ws said that came and went meanwhile", async (stage) => {
    const { socket, again } = await comeAndGo(stage)
    for (let index = 0; index < MESSAGES; index++) assert.deepEqual(await take(socket), [`${index}`])
    assert.deepEqual(await take(socket), ["late"])
    await (await again()).shakeHands("DEALER")
  })

  here(
    "answers commands over ws while it is at its mark and nothing more comes",
    async (stage) => {
      const { socket, peer } = await meetOverZws(stage, "binds", "Pull", { receiveHighWaterMark: 1 })
      await peer.shakeHands("PUSH")
      await peer.sendMessage("unread")
      for (const context of ["a", "b"]) {
        await peer.sendPacket(ZWS_COMMAND, commandBody("PING", `\0\0${context}`))
        assert.deepEqual(await peer.takePacket(), {
          flags: ZWS_COMMAND,
          body: Buffer.from(commandBody("PONG", context)),
        })
      }
      const before = socket.stats().bytesIn
      await peer.sendMessage("too much")
      await peer.sendPacket(ZWS_COMMAND, commandBody("PING", "\0\0late"))
      await eventually(async () => socket.stats().bytesIn > before, "what is too much")
      assert.equal(peer.mock.received.length, 0)
      assert.deepEqual(await take(socket), ["unread"])
      assert.deepEqual((await peer.takePacket()).body, Buffer.from(commandBody("PONG", "late")))
      assert.deepEqual(await take(socket), ["too much"])
    },
    "ws",
  )

  here("ends though what a peer over ws said that came and went is not read", async (stage) => {
    const { socket, events } = await comeAndGo(stage)
    socket.close()
    assert.equal((await events.whole()).at(-1), "end")
  })

  here("sends on though what a peer over ws said that came and went is not read", async (stage) => {
    const { socket, again } = await comeAndGo(stage)
    await socket.send("on")
    const next = await again()
    await next.shakeHands("DEALER")
    assert.deepEqual(await next.takeMessage(), ["on"])
  })

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
