// What sockets say and hear when connections come and go: notifications of ROUTER, and messages that are set for it.
import assert from "node:assert/strict"
import { adjust } from "./by-number.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, take, takeFrames, takesNothing } from "./talk.js"

const quick = { reconnectInterval: 1, linger: 0 }

export function noticeScenarios(setting: Setting): void {
  const within = setting.transport === "inproc"

  for (const [mode, comes, goes] of [
    [0, false, false],
    [1, true, false],
    [2, false, true],
    [3, true, true],
  ] as const) {
    scenario(
      setting,
      `router_notify ${mode}: a ROUTER that binds is told of who comes and goes`,
      async (stage) => {
        const router = adjust(stage, stage.open("Router"), { routerNotify: mode })
        const address = await stage.bind(router)
        for (const name of ["one", "two"]) {
          const dealer = stage.open("Dealer", { routingId: name, linger: -1 })
          dealer.connect(address)
          // Connections of one process are not told of, as with libzmq.
          if (comes && !within) assert.deepEqual(await take(router), [name, ""])
          await dealer.send(["a", "b"])
          assert.deepEqual(await take(router), [name, "a", "b"])
          dealer.close()
          if (goes && !within) assert.deepEqual(await take(router), [name, ""])
        }
        await takesNothing(router, "a ROUTER")
      },
    )
  }

  scenario(setting, "router_notify: a ROUTER that connects is told of each connection", async (stage) => {
    if (within) return
    const router = adjust(stage, stage.open("Router", quick), { routerNotify: 3 })
    const dealer = stage.open("Dealer", { routingId: "dealer" })
    const address = await stage.bind(dealer)
    router.connect(address)
    assert.deepEqual(await take(router), ["dealer", ""])
    dealer.close()
    assert.deepEqual(await take(router), ["dealer", ""])
    const next = stage.open("Dealer", { routingId: "dealer" })
    await stage.bindTo(next, address)
    assert.deepEqual(await take(router), ["dealer", ""])
    await next.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
  })

  scenario(setting, "hello_msg: each side hears it before all other messages", async (stage) => {
    const router = adjust(stage, stage.open("Router"), { helloMessage: "router's hello" })
    const address = await stage.bind(router)
    for (const name of ["one", "two"]) {
      const dealer = adjust(stage, stage.open("Dealer", { routingId: name }), {
        helloMessage: "dealer's hello",
      })
      dealer.connect(address)
      await dealer.send("first")
      assert.deepEqual(await take(router), [name, "dealer's hello"])
      assert.deepEqual(await take(router), [name, "first"])
      await router.send([name, "second"])
      assert.deepEqual(await take(dealer), ["router's hello"])
      assert.deepEqual(await take(dealer), ["second"])
    }
  })

  scenario(
    setting,
    "hello_msg: a connection that is made again begins with it, before what waited",
    async (stage) => {
      if (within) return
      const dealer = adjust(stage, stage.open("Dealer", quick), { helloMessage: "hello" })
      const address = await stage.vacant()
      dealer.connect(address)
      for (const number of numbers(2)) await dealer.send(number)
      const router = stage.open("Router")
      await stage.bindTo(router, address)
      for (const word of ["hello", "0", "1"]) assert.equal((await take(router))[1], word)
      const gone = stage.next(dealer, "disconnect")
      router.close()
      await gone
      await dealer.send("2")
      const next = stage.open("Router")
      await stage.bindTo(next, address)
      for (const word of ["hello", "2"]) assert.equal((await take(next))[1], word)
    },
  )

  scenario(
    setting,
    "disconnect_msg: is heard when a peer that came has gone, behind all it said",
    async (stage) => {
      const router = adjust(stage, stage.open("Router"), { disconnectMessage: "gone" })
      const address = await stage.bind(router)
      for (const name of ["one", "two"]) {
        const dealer = stage.open("Dealer", { routingId: name, linger: -1 })
        dealer.connect(address)
        for (const number of numbers(3)) await dealer.send(number)
        dealer.close()
        for (const word of [...numbers(3), "gone"]) assert.deepEqual(await take(router), [name, word])
      }
      await takesNothing(router, "a ROUTER whose peers have gone")
    },
  )

  scenario(setting, "hello_msg, disconnect_msg: whoever gets one may write into it", async (stage) => {
    const router = adjust(stage, stage.open("Router"), { helloMessage: "hello", disconnectMessage: "gone" })
    const address = await stage.bind(router)
    for (const name of ["one", "two"]) {
      const dealer = stage.open("Dealer", { routingId: name })
      dealer.connect(address)
      const hello = await takeFrames(dealer)
      assert.deepEqual(hello.map(String), ["hello"])
      hello[0]?.fill(0)
      dealer.close()
      const gone = await takeFrames(router)
      assert.deepEqual(gone.map(String), [name, "gone"])
      gone[1]?.fill(0)
    }
  })

  scenario(setting, "disconnect_msg: follows the notification", async (stage) => {
    const router = adjust(stage, stage.open("Router"), { disconnectMessage: "gone", routerNotify: 2 })
    const dealer = stage.open("Dealer", { routingId: "dealer", linger: -1 })
    dealer.connect(await stage.bind(router))
    await dealer.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
    dealer.close()
    if (!within) assert.deepEqual(await take(router), ["dealer", ""])
    assert.deepEqual(await take(router), ["dealer", "gone"])
  })

  scenario(setting, "disconnect_msg: a ROUTER that connects does not hear it", async (stage) => {
    const router = adjust(stage, stage.open("Router", quick), { disconnectMessage: "gone" })
    const dealer = stage.open("Dealer", { routingId: "dealer", linger: -1 })
    const address = await stage.bind(dealer)
    router.connect(address)
    await dealer.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
    const gone = stage.next(router, "disconnect")
    dealer.close()
    await gone
    if (within) return
    const next = stage.open("Dealer", { routingId: "dealer" })
    await stage.bindTo(next, address)
    await next.send("again")
    assert.deepEqual(await take(router), ["dealer", "again"])
  })

  scenario(setting, "hiccup_msg: is heard when a connection that was made is lost", async (stage) => {
    if (within) return
    const dealer = adjust(stage, stage.open("Dealer", quick), { hiccupMessage: "hiccup" })
    const address = await stage.vacant()
    dealer.connect(address)
    for (let round = 0; round < 2; round += 1) {
      const router = stage.open("Router", { linger: -1 })
      await stage.bindTo(router, address)
      await dealer.send("hello")
      const [id = "", word] = await take(router)
      assert.equal(word, "hello")
      await router.send([Buffer.from(id, "latin1"), "welcome"])
      assert.deepEqual(await take(dealer), ["welcome"])
      router.close()
      assert.deepEqual(await take(dealer), ["hiccup"])
    }
  })

  scenario(setting, "hiccup_msg: a DEALER that binds does not hear it", async (stage) => {
    const dealer = adjust(stage, stage.open("Dealer"), { hiccupMessage: "hiccup" })
    const address = await stage.bind(dealer)
    for (const word of ["one", "two"]) {
      const peer = stage.open("Dealer", { linger: -1 })
      peer.connect(address)
      const gone = stage.next(dealer, "disconnect")
      await peer.send(word)
      peer.close()
      assert.deepEqual(await take(dealer), [word])
      await gone
    }
    await takesNothing(dealer, "a DEALER that binds")
  })
}
