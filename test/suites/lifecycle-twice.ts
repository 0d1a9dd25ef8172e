// An address that is connected to or bound twice, by one socket or by two.
import assert from "node:assert/strict"
import { eventually } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { fill, numbers, offer, take, takeMany, takeNow, takesNothing } from "./talk.js"

export const quick = { reconnectInterval: 10 }

/** What comes of it for sockets that connect twice to an address. */
export function connectingTwice(setting: Setting): void {
  scenario(setting, "PUSH that connects twice to an address has two peers there", async (stage) => {
    const push = stage.open("Push", { ...quick, sendHighWaterMark: 5 })
    const address = await stage.vacant()
    push.connect(address)
    push.connect(address)
    assert.equal(await fill(push, 100), 10)
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    assert.deepEqual((await takeMany(pull, 10)).sort(), numbers(10))
  })

  // libzmq leaves inproc out of this rule.
  if (setting.transport !== "inproc") {
    scenario(
      setting,
      "DEALER and REQ that connect twice to an address have one peer there",
      async (stage) => {
        const dealer = stage.open("Dealer", { ...quick, sendHighWaterMark: 5 })
        const address = await stage.vacant()
        dealer.connect(address)
        dealer.connect(address)
        assert.equal(await fill(dealer, 100), 5)
        const peer = stage.open("Dealer")
        await stage.bindTo(peer, address)
        assert.deepEqual(await takeMany(peer, 5), numbers(5))
        dealer.disconnect(address)
        assert.throws(() => dealer.disconnect(address), { code: "ENOENT" })
      },
    )
  } else {
    scenario(setting, "SUB that connects twice to an address hears everything twice", async (stage) => {
      const [publisher, subscriber] = [stage.open("Publisher"), stage.open("Subscriber")]
      subscriber.subscribe()
      const address = await stage.bind(publisher)
      subscriber.connect(address)
      subscriber.connect(address)
      await stage.linked([publisher, subscriber], 2)
      await eventually(async () => {
        await publisher.send("probe")
        return takeNow(subscriber)
      }, "the SUB to be known")
      await publisher.send("message")
      const heard: string[] = []
      while (heard.length < 2) heard.push(...(await take(subscriber)).filter((text) => text !== "probe"))
      assert.deepEqual(heard, ["message", "message"])
      await takesNothing(subscriber, "a SUB that heard it from both")
    })
  }

  scenario(setting, "one disconnect ends both connections to an address", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    const address = await stage.bind(pull)
    push.connect(address)
    push.connect(address)
    for (const number of numbers(2)) await push.send(number)
    assert.deepEqual((await takeMany(pull, 2)).sort(), numbers(2))
    push.disconnect(address)
    assert.equal(await offer(push, "refused"), false)
    assert.throws(() => push.disconnect(address), { code: "ENOENT" })
  })
}

/** And for those that bind one that is bound. */
export function bindingTwice(setting: Setting): void {
  const { transport } = setting

  if (transport === "ipc") {
    scenario(setting, "the socket that binds a file last has the newcomers", async (stage) => {
      const [first, second] = [stage.open("Pull"), stage.open("Pull")]
      const [old, young] = [stage.open("Push"), stage.open("Push")]
      const address = await stage.bind(first)
      old.connect(address)
      await old.send("old")
      assert.deepEqual(await take(first), ["old"])
      await second.bind(address)
      young.connect(address)
      await young.send("young")
      assert.deepEqual(await take(second), ["young"])
      await old.send("still old")
      assert.deepEqual(await take(first), ["still old"])
    })
  } else {
    scenario(setting, "an address cannot be bound twice", async (stage) => {
      const [first, second] = [stage.open("Pull"), stage.open("Pull")]
      const address = await stage.bind(first)
      const taken = { code: "EADDRINUSE", errno: 98, address }
      for (const socket of [first, second]) {
        await assert.rejects(socket.bind(address), taken)
        // There is no time to ask another thread.
        if (setting.acrossThreads && socket === second) continue
        assert.throws(() => socket.bindSync(address), taken)
      }
      assert.equal(first.lastEndpoint, address)
      assert.equal(second.lastEndpoint, null)
      await hears(stage, first, address)
      first.close()
      await stage.bindTo(second, address)
      assert.equal(second.lastEndpoint, address)
      await hears(stage, second, address)
    })
  }

  scenario(setting, "bindSync listens when it returns", async (stage) => {
    const pull = stage.open("Pull")
    const vacant = await stage.vacant()
    pull.bindSync(vacant)
    assert.equal(pull.lastEndpoint, vacant)
    await hears(stage, pull, vacant)
  })

  // In zeromq.js 6.8 unbindSync binds instead.
  if (setting.library.name === "puremq") {
    scenario(setting, "unbindSync frees the address before it returns", async (stage) => {
      const [first, second] = [stage.open("Pull"), stage.open("Pull")]
      const address = await stage.vacant()
      assert.throws(() => first.unbindSync(address), { code: "ENOENT", errno: 2, address })
      for (let turn = 0; turn < 3; turn += 1) {
        for (const pull of [first, second]) {
          pull.bindSync(address)
          pull.unbindSync(address)
        }
      }
      second.bindSync(address)
      await hears(stage, second, address)
      assert.equal(await takeNow(first), undefined)
    })
  }
}

async function hears(
  stage: Stage,
  pull: { receive(): Promise<Buffer[]>; receiveTimeout: number },
  address: string,
): Promise<void> {
  const push = stage.open("Push", quick)
  push.connect(address)
  await push.send("knock")
  assert.deepEqual(await take(pull), ["knock"])
  push.close()
}
