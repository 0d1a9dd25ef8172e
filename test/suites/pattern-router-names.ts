// ROUTER's peers by names that connect() gives them, and its probes.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, reaches, take, takeNow, takesNothing } from "./talk.js"

const unreachable = { code: "EHOSTUNREACH" }

export function routerNameScenarios(setting: Setting): void {
  scenario(setting, "connect_rid: ROUTERs talk by the names that connect() gives", async (stage) => {
    const bound = stage.open("Router", { routingId: "own name" })
    const router = stage.open("Router", { routingId: "asker", mandatory: true })
    router.connect(await stage.bind(bound), { routingId: "given name" })
    await within(router.send(["given name", "", "hello"]), "a peer that can be named at once")
    assert.deepEqual(await take(bound), ["asker", "", "hello"])
    await bound.send(["asker", "welcome"])
    assert.deepEqual(await take(router), ["given name", "welcome"])
    await assert.rejects(router.send(["own name", "x"]), unreachable)
  })

  scenario(
    setting,
    "connect_rid: each connection has a name of its own, and the next has none",
    async (stage) => {
      const router = stage.open("Router", { mandatory: true })
      const dealers = stage.three("Dealer")
      const [one, two, three] = [
        await stage.bind(dealers[0]),
        await stage.bind(dealers[1]),
        await stage.bind(dealers[2]),
      ]
      router.connect(one, { routingId: "one" })
      router.connect(two, { routingId: "two" })
      router.connect(three)
      await router.send(["two", "to two"])
      await router.send(["one", "to one"])
      assert.deepEqual(await take(dealers[0]), ["to one"])
      assert.deepEqual(await take(dealers[1]), ["to two"])
      for (const [index, name] of ["one", "two"].entries()) {
        await dealers[index]?.send("I am")
        assert.deepEqual(await take(router), [name, "I am"])
      }
      await dealers[2].send("I am")
      const [id, word] = await take(router)
      assert.equal(word, "I am")
      assert.equal(id?.length, 5)
      assert.equal(id?.[0], "\0")
    },
  )

  scenario(
    setting,
    "issue_566: a DEALER can be reached by its name as soon as it is there",
    async (stage) => {
      const router = stage.open("Router", { mandatory: true })
      const address = await stage.bind(router)
      for (const name of numbers(30, 100)) {
        const dealer = stage.open("Dealer", { routingId: name })
        dealer.connect(address)
        await eventually(() => reaches(router, [name, "hello"]), `${name} to be known`)
        assert.deepEqual(await take(dealer), ["hello"])
        dealer.close()
      }
    },
  )

  for (const name of ["Dealer", "Request", "Router"] as const) {
    scenario(setting, `probe_router: a ${name} that connects makes itself known`, async (stage) => {
      const router = stage.open("Router", { mandatory: true })
      const prober = stage.open(name, { routingId: "prober", probeRouter: true })
      prober.connect(await stage.bind(router))
      assert.deepEqual(await take(router), ["prober", ""])
      await router.send(["prober", "", "welcome"])
      if (name === "Dealer") assert.deepEqual(await take(prober), ["", "welcome"])
      if (name === "Router") assert.deepEqual((await take(prober)).slice(1), ["", "welcome"])
      await takesNothing(router, "a ROUTER that was probed once")
    })
  }

  for (const name of ["Dealer", "Router"] as const) {
    scenario(
      setting,
      `probe_router: a ${name} that binds makes itself known to each who comes`,
      async (stage) => {
        const prober = stage.open(name, { routingId: "prober", probeRouter: true })
        const address = await stage.bind(prober)
        for (const router of stage.three("Router")) {
          router.connect(address)
          const probe = await eventually(async () => {
            // libzmq notices who came when the socket is used.
            assert.equal(prober.readable, false)
            return takeNow(router)
          }, "the probe")
          assert.deepEqual(probe, ["prober", ""])
        }
      },
    )
  }

  scenario(setting, "probe_router: REP passes over a probe", async (stage) => {
    const reply = stage.open("Reply")
    const request = stage.open("Request", { probeRouter: true })
    request.connect(await stage.bind(reply))
    await request.send("question")
    // Asked again and again: zeromq.js fails a receive() that waits when the probe wakes it.
    assert.deepEqual(await eventually(() => takeNow(reply), "the question"), ["question"])
    await reply.send("answer")
    assert.deepEqual(await take(request), ["answer"])
  })
}
