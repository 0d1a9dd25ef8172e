// A proxy's life: what it wants to begin, what it forbids, and how it ends.
import assert from "node:assert/strict"
import type * as zmq from "puremq"
import { runProxy, start } from "./proxy-stage.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, take, takeMany } from "./talk.js"

const notRunning = { code: "EBADF", errno: 9, message: "Socket is closed" }

export function proxyRunningScenarios(setting: Setting): void {
  scenario(setting, "a proxy wants two sockets", async (stage) => {
    const socket = stage.open("Pull")
    const construct = (...ends: unknown[]) => stage.proxy(...(ends as [zmq.Socket, zmq.Socket]))
    assert.throws(() => construct(), new TypeError("Front-end must be a socket object"))
    assert.throws(() => construct(1, 2), new TypeError("Front-end must be a socket object"))
    assert.throws(() => construct(socket), new TypeError("Back-end must be a socket object"))
    const proxy = construct(socket, socket) as zmq.Proxy
    assert.equal(proxy.frontEnd, socket)
    assert.throws(() => Object.assign(proxy, { frontEnd: socket }), TypeError)
  })

  scenario(setting, "both ends of a proxy have to be bound or connected", async (stage) => {
    const [frontEnd, backEnd] = [stage.open("Router"), stage.open("Dealer")]
    const proxy = stage.proxy(frontEnd, backEnd)
    const unplaced = { code: "EINVAL", errno: 22 }
    assert.throws(() => proxy.run(), { ...unplaced, message: "Front-end socket must be bound or connected" })
    await stage.bind(frontEnd)
    assert.throws(() => proxy.run(), { ...unplaced, message: "Back-end socket must be bound or connected" })
    backEnd.connect(await stage.vacant())
    await start(stage, proxy).end()
  })

  scenario(setting, "a proxy that does not run has nothing to be steered", async (stage) => {
    const frontEnd = stage.open("Router")
    await stage.bind(frontEnd)
    const proxy = stage.proxy(frontEnd, stage.open("Dealer"))
    for (const steer of ["pause", "resume", "terminate"] as const)
      assert.throws(() => proxy[steer](), notRunning)
  })

  scenario(
    setting,
    "a terminated proxy closes both ends, and can neither be steered nor run again",
    async (stage) => {
      const { proxy, end } = await runProxy(stage, "Router", "Dealer")
      assert.equal(proxy.frontEnd.closed, false)
      assert.equal(await end(), undefined)
      assert.equal(proxy.frontEnd.closed, true)
      assert.equal(proxy.backEnd.closed, true)
      for (const steer of ["pause", "resume", "terminate"] as const)
        assert.throws(() => proxy[steer](), notRunning)
      assert.throws(() => proxy.run(), {
        code: "EINVAL",
        message: "Front-end socket must be bound or connected",
      })
    },
  )

  scenario(setting, "the sockets of a running proxy refuse all that would disturb it", async (stage) => {
    const [frontEnd, backEnd] = [stage.open("Router"), stage.open("Dealer")]
    const [front, other] = [await stage.bind(frontEnd), await stage.vacant()]
    backEnd.connect(other)
    const { end } = start(stage, stage.proxy(frontEnd, backEnd))
    const busy = { code: "EBUSY", errno: 16 }
    for (const socket of [frontEnd, backEnd]) {
      assert.throws(() => socket.send(["to", "nobody"]), busy)
      assert.throws(() => socket.receive(), busy)
      assert.throws(() => socket.connect(other), busy)
      assert.throws(() => socket.disconnect(other), busy)
      assert.throws(() => socket.bindSync(other), busy)
      assert.throws(() => socket.unbindSync(front), busy)
      assert.throws(() => socket.bind(other), busy)
      assert.throws(() => socket.unbind(front), busy)
      await assert.rejects(socket[Symbol.asyncIterator]().next(), busy)
    }
    await end()
  })

  scenario(
    setting,
    "the sockets of a running proxy still tell what they are, and take options",
    async (stage) => {
      const { proxy, front, end } = await runProxy(stage, "Router", "Dealer", { linger: 0 })
      const { frontEnd } = proxy
      assert.equal(frontEnd.lastEndpoint, front)
      assert.equal(frontEnd.type, 6)
      assert.equal(frontEnd.closed, false)
      // With zeromq.js these would meet the proxy's thread.
      if (stage.library === "puremq") {
        assert.equal(frontEnd.readable, false)
        assert.equal(frontEnd.writable, true)
        assert.ok(frontEnd.events)
      }
      assert.ok(frontEnd.context)
      assert.equal(frontEnd.linger, 0)
      frontEnd.linger = 5
      assert.equal(frontEnd.linger, 5)
      await end()
    },
  )

  scenario(
    setting,
    "what a proxy passed on before it was terminated arrives, as its linger says",
    async (stage) => {
      const { front, back, end } = await runProxy(stage, "Pull", "Push", { linger: -1 })
      const pull = stage.open("Pull")
      pull.connect(back)
      const push = stage.open("Push")
      push.connect(front)
      for (const number of numbers(100)) await push.send(number)
      assert.deepEqual(await take(pull), ["0"])
      await push.send("last")
      assert.deepEqual(await takeMany(pull, 100), [...numbers(99, 1), "last"])
      await end()
    },
  )

  scenario(setting, "a proxy with messages that nobody takes can be terminated", async (stage) => {
    const frontEnd = stage.open("Subscriber")
    frontEnd.subscribe()
    const backEnd = stage.open("Push")
    const front = await stage.bind(frontEnd)
    await stage.bind(backEnd)
    const { end } = start(stage, stage.proxy(frontEnd, backEnd))
    const publisher = stage.open("XPublisher")
    publisher.connect(front)
    assert.deepEqual(await take(publisher), ["\x01"])
    for (let count = 0; count < 3; count += 1) await publisher.send("This is a test")
    await end()
  })
}
