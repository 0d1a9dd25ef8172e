// What a socket tells of its connections: the events, their fields and their order, beside zeromq.js.
import assert from "node:assert/strict"
import type { Event, EventOfType } from "puremq"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { offer, take, takeNow } from "../suites/talk.js"
import { EventLog, far, here, meet, onBoth, roles } from "../wire/wire-stage.js"

for (const transport of ["tcp", "ipc"] as const) {
  onBoth((scenario) => {
    scenario("a plain life whose connecter goes first", async (stage) => {
      const { pull, push, address } = await couple(stage)
      push.socket.close()
      await pull.events.next("disconnect")
      pull.socket.close()
      assert.deepEqual(await told(pull.events), [
        { type: "bind", address },
        { type: "accept", address },
        { type: "handshake", address },
        { type: "disconnect", address },
        { type: "close", address },
        { type: "end" },
      ])
      // Who hangs up himself is not told that he did.
      assert.deepEqual(await told(push.events), [
        ...delay(stage, address),
        { type: "connect", address },
        { type: "handshake", address },
        { type: "end" },
      ])
    })

    scenario("a plain life whose binder goes first: the connecter tries again", async (stage) => {
      const { pull, push, address } = await couple(stage)
      pull.socket.close()
      await push.events.next("connect:retry")
      push.socket.close()
      assert.deepEqual(await told(pull.events), [
        { type: "bind", address },
        { type: "accept", address },
        { type: "handshake", address },
        { type: "close", address },
        { type: "end" },
      ])
      assert.deepEqual(await told(push.events), [
        ...delay(stage, address),
        { type: "connect", address },
        { type: "handshake", address },
        { type: "disconnect", address },
        { type: "connect:retry", address, interval: 10_000 },
        { type: "end" },
      ])
    })

    scenario("disconnect() is told to the peer, and unbind() too", async (stage) => {
      const { pull, push, address } = await couple(stage)
      push.socket.disconnect(address)
      await eventually(async () => {
        // libzmq lets go only in a later call to the socket.
        await offer(push.socket, "nobody is there")
        return pull.events.types.includes("disconnect")
      }, "the peer to hear of the disconnection")
      push.socket.connect(address)
      await push.socket.send("again")
      assert.deepEqual(await take(pull.socket), ["again"])
      await pull.socket.unbind(address)
      await eventually(async () => {
        await takeNow(pull.socket)
        return push.events.types.includes("connect:retry")
      }, "the peer to hear that it has been let go")
      push.socket.close()
      pull.socket.close()
      const life = ["accept", "handshake"]
      assert.deepEqual(await typesOf(pull.events), ["bind", ...life, "disconnect", ...life, "close", "end"])
      const again = [...delay(stage, address).map(({ type }) => type), "connect", "handshake"]
      const found = await typesOf(push.events)
      assert.deepEqual(found, [...again, ...again, "disconnect", "connect:retry", "end"])
    })

    scenario("attempts at an address where nobody is, with pauses that grow", async (stage) => {
      const push = stage.open("Push", { reconnectInterval: 5, reconnectMaxInterval: 10 })
      const events = new EventLog(push)
      const address = await stage.vacant()
      push.connect(address)
      for (let attempt = 0; attempt < 3; attempt++) await events.next("connect:retry")
      const attempts = [5, 10, 10].flatMap((interval) => [
        ...delay(stage, address),
        { type: "close", address },
        { type: "connect:retry", address, interval },
      ])
      push.close()
      assert.deepEqual((await told(events)).slice(0, attempts.length), attempts)
    })

    scenario("an address where somebody turns up", async (stage) => {
      const push = stage.open("Push", { reconnectInterval: 5 })
      const events = new EventLog(push)
      const address = await stage.vacant()
      push.connect(address)
      const { interval } = await events.next("connect:retry")
      assert.ok(interval >= 5 && interval < 10, `a pause of ${interval}`)
      await stage.bindTo(stage.open("Pull"), address)
      assert.deepEqual({ ...(await events.next("connect")) }, { type: "connect", address })
      assert.deepEqual({ ...(await events.next("handshake")) }, { type: "handshake", address })
    })

    for (const reconnectInterval of [-1, 0]) {
      scenario(`the one attempt with a reconnectInterval of ${reconnectInterval}`, async (stage) => {
        const push = stage.open("Push", { reconnectInterval })
        const events = new EventLog(push)
        const address = await stage.vacant()
        push.connect(address)
        await events.next("close")
        push.close()
        assert.deepEqual(await told(events), [
          ...delay(stage, address),
          { type: "close", address },
          { type: "end" },
        ])
      })
    }
  }, transport)
}

