// Sockets that are many, short-lived or early: limits, stress, and who may connect to whom before it binds.
import assert from "node:assert/strict"
import * as puremq from "puremq"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, take, takeMany, takeNow, takesNothing } from "./talk.js"

const quick = { reconnectInterval: 10 }

export function crowdScenarios(setting: Setting): void {
  scenario(setting, "sockets that are closed as soon as they connect do no harm", async (stage) => {
    const publisher = stage.open("Publisher")
    const address = await stage.bind(publisher)
    for (let round = 0; round < 10; round += 1) {
      const subscribers = numbers(50).map(() => stage.open("Subscriber"))
      for (const subscriber of subscribers) {
        subscriber.subscribe()
        subscriber.connect(address)
      }
      await publisher.send("to whom it may concern")
      for (const subscriber of subscribers) subscriber.close()
    }
    const last = stage.open("Subscriber")
    last.subscribe()
    last.connect(address)
    const heard = take(last)
    let done = false
    void heard.then(() => (done = true))
    await eventually(async () => {
      await publisher.send("still there")
      return done
    }, "the last subscriber to hear")
    assert.deepEqual(await heard, ["still there"])
  })

  scenario(setting, "many connect before their peer binds, and all are heard", async (stage) => {
    const address = await stage.vacant()
    for (const number of numbers(50)) {
      const push = stage.open("Push", quick)
      push.connect(address)
      await push.send(number)
    }
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    const sorted = (await takeMany(pull, 50)).map(Number).sort((left, right) => left - right)
    assert.deepEqual(sorted, numbers(50).map(Number))
  })

  for (const first of ["connects", "binds"] as const) {
    scenario(setting, `names are told by who ${first} first`, async (stage) => {
      const dealer = stage.open("Dealer", { ...quick, routingId: "dealer" })
      const router = stage.open("Router")
      const address = await stage.vacant()
      if (first === "connects") dealer.connect(address)
      await stage.bindTo(router, address)
      if (first === "binds") dealer.connect(address)
      await dealer.send("hello")
      assert.deepEqual(await take(router), ["dealer", "hello"])
      await router.send(["dealer", "welcome"])
      assert.deepEqual(await take(dealer), ["welcome"])
    })
  }

  scenario(setting, "what was queued before close is heard by who binds later", async (stage) => {
    const address = await stage.vacant()
    const push = stage.open("Push", { ...quick, linger: -1 })
    push.connect(address)
    for (const number of numbers(10)) await push.send(number)
    push.close()
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    assert.deepEqual(await takeMany(pull, 10), numbers(10))
    await takesNothing(pull, "a PULL that had all messages")
  })

  scenario(setting, "a subscriber that disconnects takes its subscription with it", async (stage) => {
    const [publisher, subscriber] = [stage.open("XPublisher"), stage.open("Subscriber")]
    subscriber.subscribe("foo")
    const address = await stage.bind(publisher)
    for (let round = 0; round < 3; round += 1) {
      await publisher.send(["foo", "before"])
      subscriber.connect(address)
      assert.deepEqual(await take(publisher), ["\x01foo"])
      for (const number of numbers(3)) {
        await publisher.send(["foo", number])
        assert.deepEqual(await take(subscriber), ["foo", number])
      }
      subscriber.disconnect(address)
      // libzmq lets go only in later calls to the sockets.
      const farewell = await eventually(async () => {
        await takesNothing(subscriber, "a SUB without peers")
        return takeNow(publisher)
      }, "the end of the subscription")
      assert.deepEqual(farewell, ["\x00foo"])
      await publisher.send(["foo", "after"])
    }
    await takesNothing(subscriber, "a SUB that has disconnected")
  })

  // ---- What transports have no part in

  if (setting.transport !== "inproc") return

  scenario(setting, "one socket more than maxSockets is refused, until another has gone", async (stage) => {
    const context = stage.context()
    context.maxSockets = 5
    const options = { context }
    const sockets = numbers(5).map(() => stage.open("Pair", { ...options }))
    for (let count = 0; count < 10; count += 1) {
      assert.throws(() => stage.open("Pair", { ...options }), { code: "EMFILE", errno: 24 })
    }
    sockets[2]?.close()
    await eventually(async () => {
      try {
        return stage.open("Pair", { ...options })
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, "EMFILE")
        return false
      }
    }, "room for another socket")
    assert.throws(() => stage.open("Pair", { ...options }), { code: "EMFILE" })
  })

  scenario(setting, "who connects to a name that nobody binds may close", async (stage) => {
    for (let count = 0; count < 3; count += 1) {
      const push = stage.open("Push")
      push.connect("inproc://never-bound")
      push.close()
    }
    const pull = stage.open("Pull")
    await pull.bind("inproc://never-bound")
    await takesNothing(pull, "a PULL whose peers had gone")
  })

  if (setting.library.name === "zeromq") return

  scenario(
    setting,
    "a context ends, with sockets that wait for a name to be bound or with none",
    async () => {
      await within(new puremq.Context().term(), "a context without sockets")
      const closed = new puremq.Context()
      new puremq.Pull({ context: closed }).close()
      await within(closed.term(), "a context whose socket was closed")
      const waiting = new puremq.Context()
      const options = { context: waiting, linger: 0 }
      const [push, pull] = [new puremq.Push({ ...options }), new puremq.Pull({ ...options })]
      for (const socket of [push, pull]) socket.connect("inproc://never-bound")
      await push.send("to nobody")
      const received = assert.rejects(pull.receive(), { code: "ETERM" })
      await within(waiting.term(), "a context whose sockets wait")
      await received
    },
  )
}
