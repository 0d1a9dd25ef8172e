// Endpoints of a socket as they come and go: bind, unbind, connect, disconnect.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { bindingTwice, connectingTwice, quick } from "./lifecycle-twice.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, offer, take, takeMany, takeNow, takesNothing } from "./talk.js"

export function endpointScenarios(setting: Setting): void {
  const { transport } = setting

  scenario(setting, "nothing is sent to a peer after disconnect", async (stage) => {
    const push = stage.open("Push")
    const [stays, goes] = [stage.open("Pull"), stage.open("Pull")]
    const address = await stage.bind(goes)
    push.connect(await stage.bind(stays))
    push.connect(address)
    push.disconnect(address)
    for (const number of numbers(6)) await push.send(number)
    assert.deepEqual(await takeMany(stays, 6), numbers(6))
    await takesNothing(goes, "a peer that was let go")
    push.connect(address)
    await push.send("a")
    await push.send("b")
    assert.deepEqual([...(await take(stays)), ...(await take(goes))].sort(), ["a", "b"])
  })

  scenario(setting, "a socket that disconnected from its only peer waits", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    const address = await stage.bind(pull)
    push.connect(address)
    await push.send("before")
    assert.deepEqual(await take(pull), ["before"])
    push.disconnect(address)
    assert.equal(await offer(push, "refused"), false)
    push.connect(address)
    await within(push.send("after"), "the peer that was connected to again")
    assert.deepEqual(await take(pull), ["after"])
  })

  scenario(setting, "what was not read yet is gone after disconnect", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    const address = await stage.bind(push)
    pull.connect(address)
    for (const number of numbers(3)) await within(push.send(number), "the peer to connect")
    assert.deepEqual(await take(pull), ["0"])
    pull.disconnect(address)
    await takesNothing(pull, "a socket that disconnected")
    await eventually(async () => {
      await takesNothing(pull, "a socket that disconnected")
      return !(await offer(push, "lost"))
    }, "the binder to notice")
  })

  if (transport !== "inproc") {
    scenario(setting, "what came before unbind can still be read", async (stage) => {
      const [pull, push] = [stage.open("Pull"), stage.open("Push")]
      const address = await stage.bind(pull)
      push.connect(address)
      for (const number of numbers(5)) await push.send(number)
      assert.deepEqual(await take(pull), ["0"])
      await eventually(async () => pull.readable, "the next message to be there")
      await pull.unbind(address)
      assert.deepEqual(await take(pull), ["1"])
    })
  }

  for (const linger of [-1, 20_000]) {
    scenario(
      setting,
      `with a linger of ${linger} disconnect leaves what is queued to arrive`,
      async (stage) => {
        const push = stage.open("Push", { ...quick, linger })
        const address = await stage.vacant()
        push.connect(address)
        for (const number of numbers(5)) await push.send(number)
        push.disconnect(address)
        assert.equal(await offer(push, "refused"), false)
        const pull = stage.open("Pull")
        await stage.bindTo(pull, address)
        assert.deepEqual(await takeMany(pull, 5), numbers(5))
      },
    )
  }

  // Within a process libzmq queues on for a name that it disconnected from.
  const forgets = transport !== "inproc" || setting.library.name === "puremq"
  if (forgets)
    scenario(setting, "with a linger of 0 disconnect discards what is queued", async (stage) => {
      const push = stage.open("Push", { ...quick, linger: 0 })
      const address = await stage.vacant()
      push.connect(address)
      for (const number of numbers(5)) await push.send(number)
      push.disconnect(address)
      push.connect(address)
      await push.send("after")
      const pull = stage.open("Pull")
      await stage.bindTo(pull, address)
      assert.deepEqual(await take(pull), ["after"])
      await takesNothing(pull, "a peer that had the only message")
    })

  scenario(setting, "disconnect and unbind of what is unknown fail with ENOENT", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.vacant()
    const unknown = { code: "ENOENT", errno: 2, address }
    assert.throws(() => push.disconnect(address), unknown)
    await assert.rejects(push.unbind(address), unknown)
    push.connect(address)
    push.disconnect(address)
    assert.throws(() => push.disconnect(address), unknown)
    const bound = await stage.bind(push)
    await push.unbind(bound)
    await assert.rejects(push.unbind(bound), { ...unknown, address: bound })
  })

  scenario(setting, "unbind closes the door, and the address can be bound again", async (stage) => {
    const [pull, heir] = [stage.open("Pull"), stage.open("Pull")]
    const push = stage.open("Push", quick)
    const address = await stage.bind(pull)
    push.connect(address)
    await push.send("before")
    assert.deepEqual(await take(pull), ["before"])
    await pull.unbind(address)
    const late = stage.open("Push", quick)
    late.connect(address)
    await late.send("late")
    await stage.bindTo(heir, address)
    assert.deepEqual(await take(heir), ["late"])
    await takesNothing(pull, "a socket that is bound no longer")
  })

  scenario(setting, "unbind of one address leaves the other", async (stage) => {
    const pull = stage.open("Pull")
    const [first, second] = [await stage.bind(pull), await stage.bind(pull)]
    assert.notEqual(first, second)
    assert.equal(pull.lastEndpoint, second)
    const [one, two, three] = stage.three("Push", quick)
    one.connect(first)
    two.connect(second)
    await one.send("one")
    await two.send("two")
    assert.deepEqual((await takeMany(pull, 2)).sort(), ["one", "two"])
    await pull.unbind(first)
    three.connect(second)
    await two.send("two")
    await three.send("three")
    assert.deepEqual((await takeMany(pull, 2)).sort(), ["three", "two"])
  })

  scenario(
    setting,
    "unbind treats the connections that came through it as its transport does",
    async (stage) => {
      const pull = stage.open("Pull")
      const push = stage.open("Push", { immediate: true, reconnectInterval: 60_000 })
      const address = await stage.bind(pull)
      push.connect(address)
      await within(push.send("before"), "the connection")
      assert.deepEqual(await take(pull), ["before"])
      await pull.unbind(address)
      if (transport === "inproc") {
        await push.send("after")
        assert.deepEqual(await take(pull), ["after"])
      } else {
        await eventually(async () => {
          await takeNow(pull)
          return !(await offer(push, "lost"))
        }, "the connection to end")
      }
    },
  )

  scenario(setting, "unbind of one socket's address does not touch another socket's", async (stage) => {
    const [first, second] = [stage.open("Pull"), stage.open("Pull")]
    const push = stage.open("Push")
    const [one, two] = [await stage.bind(first), await stage.bind(second)]
    await assert.rejects(second.unbind(one), { code: "ENOENT" })
    push.connect(one)
    push.connect(two)
    await push.send("a")
    await push.send("b")
    assert.deepEqual([...(await take(first)), ...(await take(second))].sort(), ["a", "b"])
  })

  scenario(setting, "many peers meet one address, and each leaves for itself", async (stage) => {
    const pull = stage.open("Pull")
    const address = await stage.bind(pull)
    const pushes = [...stage.three("Push"), ...stage.three("Push"), ...stage.three("Push")]
    for (const push of pushes) push.connect(address)
    for (const [index, push] of pushes.entries()) await push.send(String(index))
    assert.deepEqual((await takeMany(pull, 9)).sort(), numbers(9))
    for (const [index, push] of pushes.entries()) {
      push.disconnect(address)
      for (const rest of pushes.slice(index + 1)) await rest.send("still here")
      for (const _ of pushes.slice(index + 1)) assert.deepEqual(await take(pull), ["still here"])
    }
  })

  connectingTwice(setting)
  bindingTwice(setting)
}
