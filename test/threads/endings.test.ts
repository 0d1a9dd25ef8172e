// What sockets of other threads see of a thread that ends, and what they get of what it had sent.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { numbers } from "../suites/talk.js"
import { Player, vacantName } from "./troupe.js"

const endings: Record<string, (player: Player) => void> = {
  "is terminated": (player) => void player.worker.terminate(),
  "is terminated while it computes": (player) => {
    player.tell("block", 60_000)
    void player.worker.terminate()
  },
  "calls process.exit": (player) => player.tell("exit"),
  "fails with an error that nobody catches": (player) => player.tell("crash"),
  "comes to its end": (player) => player.tell("leave"),
}

for (const [ending, end] of Object.entries(endings)) {
  test(`a peer whose thread ${ending} is gone for who connected, and what it had sent arrives`, async () => {
    using pull = new zmq.Pull()
    await using worker = new Player()
    const push = await worker.open("Push")
    const address = vacantName()
    await push.bind(address)
    pull.connect(address)
    for (const number of numbers(10)) await push.send(number)
    end(worker)
    await within(worker.ended, "the worker to end")
    for (const number of numbers(10)) assert.equal(await within(pull.receiveString(), "a message"), number)
    await isAlone(pull)
  })

  test(`a peer whose thread ${ending} is gone for who bound`, async () => {
    using router = new zmq.Router({ linger: 0, mandatory: true, disconnectMessage: "gone" })
    await using worker = new Player()
    const dealer = await worker.open("Dealer", { routingId: "dealer" })
    const address = vacantName()
    await router.bind(address)
    await dealer.connect(address)
    await dealer.send("hello")
    assert.deepEqual((await router.receive()).map(String), ["dealer", "hello"])
    await router.send(["dealer", "welcome"])
    end(worker)
    assert.deepEqual((await within(router.receive(), "the notice")).map(String), ["dealer", "gone"])
    await assert.rejects(router.send(["dealer", "too late"]), { code: "EHOSTUNREACH" })
    await isAlone(router)
  })
}

test("a peer that closes its socket is gone, and what it had sent arrives", async () => {
  using pull = new zmq.Pull()
  await using worker = new Player()
  // It may not be connected yet when it closes.
  const push = await worker.open("Push", { linger: -1 })
  const address = vacantName()
  await pull.bind(address)
  await push.connect(address)
  for (const number of numbers(10)) await push.send(number)
  await push.close()
  for (const number of numbers(10)) assert.equal(await within(pull.receiveString(), "a message"), number)
  await isAlone(pull)
})

test("a peer of another thread sees that a socket here was closed", async () => {
  await using worker = new Player()
  const push = await worker.open("Push", { sendTimeout: 0 })
  const pull = new zmq.Pull()
  const address = vacantName()
  await pull.bind(address)
  await push.connect(address)
  await push.send("hello")
  assert.equal(await pull.receiveString(), "hello")
  pull.close()
  await eventually(async () => (await push.connections()) === 0, "the PUSH to lose its peer")
  await assert.rejects(push.send("nobody"), { code: "EAGAIN" })
})

test("a connection that is given up before it was answered leaves nothing at the other side", async () => {
  await using worker = new Player()
  const pull = await worker.open("Pull")
  const address = vacantName()
  await pull.bind(address)
  for (let round = 0; round < 50; round++) {
    const push = new zmq.Push({ linger: 0 })
    push.connect(address)
    for (let turn = 0; turn < round % 10; turn++) await new Promise(setImmediate)
    push.close()
  }
  await eventually(async () => (await pull.connections()) === 0, "the PULL to be alone")
  using push = new zmq.Push({ linger: 0 })
  push.connect(address)
  await push.send("hello")
  assert.deepEqual(await pull.receive(), ["hello"])
})

test("who waits for a name gets the thread that binds it, after others that were bound to it ended", async () => {
  const address = vacantName()
  for (const name of ["first", "second"]) {
    using pull = new zmq.Pull()
    pull.connect(address)
    await using worker = new Player()
    const push = await worker.open("Push")
    await push.bind(address)
    await push.send(name)
    assert.equal(await within(pull.receiveString(), "a message"), name)
    await worker.worker.terminate()
    await isAlone(pull)
  }
})

test("a thread that is terminated in the middle of writing leaves whole messages", async () => {
  for (const size of [10, 1000, 50_000, 400_000]) {
    for (let round = 0; round < 5; round++) {
      using pull = new zmq.Pull()
      await using worker = new Player()
      const push = await worker.open("Push")
      const address = vacantName()
      await pull.bind(address)
      await push.connect(address)
      worker.tell("sendNumbers", push.id, 1_000_000, size)
      for (let number = 0; number < 20; number++) await takeNumber(pull, number, size)
      void worker.worker.terminate()
      let number = 20
      pull.receiveTimeout = 0
      await eventually(async () => {
        // There is more as long as there is somebody.
        const alone = pull.stats().connections === 0
        for (; pull.readable; number++) await takeNumber(pull, number, size)
        return alone
      }, "the PULL to be alone")
      await assert.rejects(pull.receive(), { code: "EAGAIN" })
    }
  }
})

test("a thread that never turns its loop gets its messages across", async () => {
  using subscriber = new zmq.Subscriber()
  subscriber.subscribe()
  await using worker = new Player()
  const publisher = await worker.open("Publisher")
  const address = vacantName()
  await publisher.bind(address)
  subscriber.connect(address)
  await eventually(async () => {
    await publisher.send("probe")
    return subscriber.readable
  }, "the subscription to arrive")
  worker.tell("sendForEver", publisher.id, 100)
  let last = -1
  for (let count = 0; count < 500; ) {
    const [name, load] = await within(subscriber.receive(), "a message")
    if (String(name) === "probe") continue
    count++
    // There are gaps, for a publisher does not wait; but what comes is whole and in order.
    assert.ok(Number(name) > last)
    last = Number(name)
    assert.ok(load?.equals(Buffer.alloc(100, last)))
  }
})

async function takeNumber(pull: zmq.Pull, number: number, size: number): Promise<void> {
  const [name, load] = await within(pull.receive(), `message ${number}`)
  assert.equal(String(name), String(number))
  assert.ok(load?.equals(Buffer.alloc(size, number)), `message ${number} is not what was sent`)
}

async function isAlone(socket: zmq.Socket): Promise<void> {
  await eventually(async () => socket.stats().connections === 0, "the peer to be gone")
}
