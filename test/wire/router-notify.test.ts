// ROUTER's notifications where a peer breaks off: in the middle of a message, or of its handshake.
import assert from "node:assert/strict"
import { adjust } from "../suites/by-number.js"
import { start } from "../suites/proxy-stage.js"
import { take, takesNothing } from "../suites/talk.js"
import { dial, EventLog, here, onBoth } from "./wire-stage.js"
import { greeting, message, ready } from "./zmtp-bytes.js"

onBoth((scenario) => {
  scenario("router_notify: half of a message is dropped, and then its sender is told of", async (stage) => {
    const router = adjust(stage, stage.open("Router"), { routerNotify: 3 })
    const mock = await dial(stage, await stage.bind(router))
    await mock.shakeHands("DEALER", { identity: "peer" })
    assert.deepEqual(await take(router), ["peer", ""])
    const whole = message("first", "last")
    await mock.send(whole, whole.subarray(0, whole.length - "last".length - 2))
    mock.close()
    assert.deepEqual(await take(router), ["peer", "first", "last"])
    assert.deepEqual(await take(router), ["peer", ""])
    await takesNothing(router, "a ROUTER whose peer has gone")
  })

  scenario("router_notify, disconnect_msg: nothing is heard of a handshake that fails", async (stage) => {
    const values = { routerNotify: 3, disconnectMessage: "gone" }
    const router = adjust(stage, stage.open("Router"), values)
    const events = new EventLog(router)
    const address = await stage.bind(router)
    for (const words of [[greeting()], [greeting(), ready("PUB")]]) {
      const failing = await dial(stage, address)
      await failing.send(...words)
      failing.finish()
      await events.next("disconnect")
      failing.close()
    }
    const mock = await dial(stage, address)
    await mock.shakeHands("DEALER", { identity: "peer" })
    assert.deepEqual(await take(router), ["peer", ""])
    mock.close()
    assert.deepEqual(await take(router), ["peer", ""])
    assert.deepEqual(await take(router), ["peer", "gone"])
  })

  scenario("hello_msg: is the first frame behind the handshake", async (stage) => {
    const dealer = adjust(stage, stage.open("Dealer"), { helloMessage: "hello" })
    const address = await stage.bind(dealer)
    const mock = await dial(stage, address)
    await mock.shakeHands("ROUTER")
    await dealer.send("first")
    assert.deepEqual(await mock.takeMessage(), ["hello"])
    assert.deepEqual(await mock.takeMessage(), ["first"])
  })
})

// zeromq.js crashes the process at it.
here("router_notify: a proxy sends a notification on as soon as it comes", async (stage) => {
  const router = stage.open("Router", { reconnectInterval: 5, routerNotify: 1 })
  await stage.bind(router)
  const address = await stage.vacant()
  router.connect(address, { routingId: "dealer" })
  start(stage, stage.proxy(router, router))
  const dealer = stage.open("Dealer")
  await stage.bindTo(dealer, address)
  assert.deepEqual(await take(dealer), [""])
  await dealer.send("echo")
  assert.deepEqual(await take(dealer), ["echo"])
})
