// Any number of operations may be pending; they are served in the order in which they were called.
import assert from "node:assert/strict"
import { describe } from "node:test"
import type { Dealer } from "puremq"
import { within } from "../suites/deadline.js"
import { puremq } from "../suites/library.js"
import { type Stage, scenario, type TransportName } from "../suites/stage.js"
import { numbers, take, takeMany } from "../suites/talk.js"

function openPush(stage: Stage, sendHighWaterMark = 1000) {
  return stage.open("Push", { sendHighWaterMark })
}

/** What a promise has become, said at once. */
function watch(promise: Promise<unknown>): { state: "pending" | "fulfilled" | string } {
  const watched = { state: "pending" }
  promise.then(
    () => (watched.state = "fulfilled"),
    (error: { code?: string }) => (watched.state = error.code ?? String(error)),
  )
  return watched
}

async function settled(promises: readonly Promise<unknown>[], what: string): Promise<string[]> {
  const results = await within(Promise.allSettled(promises), what)
  return results.map((result) =>
    result.status === "fulfilled" ? "fulfilled" : (result.reason as { code: string }).code,
  )
}

for (const transport of ["inproc", "tcp"] satisfies TransportName[]) {
  const setting = { library: puremq, transport }
  describe(`pending operations over ${transport}`, () => {
    scenario(setting, "ten receives before ten messages get them in order", async (stage) => {
      const pull = stage.open("Pull")
      const push = openPush(stage)
      const receives = Array.from({ length: 10 }, () => pull.receive())
      push.connect(await stage.bind(pull))
      for (const number of numbers(10)) await push.send(number)
      const received = await within(Promise.all(receives), "ten messages")
      assert.deepEqual(received.map(String), numbers(10))
    })

    scenario(setting, "receives, loops and texts share one order", async (stage) => {
      const pull = stage.open("Pull")
      const push = openPush(stage)
      const loop = pull[Symbol.asyncIterator]()
      const results = [
        pull.receive().then(([frame]) => `receive ${frame}`),
        loop.next().then(({ value }) => `loop ${value?.[0]}`),
        pull.receiveString().then((text) => `text ${text}`),
        pull.receiveJson<number>().then((value) => `json ${value}`),
        loop.next().then(({ value }) => `loop ${value?.[0]}`),
      ]
      push.connect(await stage.bind(pull))
      for (const number of numbers(5)) await push.send(number)
      const order = await within(Promise.all(results), "five messages")
      assert.deepEqual(order, ["receive 0", "loop 1", "text 2", "json 3", "loop 4"])
    })

    scenario(setting, "tryReceive takes nothing while receives are pending", async (stage) => {
      const reply = stage.open("Reply")
      const address = await stage.bind(reply)
      const [first, second] = [stage.open("Request"), stage.open("Request")]
      const receives = [reply.receiveString(), reply.receiveString()]
      first.connect(address)
      second.connect(address)
      await first.send("first")
      assert.equal(await within(receives[0] as Promise<string>, "the first request"), "first")
      await second.send("second")
      // Out of turn: the second receive waits for the reply, and tryReceive would throw but for that one's claim.
      assert.equal(reply.tryReceive(), undefined)
      await reply.send("answer")
      assert.equal(await within(receives[1] as Promise<string>, "the second request"), "second")
      assert.throws(() => reply.tryReceive(), { code: "EFSM" })
    })

    scenario(
      setting,
      "sends beyond the mark are served in order, and trySend does not overtake",
      async (stage) => {
        const push = openPush(stage, 2)
        const address = await stage.vacant()
        push.connect(address)
        assert.equal(push.trySend("0"), true)
        assert.equal(push.trySend("1"), true)
        assert.equal(push.trySend("refused"), false)
        const sends = ["2", "3", "4"].map((number) => push.send(number))
        const states = sends.map(watch)
        assert.equal(push.trySend("refused"), false)
        const pull = stage.open("Pull")
        await stage.bindTo(pull, address)
        assert.deepEqual(await takeMany(pull, 5), numbers(5))
        await within(Promise.all(sends), "the pending sends")
        assert.deepEqual(
          states.map(({ state }) => state),
          ["fulfilled", "fulfilled", "fulfilled"],
        )
        assert.equal(push.trySend("5"), true)
        assert.deepEqual(await take(pull), ["5"])
      },
    )

    scenario(setting, "a send that times out leaves the others in order", async (stage) => {
      const push = openPush(stage, 1)
      const address = await stage.vacant()
      push.connect(address)
      await push.send("0")
      const kept = push.send("1")
      push.sendTimeout = 20
      const lost = push.send("lost")
      push.sendTimeout = -1
      const last = push.send("2")
      assert.deepEqual(await settled([lost], "the timeout"), ["EAGAIN"])
      const pull = stage.open("Pull")
      await stage.bindTo(pull, address)
      assert.deepEqual(await takeMany(pull, 3), numbers(3))
      assert.deepEqual(await settled([kept, last], "the other sends"), ["fulfilled", "fulfilled"])
    })

    scenario(setting, "a receive that times out leaves the others in order", async (stage) => {
      const pull = stage.open("Pull")
      const first = pull.receiveString()
      pull.receiveTimeout = 20
      const lost = pull.receiveString()
      pull.receiveTimeout = -1
      const second = pull.receiveString()
      assert.deepEqual(await settled([lost], "the timeout"), ["EAGAIN"])
      const push = openPush(stage)
      push.connect(await stage.bind(pull))
      for (const number of numbers(2)) await push.send(number)
      assert.deepEqual(await within(Promise.all([first, second]), "two messages"), numbers(2))
    })

    scenario(setting, "close() fails all that is pending and ends loops", async (stage) => {
      const dealer = stage.open("Dealer")
      const receives = Array.from({ length: 3 }, () => dealer.receive())
      const sends = Array.from({ length: 3 }, () => dealer.send("x"))
      const loop = dealer[Symbol.asyncIterator]().next()
      dealer.close()
      assert.deepEqual(
        await settled([...receives, ...sends], "the end of all operations"),
        Array.from({ length: 6 }, () => "EAGAIN"),
      )
      assert.deepEqual(await within(loop, "the loop's end"), { value: undefined, done: true })
    })

    scenario(
      setting,
      "leaving a loop leaves the socket open and the next message for others",
      async (stage) => {
        const pull = stage.open("Pull")
        const push = openPush(stage)
        push.connect(await stage.bind(pull))
        for (const number of numbers(3)) await push.send(number)
        for await (const [frame] of pull) {
          assert.equal(String(frame), "0")
          break
        }
        assert.equal(pull.closed, false)
        assert.deepEqual(await takeMany(pull, 2), ["1", "2"])
      },
    )
  })
}

