// When a connection is not made again (reconnectStop), by the events of it: the same with both libraries.
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { offer, take } from "../suites/talk.js"
import type { MockServer } from "../wire/mock-peer.js"
import { EventLog, far, here, onBoth } from "../wire/wire-stage.js"
import { greeting, message } from "../wire/zmtp-bytes.js"
import { approach, attempt, loss, success, told, twoAttempts } from "./event-stage.js"

/** ZMQ_RECONNECT_STOP and what it is a sum of. */
const RECONNECT_STOP = 109
const [REFUSED, HANDSHAKE_FAILED, AFTER_DISCONNECT] = [1, 2, 4]

onBoth((scenario) => {
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

  for (const [fault, error, break_] of [
    ["hangs up amid its handshake", "EPIPE", (mock: Mock) => mock.send(greeting()).then(() => mock.finish())],
    ["is not heard in time", "EAGAIN", () => {}],
  ] as const) {
    for (const stop of [0, HANDSHAKE_FAILED]) {
      scenario(`a peer that ${fault}, with a reconnectStop of ${stop}`, async (stage) => {
        const pull = stage.open("Pull", { ...far, handshakeInterval: error === "EAGAIN" ? 200 : 30_000 })
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

function stopReconnecting(stage: Stage, socket: { reconnectStop: number }, value: number): void {
  // zeromq.js has no property for it.
  const byNumber = socket as unknown as { setInt32Option(id: number, value: number): void }
  if (stage.library === "zeromq") byNumber.setInt32Option(RECONNECT_STOP, value)
  else socket.reconnectStop = value
}
