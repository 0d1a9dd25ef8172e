// ROUTER when a peer is full, is not there, comes again, or comes under another's name.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { isLeft, numbers, offer, take, takeNow, takesNothing } from "./talk.js"

const unreachable = { code: "EHOSTUNREACH", errno: 113 }
const load = Buffer.alloc(2 ** 19)

export function routerDeliveryScenarios(setting: Setting): void {
  scenario(setting, "mandatory: ROUTER refuses what names nobody", async (stage) => {
    const router = stage.open("Router", { mandatory: true, sendTimeout: 0 })
    const address = await stage.bind(router)
    await assert.rejects(router.send(["nobody", "x"]), unreachable)
    const dealer = stage.open("Dealer", { routingId: "dealer" })
    dealer.connect(address)
    await dealer.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
    router.sendTimeout = -1
    await assert.rejects(router.send(["nobody", "x"]), unreachable)
    await assert.rejects(router.send(["", "x"]), unreachable)
    await within(router.send(["nobody"]), "a message that says nothing to be dropped")
    await router.send(["dealer", "to you"])
    assert.deepEqual(await take(dealer), ["to you"])
    router.mandatory = false
    await within(router.send(["nobody", "x"]), "a message to nobody to be dropped")
  })

  scenario(setting, "mandatory: ROUTER refuses a full peer, and everything taken arrives", async (stage) => {
    const { router, dealer } = await narrow(stage)
    router.mandatory = true
    let taken = 0
    while (await offer(router, ["dealer", String(taken), load], 100)) {
      taken += 1
      assert.ok(taken < 400, "200 MiB were taken although nobody received")
    }
    if (setting.transport === "inproc") assert.equal(taken, 4)
    assert.equal(router.writable, false)
    for (const number of numbers(taken)) assert.equal((await take(dealer))[0], number)
    await within(router.send(["dealer", "after"]), "send() to go on when there was room")
    assert.deepEqual(await take(dealer), ["after"])
  })

  scenario(setting, "mandatory: ROUTER waits for a full peer", async (stage) => {
    const { router, dealer } = await narrow(stage)
    router.mandatory = true
    let taken = 0
    while (await offer(router, ["dealer", String(taken), load], 100)) taken += 1
    const waiting = router.send(["dealer", String(taken), "patient"])
    for (const number of numbers(taken + 1)) assert.equal((await take(dealer))[0], number)
    await within(waiting, "the send() that waited to resolve")
  })

  scenario(setting, "ROUTER drops what a full peer has no room for, and nothing of others", async (stage) => {
    const { router, dealer, address } = await narrow(stage)
    const other = stage.open("Dealer", { routingId: "other" })
    other.connect(address)
    await other.send("hello")
    await take(router)
    for (const number of numbers(100)) {
      await within(router.send(["dealer", number, load]), "send() to a full peer to go on")
      await router.send(["other", number])
      assert.deepEqual(await take(other), [number])
    }
    const heard: string[] = []
    await eventually(async () => {
      await router.send(["dealer", "end"])
      const message = await takeNow(dealer)
      if (message?.[0] !== undefined && message[0] !== "end") heard.push(message[0])
      return message?.[0] === "end"
    }, "the DEALER to be heard again")
    assert.ok(heard.length >= 2 && heard.length < 100, `${heard.length} of 100 messages arrived`)
    assert.deepEqual(heard.slice(0, 2), ["0", "1"])
    assert.deepEqual(
      [...heard].sort((one, other) => Number(one) - Number(other)),
      heard,
    )
    // Another thread takes its time, and so may the third one be too much while the others are under way.
    if (setting.acrossThreads) assert.equal(heard.length, 4)
    else if (setting.transport === "inproc") assert.deepEqual(heard, numbers(4))
  })

  scenario(setting, "what is sent to a peer that has gone is dropped", async (stage) => {
    const { router, dealer, address } = await narrow(stage)
    dealer.close()
    router.mandatory = true
    await isLeft(router)
    await assert.rejects(offer(router, ["dealer", "refused"]), unreachable)
    router.mandatory = false
    await within(router.send(["dealer", "lost"]), "a message to nobody to be dropped")
    const heir = stage.open("Dealer", { routingId: "dealer" })
    heir.connect(address)
    await heir.send("back")
    assert.deepEqual(await take(router), ["dealer", "back"])
    await router.send(["dealer", "welcome"])
    assert.deepEqual(await take(heir), ["welcome"])
    await takesNothing(heir, "a DEALER that came back")
  })

  scenario(setting, "a peer that comes with a name in use is ignored", async (stage) => {
    const { router, dealer, address } = await narrow(stage)
    const twin = stage.open("Dealer", { routingId: "dealer" })
    const came = stage.next(router, "handshake")
    twin.connect(address)
    await within(came, "the twin to come")
    await twin.send("I am the dealer")
    for (const word of ["one", "two"]) {
      await dealer.send(word)
      assert.deepEqual(await take(router), ["dealer", word])
      await router.send(["dealer", `${word} heard`])
      assert.deepEqual(await take(dealer), [`${word} heard`])
    }
    await takesNothing(twin, "a DEALER with the name of another")
    await takesNothing(router, "a ROUTER that heard the other")
  })

  scenario(setting, "handover: a message that waits for a full peer goes to its successor", async (stage) => {
    const { router, address } = await narrow(stage)
    router.mandatory = true
    router.handover = true
    while (await offer(router, ["dealer", load], 100));
    const waiting = router.send(["dealer", "for whoever has the name"])
    const twin = stage.open("Dealer", { routingId: "dealer" })
    twin.connect(address)
    await within(waiting, "the send() that waited to go on")
    assert.deepEqual(await take(twin), ["for whoever has the name"])
  })

  scenario(setting, "handover: a peer that comes with a name in use takes it over", async (stage) => {
    const { router, dealer, address } = await narrow(stage)
    router.handover = true
    const twin = stage.open("Dealer", { routingId: "dealer" })
    twin.connect(address)
    await twin.send("I am the dealer now")
    assert.deepEqual(await take(router), ["dealer", "I am the dealer now"])
    await router.send(["dealer", "welcome"])
    assert.deepEqual(await take(twin), ["welcome"])
    await takesNothing(dealer, "a DEALER whose name was taken")
  })
}

/** A DEALER of that name, known to a ROUTER that has room for few messages to it. */
async function narrow(stage: Stage) {
  const router = stage.open("Router", { sendHighWaterMark: 2 })
  const dealer = stage.open("Dealer", { routingId: "dealer", receiveHighWaterMark: 2, reconnectInterval: -1 })
  const address = await stage.bind(router)
  dealer.connect(address)
  await dealer.send("hello")
  assert.deepEqual(await take(router), ["dealer", "hello"])
  return { router, dealer, address }
}
