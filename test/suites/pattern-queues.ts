// What becomes of queued messages when DEALER or ROUTER loses the peer.
import assert from "node:assert/strict"
import { type Setting, scenario } from "./stage.js"
import { isLeft, numbers, offer, take, takesNothing } from "./talk.js"

export function queueScenarios(setting: Setting): void {
  scenario(setting, "spec_dealer: queues are gone after disconnect", async (stage) => {
    const bound = stage.open("Dealer")
    const dialling = stage.open("Dealer")
    const address = await stage.bind(bound)
    dialling.connect(address)
    await dialling.send("known")
    assert.deepEqual(await take(bound), ["known"])
    for (const number of numbers(10)) await bound.send(number)
    assert.deepEqual(await take(dialling), ["0"])
    dialling.disconnect(address)
    await takesNothing(dialling, "a DEALER that disconnected")
    assert.equal(await offer(dialling, "x", 10), false)
  })

  scenario(setting, "spec_router: queues are gone when their peer has gone", async (stage) => {
    const router = stage.open("Router", { mandatory: true })
    const address = await stage.bind(router)
    const dealer = stage.open("Dealer", { routingId: "peer", receiveHighWaterMark: 1 })
    dealer.connect(address)
    await dealer.send("known")
    assert.deepEqual(await take(router), ["peer", "known"])
    for (const number of numbers(10)) await offer(router, ["peer", number], 0)
    dealer.close()
    await isLeft(router)
    const next = stage.open("Dealer", { routingId: "peer" })
    next.connect(address)
    await next.send("again")
    assert.deepEqual(await take(router), ["peer", "again"])
    await router.send(["peer", "welcome"])
    assert.deepEqual(await take(next), ["welcome"])
  })
}
