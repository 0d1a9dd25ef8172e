// tcpAcceptFilter: who may come in over TCP (libzmq's test_tcp_accept_filter).
import assert from "node:assert/strict"
import { take } from "../suites/talk.js"
import { dial, EventLog, here, onBoth } from "./wire-stage.js"
import { message } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const [filters, admitted] of [
    [["127.0.0.1"], true],
    [["127.0.0.0/8"], true],
    [["10.0.0.0/8", "127.0.0.1/32"], true],
    [["0.0.0.0/0"], true],
    [["10.0.0.0/8"], false],
    [["127.0.0.2", "126.0.0.0/8"], false],
  ] as const) {
    scenario(
      `${filters.join(" and ")} ${admitted ? "lets" : "keeps"} a peer of this machine`,
      async (stage) => {
        const pull = stage.open("Pull")
        for (const filter of filters) pull.tcpAcceptFilter = filter
        const events = new EventLog(pull)
        const mock = await dial(stage, await stage.bind(pull))
        if (admitted) {
          await mock.shakeHands("PUSH")
          await mock.send(message("hello"))
          assert.deepEqual(await take(pull), ["hello"])
          return
        }
        await mock.ended()
        assert.equal((await events.next("accept:error")).address, pull.lastEndpoint)
        assert.equal(mock.received.length, 0)
        pull.close()
        assert.deepEqual(await events.whole(), ["bind", "accept:error", "close", "end"])
      },
    )
  }

  scenario("null takes all filters away", async (stage) => {
    const pull = stage.open("Pull", { tcpAcceptFilter: "10.0.0.0/8" })
    pull.tcpAcceptFilter = null
    const mock = await dial(stage, await stage.bind(pull))
    await mock.shakeHands("PUSH")
  })

  scenario("a filter counts for the next bind", async (stage) => {
    const pull = stage.open("Pull", { tcpAcceptFilter: "10.0.0.0/8" })
    const events = new EventLog(pull)
    const closed = await stage.bind(pull)
    pull.tcpAcceptFilter = "127.0.0.0/8"
    const open = await stage.bind(pull)
    await (await dial(stage, closed)).ended()
    await events.next("accept:error")
    await (await dial(stage, open)).shakeHands("PUSH")
  })

  scenario("who is turned away tries again", async (stage) => {
    const pull = stage.open("Pull", { tcpAcceptFilter: "10.0.0.0/8" })
    const push = stage.open("Push", { reconnectInterval: 1 })
    const events = new EventLog(push)
    push.connect(await stage.bind(pull))
    await events.next("connect:retry")
    await events.next("connect:retry")
  })

  scenario("what is no address with a mask is refused", async (stage) => {
    const pull = stage.open("Pull")
    for (const wrong of ["", "nowhere", "127.0.0.1/33", "127.0.0.1/", "127.0.0.1/-1", "127.0.0.1:80"]) {
      assert.throws(() => (pull.tcpAcceptFilter = wrong), { code: "EINVAL" }, wrong)
    }
  })
})

here("a filter reads as all that was set, and tells whom it turned away", async (stage) => {
  const pull = stage.open("Pull", { tcpAcceptFilter: "10.0.0.0/8" })
  pull.tcpAcceptFilter = "::1"
  assert.equal(pull.tcpAcceptFilter, "10.0.0.0/8,::1")
  const events = new EventLog(pull)
  const mock = await dial(stage, await stage.bind(pull))
  const { localAddress } = mock
  const { error } = await events.next("accept:error")
  assert.equal("code" in error && error.code, "EACCES")
  assert.ok(error.message.includes(localAddress.slice("tcp://".length)), error.message)
  pull.tcpAcceptFilter = null
  assert.equal(pull.tcpAcceptFilter, null)
})

here("with ipv6 the peers of IPv4 are still known by their addresses", async (stage) => {
  const pull = stage.open("Pull", { ipv6: true, tcpAcceptFilter: "127.0.0.0/8" })
  pull.tcpAcceptFilter = "fe80::/10"
  await pull.bind("tcp://*:*")
  const port = new URL(pull.lastEndpoint as string).port
  await (await dial(stage, `tcp://127.0.0.1:${port}`)).shakeHands("PUSH")
})