const inproc = { library: puremq, transport: "inproc" } as const

/** A ROUTER that has filled one of its two peers. */
async function openRouter(stage: Stage) {
  const router = stage.open("Router", { mandatory: true, sendHighWaterMark: 1 })
  const address = await stage.bind(router)
  const [slow, quick] = ["slow", "quick"].map((routingId) => {
    const dealer = stage.open("Dealer", { routingId, receiveHighWaterMark: 1 })
    dealer.connect(address)
    return dealer
  }) as [Dealer, Dealer]
  let accepted = 0
  while (router.trySend(["slow", String(accepted)])) accepted += 1
  assert.ok(accepted < 10)
  return { router, slow, quick, accepted }
}

scenario(inproc, "a send to a peer with room waits behind one to a peer without", async (stage) => {
  const { router, slow, quick, accepted } = await openRouter(stage)
  const toSlow = router.send(["slow", "last"])
  assert.equal(router.trySend(["quick", "overtaking"]), false)
  const toQuick = router.send(["quick", "in order"])
  assert.equal(quick.tryReceive(), undefined)
  assert.deepEqual(await takeMany(slow, accepted), numbers(accepted))
  assert.deepEqual(await take(slow), ["last"])
  assert.deepEqual(await take(quick), ["in order"])
  await within(Promise.all([toSlow, toQuick]), "both sends")
})

scenario(inproc, "a send to a peer with room goes on when the one before it times out", async (stage) => {
  const { router, quick } = await openRouter(stage)
  router.sendTimeout = 20
  const toSlow = router.send(["slow", "late"])
  router.sendTimeout = -1
  const toQuick = router.send(["quick", "patient"])
  assert.deepEqual(await settled([toSlow, toQuick], "both sends"), ["EAGAIN", "fulfilled"])
  assert.deepEqual(await take(quick), ["patient"])
})

scenario(
  inproc,
  "a send goes on when the one before it is aborted, but for its own signal",
  async (stage) => {
    const { router, quick } = await openRouter(stage)
    const controller = new AbortController()
    const { signal } = controller
    const sends = [
      router.send(["slow", "aborted"], { signal }),
      router.send(["quick", "aborted too"], { signal }),
      router.send(["quick", "kept"]),
    ]
    controller.abort({ code: "aborted" })
    assert.deepEqual(await settled(sends, "all sends"), ["aborted", "aborted", "fulfilled"])
    assert.deepEqual(await take(quick), ["kept"])
  },
)

scenario(inproc, "a request that waits is sent when a pending receive has got the reply", async (stage) => {
  const request = stage.open("Request")
  const requests = ["0", "1"].map((number) => request.send(number))
  const reply = stage.open("Reply")
  request.connect(await stage.bind(reply))
  await requests[0]
  const replies = [request.receiveString(), request.receiveString()]
  for (const number of numbers(2)) {
    assert.deepEqual(await take(reply), [number])
    await reply.send(`to ${number}`)
  }
  assert.deepEqual(await within(Promise.all(replies), "both replies"), ["to 0", "to 1"])
})