onBoth((scenario) => {
  scenario("nothing is told over inproc but the end", async (stage) => {
    const [pull, push] = [stage.open("Pull"), stage.open("Push")]
    const logs = [new EventLog(pull), new EventLog(push)]
    const address = await stage.bind(pull)
    push.connect(address)
    await push.send("hello")
    assert.deepEqual(await take(pull), ["hello"])
    await assert.rejects(stage.open("Pull").bind(address), { code: "EADDRINUSE", errno: 98, address })
    push.close()
    pull.close()
    for (const log of logs) assert.deepEqual(await told(log), [{ type: "end" }])
  })
}, "inproc")

here("an event knows its peer's address, and does not show it", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "Pull")
  const { localAddress } = mock
  await mock.shakeHands("PUSH")
  mock.finish()
  await events.next("disconnect")
  const about = events.seen.filter((event) => "peerAddress" in event)
  assert.deepEqual(about, [
    { type: "accept", address: socket.lastEndpoint },
    { type: "handshake", address: socket.lastEndpoint },
    { type: "disconnect", address: socket.lastEndpoint },
  ])
  for (const event of about) {
    assert.equal("peerAddress" in event && event.peerAddress, localAddress)
    assert.deepEqual(Object.keys(event), ["type", "address"])
  }
})

for (const role of roles) {
  here(`events tell who the peer of a ROUTER is that ${role}, and do not show it`, async (stage) => {
    const { socket, mock, events, again } = await meet(stage, role, "Router")
    const address = socket.lastEndpoint as string
    await mock.shakeHands("DEALER", { identity: "named" })
    mock.finish()
    await events.next("disconnect")
    const nameless = await again()
    await nameless.shakeHands("REQ")
    const { peerRoutingId: given } = await events.next("handshake")
    nameless.finish()
    await events.next("disconnect")
    assert.equal(given?.length, 5)
    const known = events.seen.filter((event) => "peerSocketType" in event) as EventOfType<"handshake">[]
    const who = known.map(({ type, peerSocketType, peerRoutingId }) => [type, peerSocketType, peerRoutingId])
    assert.deepEqual(who, [
      ["handshake", "DEALER", Buffer.from("named")],
      ["disconnect", "DEALER", Buffer.from("named")],
      ["handshake", "REQ", given],
      ["disconnect", "REQ", given],
    ])
    for (const event of known) assert.deepEqual(Object.entries(event).slice(1), [["address", address]])
    const first = events.seen.find(({ type }) => type === (role === "binds" ? "accept" : "connect"))
    assert.ok(
      first !== undefined && "peerAddress" in first && first.peerAddress?.startsWith("tcp://127.0.0.1:"),
    )
    assert.ok(!("peerRoutingId" in first))
  })
}

here("a PULL is told the routing id that its peer announced", async (stage) => {
  const { mock, events } = await meet(stage, "binds", "Pull")
  await mock.shakeHands("PUSH", { identity: "announced" })
  const { peerRoutingId, peerSocketType } = await events.next("handshake")
  assert.deepEqual([peerRoutingId, peerSocketType], [Buffer.from("announced"), "PUSH"])
})

here("an attempt that failed tells why, and does not show it", async (stage) => {
  const push = stage.open("Push", { reconnectInterval: -1 })
  const events = new EventLog(push)
  const address = await stage.vacant()
  push.connect(address)
  const event = await events.next("close")
  assert.deepEqual(event, { type: "close", address })
  assert.deepEqual([event.reason?.code, event.reason?.address], ["ECONNREFUSED", address])
})

here("the connection of a socket that lingers is told of until it is over", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "Push", { linger: -1 })
  await mock.shakeHands("PULL")
  mock.stopReading()
  for (let count = 0; count < 30; count++) await socket.send(Buffer.alloc(1_000_000))
  socket.close()
  await events.next("close")
  mock.reset()
  assert.deepEqual(await events.whole(), ["bind", "accept", "handshake", "close", "disconnect", "end"])
})

/** A PUSH connected to a PULL that got a message from it. */
async function couple(stage: Stage) {
  const pull = stage.open("Pull")
  const push = stage.open("Push", far)
  const logs = {
    pull: { socket: pull, events: new EventLog(pull) },
    push: { socket: push, events: new EventLog(push) },
  }
  const address = await stage.bind(pull)
  push.connect(address)
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
  return { ...logs, address }
}

/**
 * The event of a connection under way. Over ipc libzmq connects within the call, so that there is none; here it
 * takes until later there too.
 */
function delay({ transport, library }: Stage, address: string): { type: string; address: string }[] {
  return transport === "ipc" && library === "zeromq" ? [] : [{ type: "connect:delay", address }]
}

/** All that is ever told, once the socket is closed. */
async function told(events: EventLog): Promise<readonly Event[]> {
  await events.whole()
  return events.seen
}

async function typesOf(events: EventLog): Promise<string[]> {
  return (await told(events)).map(({ type }) => type)
}
