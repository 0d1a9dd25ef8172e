// Whole sequences of events, from the first to the last, for each way that a connection can go: the same with both
// libraries.
import assert from "node:assert/strict"
import { MockServer } from "../wire/mock-peer.js"
import { EventLog, far, meet, onBoth } from "../wire/wire-stage.js"
import { greeting } from "../wire/zmtp-bytes.js"
import { approach, attempt, loss, success, told, twoAttempts } from "./event-stage.js"

onBoth((scenario) => {
  scenario("bind and unbind", async (stage) => {
    const pull = stage.open("Pull")
    const events = new EventLog(pull)
    const own = await stage.bind(pull)
    await pull.unbind(own)
    pull.close()
    assert.deepEqual(await told(events), [
      { type: "bind", address: own },
      { type: "close", address: own },
      { type: "end" },
    ])
  })

  scenario("connect", async (stage) => {
    const [publisher, subscriber] = [stage.open("Publisher"), stage.open("Subscriber")]
    const [bound, connected] = [new EventLog(publisher), new EventLog(subscriber)]
    const address = await stage.bind(publisher)
    subscriber.connect(address)
    await bound.next("handshake")
    await connected.next("handshake")
    subscriber.close()
    await bound.next("disconnect")
    publisher.close()
    assert.deepEqual(await told(connected), [...attempt(address), ...success(address), { type: "end" }])
    assert.deepEqual(await told(bound), [
      { type: "bind", address },
      { type: "accept", address },
      { type: "handshake", address },
      { type: "disconnect", address },
      { type: "close", address },
      { type: "end" },
    ])
  })

  scenario("a connection that is refused", async (stage) => {
    const push = stage.open("Push", { reconnectInterval: 20, reconnectMaxInterval: 40 })
    const events = new EventLog(push)
    const address = await stage.vacant()
    push.connect(address)
    for (let count = 0; count < 3; count++) await events.next("connect:retry")
    push.close()
    const refused = [20, 40, 40].flatMap((interval) => [
      ...attempt(address),
      { type: "close", address },
      { type: "connect:retry", address, interval },
    ])
    assert.deepEqual((await told(events)).slice(0, refused.length), refused)
  })

  scenario("a peer that goes and does not come back before the next attempt", async (stage) => {
    const [publisher, subscriber] = [stage.open("Publisher"), stage.open("Subscriber", far)]
    const events = new EventLog(subscriber)
    const address = await stage.bind(publisher)
    subscriber.connect(address)
    await events.next("handshake")
    publisher.close()
    await events.next("connect:retry")
    subscriber.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      ...success(address),
      ...loss(address, 10_000),
      { type: "end" },
    ])
  })

  scenario("a peer that goes and comes back", async (stage) => {
    // Time enough for a successor to be there before the next attempt, which would be refused.
    const options = { reconnectInterval: 1000, reconnectMaxInterval: 1000 }
    const [publisher, subscriber] = [stage.open("Publisher"), stage.open("Subscriber", options)]
    const events = new EventLog(subscriber)
    const address = await stage.bind(publisher)
    subscriber.connect(address)
    await events.next("handshake")
    publisher.close()
    await events.next("connect:retry")
    await stage.bindTo(stage.open("Publisher"), address)
    await events.next("handshake")
    subscriber.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      ...success(address),
      ...loss(address, 1000),
      ...attempt(address),
      ...success(address),
      { type: "end" },
    ])
  })

  scenario("an address that never gets back a peer, with a reconnectInterval of -1", async (stage) => {
    const [publisher, subscriber] = [
      stage.open("Publisher"),
      stage.open("Subscriber", { reconnectInterval: -1 }),
    ]
    const events = new EventLog(subscriber)
    const address = await stage.bind(publisher)
    subscriber.connect(address)
    await events.next("handshake")
    publisher.close()
    await events.next("disconnect")
    await stage.bindTo(stage.open("Publisher"), address)
    await twoAttempts(stage)
    subscriber.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      ...success(address),
      { type: "disconnect", address },
      { type: "end" },
    ])
  })

  scenario("a peer of another mechanism is not tried again", async (stage) => {
    const pull = stage.open("Pull", { reconnectInterval: 1 })
    const { events, mock, address } = await approach(stage, pull)
    await mock.send(greeting({ mechanism: "PLAIN" }))
    await events.next("disconnect")
    await twoAttempts(stage)
    pull.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      { type: "connect", address },
      { type: "handshake:error:protocol", address, error: "ERR_ZMTP_MECHANISM_MISMATCH" },
      { type: "disconnect", address },
      { type: "end" },
    ])
  })

  scenario("a peer of another mechanism at a bound socket", async (stage) => {
    const { socket, mock, events } = await meet(stage, "binds", "Pull")
    const address = socket.lastEndpoint as string
    await mock.send(greeting({ mechanism: "PLAIN" }))
    await events.next("disconnect")
    socket.close()
    assert.deepEqual(await told(events), [
      { type: "bind", address },
      { type: "accept", address },
      { type: "handshake:error:protocol", address, error: "ERR_ZMTP_MECHANISM_MISMATCH" },
      { type: "disconnect", address },
      { type: "close", address },
      { type: "end" },
    ])
  })

  scenario("a peer that gives no sign of life to a socket that connected", async (stage) => {
    const pull = stage.open("Pull", { ...far, heartbeatInterval: 30 })
    const { events, mock, address } = await approach(stage, pull)
    await mock.shakeHands("PUSH")
    await events.next("connect:retry")
    pull.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      ...success(address),
      ...loss(address, 10_000),
      { type: "end" },
    ])
  })

  scenario("a peer that gives no sign of life to a socket that is bound", async (stage) => {
    const { socket, mock, events } = await meet(stage, "binds", "Pull", { heartbeatInterval: 30 })
    const address = socket.lastEndpoint as string
    await mock.shakeHands("PUSH")
    await events.next("disconnect")
    socket.close()
    assert.deepEqual(await told(events), [
      { type: "bind", address },
      { type: "accept", address },
      { type: "handshake", address },
      { type: "disconnect", address },
      { type: "close", address },
      { type: "end" },
    ])
  })

  scenario(
    "pauses grow with each refusal, and begin anew with a connection that failed later",
    async (stage) => {
      const pull = stage.open("Pull", { reconnectInterval: 1, reconnectMaxInterval: 1000 })
      const events = new EventLog(pull)
      const address = await stage.vacant()
      pull.connect(address)
      const pauses: number[] = []
      while (pauses.length < 4) pauses.push((await events.next("connect:retry")).interval)
      assert.deepEqual(pauses, [1, 2, 4, 8])
      const server = stage.keep(await MockServer.listen(address))
      // Its handshake fails, but the address was right.
      ;(await server.accept()).finish()
      await events.next("connect")
      assert.equal((await events.next("connect:retry")).interval, 1)
    },
  )
})
