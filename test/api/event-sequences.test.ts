// Whole sequences of events, from the first to the last, for each way that a connection can go: the same with both
// libraries.
import assert from "node:assert/strict"
import type { Event } from "puremq"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { offer, take } from "../suites/talk.js"
import { MockServer } from "../wire/mock-peer.js"
import { EventLog, far, here, meet, onBoth } from "../wire/wire-stage.js"
import { greeting, message } from "../wire/zmtp-bytes.js"

/** ZMQ_RECONNECT_STOP and what it is a sum of. */
const RECONNECT_STOP = 109
const [REFUSED, HANDSHAKE_FAILED, AFTER_DISCONNECT] = [1, 2, 4]

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

  scenario("a connection that is refused, with a reconnectStop of 1", async (stage) => {
    const push = stage.open("Push", { reconnectInterval: 20 })
    stopReconnecting(stage, push, REFUSED)
    const events = new EventLog(push)
    const address = await stage.vacant()
    push.connect(address)
    await eventually(async () => !(await offer(push, "lost")), "the address to be forgotten")
    await assert.rejects(async () => push.disconnect(address), { code: "ENOENT" })
    await twoAttempts(stage)
    push.close()
    assert.deepEqual(await told(events), [...attempt(address), { type: "close", address }, { type: "end" }])
  })

  scenario("a peer that goes, with a reconnectStop of 1: one attempt more", async (stage) => {
    const [publisher, subscriber] = [
      stage.open("Publisher"),
      stage.open("Subscriber", { reconnectInterval: 20, reconnectMaxInterval: 20 }),
    ]
    stopReconnecting(stage, subscriber, REFUSED)
    const events = new EventLog(subscriber)
    const address = await stage.bind(publisher)
    subscriber.connect(address)
    await events.next("handshake")
    publisher.close()
    await events.next("close")
    await twoAttempts(stage)
    subscriber.close()
    assert.deepEqual(await told(events), [
      ...attempt(address),
      ...success(address),
      ...loss(address, 20),
      ...attempt(address),
      { type: "close", address },
      { type: "end" },
    ])
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
    const options = { reconnectInterval: 300, reconnectMaxInterval: 300 }
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
      ...loss(address, 300),
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

  for (const [fault, error, break_] of [
    ["hangs up amid its handshake", "EPIPE", (mock: Mock) => mock.send(greeting()).then(() => mock.finish())],
    ["is not heard in time", "EAGAIN", () => {}],
  ] as const) {
    for (const stop of [0, HANDSHAKE_FAILED]) {
      scenario(`a peer that ${fault}, with a reconnectStop of ${stop}`, async (stage) => {
        const pull = stage.open("Pull", { ...far, handshakeInterval: 200 })
        stopReconnecting(stage, pull, stop)
        const { events, mock, address } = await approach(stage, pull)
        await break_(mock)
        await events.next(stop === 0 ? "connect:retry" : "disconnect")
        await twoAttempts(stage)
        pull.close()
        assert.deepEqual(await told(events, error), [
          ...attempt(address),
          { type: "connect", address },
          { type: "handshake:error:other", address, error },
          { type: "disconnect", address },
          ...(stop === 0 ? [{ type: "connect:retry", address, interval: 10_000 }] : []),
          { type: "end" },
        ])
      })
    }
  }

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

// libzmq stops over ipc alone, and by a mark that it does not clear when a socket is made.
for (const queued of [true, false]) {
  here(
    `an address that is let go ${queued ? "with" : "without"} a message, with a reconnectStop of 4`,
    async (stage) => {
      const push = stage.open("Push", { reconnectInterval: 20, reconnectMaxInterval: 20, linger: -1 })
      stopReconnecting(stage, push, AFTER_DISCONNECT)
      const events = new EventLog(push)
      const address = await stage.vacant()
      push.connect(address)
      if (queued) await push.send("lingers")
      for (let count = 0; count < 2; count++) await events.next("connect:retry")
      push.disconnect(address)
      await twoAttempts(stage)
      push.close()
      const failure = [...attempt(address), { type: "close", address }]
      const retry = { type: "connect:retry", address, interval: 20 }
      const last = queued ? failure : []
      assert.deepEqual(await told(events), [...failure, retry, ...failure, retry, ...last, { type: "end" }])
    },
  )
}

here(
  "with a reconnectStop of 4 what lingers after disconnect() is sent while the peer is there",
  async (stage) => {
    const push = stage.open("Push", { ...far, reconnectStop: AFTER_DISCONNECT, linger: -1 })
    const { mock, address } = await approach(stage, push)
    await push.send("lingers")
    push.disconnect(address)
    await mock.shakeHands("PULL")
    assert.deepEqual(await mock.takeMessage(), ["lingers"])
    await mock.ended()
  },
)

here("a reconnectStop is a sum of 1, 2 and 4", async (stage) => {
  const pull = stage.open("Pull", { reconnectStop: REFUSED + HANDSHAKE_FAILED + AFTER_DISCONNECT })
  assert.equal(pull.reconnectStop, 7)
  for (const wrong of [-1, 8]) assert.throws(() => (pull.reconnectStop = wrong), { code: "EINVAL" })
  const { mock, events, address } = await approach(stage, pull)
  await mock.shakeHands("PUSH")
  await mock.send(message("fine"))
  assert.deepEqual(await take(pull), ["fine"])
  // It was neither refused nor did its handshake fail: it is tried again, and refused.
  mock.finish()
  await events.next("connect:retry")
  assert.ok(events.types.includes("handshake"), address)
})

type Mock = Awaited<ReturnType<MockServer["accept"]>>

/** Connects a socket to a mock peer. */
async function approach(stage: Stage, socket: ConstructorParameters<typeof EventLog>[0]) {
  const events = new EventLog(socket)
  const server = stage.keep(await MockServer.listen())
  socket.connect(server.address)
  return { events, address: server.address, mock: await server.accept() }
}

function stopReconnecting(stage: Stage, socket: { reconnectStop: number }, value: number): void {
  // zeromq.js has no property for it.
  const byNumber = socket as unknown as { setInt32Option(id: number, value: number): void }
  if (stage.library === "zeromq") byNumber.setInt32Option(RECONNECT_STOP, value)
  else socket.reconnectStop = value
}

/** Waits for as long as a connection would take that fails and is tried again. */
async function twoAttempts(stage: Stage): Promise<void> {
  const push = stage.open("Push", { reconnectInterval: 50 })
  const events = new EventLog(push)
  push.connect(await stage.vacant())
  for (let count = 0; count < 3; count++) await events.next("connect:retry")
  push.close()
}

function attempt(address: string): object[] {
  return [{ type: "connect:delay", address }]
}

function success(address: string): object[] {
  return [
    { type: "connect", address },
    { type: "handshake", address },
  ]
}

function loss(address: string, interval: number): object[] {
  return [
    { type: "disconnect", address },
    { type: "connect:retry", address, interval },
  ]
}

/** All that is ever told, once the socket is closed, with the codes of errors instead of them. */
async function told(events: EventLog, any?: string): Promise<object[]> {
  await events.whole()
  return events.seen.map((event: Event) =>
    "error" in event ? { ...event, error: any ?? (event.error as { code?: unknown }).code } : { ...event },
  )
}
