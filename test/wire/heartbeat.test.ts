// Heartbeats (RFC 37, section 3.4; zmq_setsockopt(3) on ZMQ_HEARTBEAT_*): PINGs, their times to live, and silence.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq } from "../suites/library.js"
import { numbers, take, takeMany } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { EventLog, far, here, meet, onBoth, roles } from "./wire-stage.js"
import { command, frame, MORE, message, ping } from "./zmtp-bytes.js"

const quick = { heartbeatInterval: 30 }

/** Milliseconds of silence that end nothing on a machine that stalls; what waits for them waits beside others. */
const LIMIT = 1000
const beside = { concurrency: 30 }

const signs: [what: string, sign: Buffer][] = [
  ["a PONG", command("PONG")],
  ["a message", message("alive")],
  ["a PING", ping(0)],
  ["a command of the future", command("FUTURE")],
  ["a part of a message", frame(MORE, "begun")],
]
const silentPing = ["PING", "\0\0"]

const pairs = [
  ["Dealer", "Router"],
  ["Request", "Reply"],
  ["Pull", "Push"],
  ["Subscriber", "Publisher"],
  ["Pair", "Pair"],
] as const

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a ROUTER that ${role} gives up a peer that answers no PING`, async (stage) => {
      const { mock, events, again } = await meet(stage, role, "Router", quick)
      await mock.shakeHands("DEALER")
      assert.deepEqual(await mock.takeCommand(), silentPing)
      await events.next("disconnect")
      await mock.ended()
      // Who connects tries again.
      await (await again()).shakeHands("DEALER")
      await events.next("handshake")
    })

    scenario(`the limit of a silence is heartbeatTimeout on a PULL that ${role}`, async (stage) => {
      const options = { heartbeatInterval: 20, heartbeatTimeout: 150 }
      const { mock, events } = await meet(stage, role, "Pull", options)
      await mock.shakeHands("PUSH")
      let pings = 0
      while (mock.isOpen) {
        const next = mock.takeCommand().catch(() => undefined)
        if ((await next) !== undefined) pings++
      }
      assert.ok(pings >= 2 && pings <= 40, `${pings} PINGs before the end`)
      await events.next("disconnect")
    })

    scenario(`with a heartbeatTimeout of 0 a PULL that ${role} waits for any time`, async (stage) => {
      const options = { heartbeatInterval: 10, heartbeatTimeout: 0 }
      const { socket, mock, events } = await meet(stage, role, "Pull", options)
      await mock.shakeHands("PUSH")
      for (let count = 0; count < 10; count++) assert.deepEqual(await mock.takeCommand(), silentPing)
      await mock.send(message("still there"))
      assert.deepEqual(await take(socket), ["still there"])
      assert.equal(events.types.includes("disconnect"), false)
    })

    scenario(
      `a PING of a socket that ${role} tells heartbeatTimeToLive in tenths of a second`,
      async (stage) => {
        for (const [milliseconds, told] of [
          [99, "\0\0"],
          [100, "\0\x01"],
          [299, "\0\x02"],
          [6_553_599, "\xff\xff"],
        ] as const) {
          const options = { heartbeatInterval: 10, heartbeatTimeout: 0, heartbeatTimeToLive: milliseconds }
          const { socket, mock } = await meet(stage, role, "Pair", options)
          assert.equal(socket.heartbeatTimeToLive, milliseconds - (milliseconds % 100))
          await mock.shakeHands("PAIR")
          assert.deepEqual(await mock.takeCommand(), ["PING", told])
        }
      },
    )

    scenario(`a PULL that ${role} goes by the time to live of its peer's PING`, async (stage) => {
      const mortal = await meet(stage, role, "Pull", far)
      const immortal = await meet(stage, role, "Pull", far)
      for (const { mock } of [mortal, immortal]) await mock.shakeHands("PUSH")
      await immortal.mock.send(ping(0, "no limit"))
      await mortal.mock.send(ping(1, "a tenth"))
      assert.deepEqual(await mortal.mock.takeCommand(), ["PONG", "a tenth"])
      assert.deepEqual(await immortal.mock.takeCommand(), ["PONG", "no limit"])
      await mortal.events.next("disconnect")
      await mortal.mock.ended()
      await immortal.mock.send(message("alive"))
      assert.deepEqual(await take(immortal.socket), ["alive"])
      assert.equal(immortal.events.types.includes("disconnect"), false)
    })

    scenario(`no PING is sent amid the handshake of a PULL that ${role}`, async (stage) => {
      const options = { ...far, heartbeatInterval: 5, handshakeInterval: 100 }
      const { mock, events } = await meet(stage, role, "Pull", options)
      await events.next("handshake:error:other")
      await mock.ended()
      assert.equal(mock.received.includes("PING"), false)
    })
  }

  describe("signs of life", beside, () => {
    for (const role of roles) {
      for (const [what, sign] of signs) {
        scenario(`a DEALER that ${role} takes ${what} for one`, async (stage) => {
          const options = { heartbeatInterval: 100, heartbeatTimeout: LIMIT }
          const { socket, mock, events } = await meet(stage, role, "Dealer", options)
          await mock.shakeHands("DEALER")
          await takePing(mock)
          const first = performance.now()
          while (performance.now() - first < 1.5 * LIMIT) {
            await mock.send(sign)
            await takePing(mock)
          }
          if (what === "a message") assert.deepEqual(await take(socket), ["alive"])
          assert.equal(events.types.includes("disconnect"), false)
        })
      }

      scenario(`what follows a PING takes its time to live away on a PULL that ${role}`, async (stage) => {
        const lively = await meet(stage, role, "Pull", far)
        const mortal = await meet(stage, role, "Pull", far)
        for (const { mock } of [lively, mortal]) await mock.shakeHands("PUSH")
        await lively.mock.sendApart([ping(LIMIT / 100), message("behind it")])
        assert.deepEqual(await take(lively.socket), ["behind it"])
        await mortal.mock.send(ping((1.5 * LIMIT) / 100))
        await mortal.events.next("disconnect")
        await lively.mock.send(message("alive"))
        assert.deepEqual(await take(lively.socket), ["alive"])
        assert.equal(lively.events.types.includes("disconnect"), false)
      })
    }

    scenario("two that have nothing to say keep each other alive, of whatever types", async (stage) => {
      const logs: EventLog[] = []
      for (const [one, other] of pairs) {
        const server = stage.open(other, { heartbeatInterval: 50, heartbeatTimeout: LIMIT })
        const events = new EventLog(server)
        logs.push(events)
        const client = stage.open(one)
        client.connect(await stage.bind(server))
        await events.next("handshake")
      }
      // A silent peer beside them dies later than they would: so enough time has passed.
      const clock = await meet(stage, "binds", "Pull", {
        heartbeatInterval: 50,
        heartbeatTimeout: 1.5 * LIMIT,
      })
      await clock.mock.shakeHands("PUSH")
      await clock.events.next("disconnect")
      for (const events of logs) assert.equal(events.types.includes("disconnect"), false)
    })
  })

  scenario("a peer whose PINGs come later than its time to live is lost, of whatever type", async (stage) => {
    const logs: EventLog[] = []
    for (const [one, other] of pairs) {
      const server = stage.open(other)
      const events = new EventLog(server)
      logs.push(events)
      const client = stage.open(one, { ...far, heartbeatTimeToLive: 100, heartbeatInterval: 250 })
      client.connect(await stage.bind(server))
    }
    for (const events of logs) {
      await events.next("handshake")
      await events.next("disconnect")
    }
  })

  scenario("a peer of ZMTP 3.0 is sent PINGs too", async (stage) => {
    const { mock } = await meet(stage, "binds", "Pull", quick)
    await mock.shakeHands("PUSH", { minor: 0 })
    assert.deepEqual(await mock.takeCommand(), silentPing)
  })
})

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

describe("libzmq and puremq keep each other alive", { skip, ...beside }, () => {
  if (typeof zeromq === "string") return
  for (const [binder, connecter] of [
    [zeromq, puremq],
    [puremq, zeromq],
  ] as const) {
    test(`${connecter.name} connects to ${binder.name}`, async () => {
      const options = {
        linger: 0,
        heartbeatInterval: 30,
        heartbeatTimeout: LIMIT,
        heartbeatTimeToLive: LIMIT,
      }
      const [router, dealer] = [new binder.zmq.Router(options), new connecter.zmq.Dealer(options)]
      const events = [new EventLog(router), new EventLog(dealer)]
      try {
        await router.bind("tcp://127.0.0.1:*")
        dealer.connect(router.lastEndpoint as string)
        for (const log of events) await log.next("handshake")
        // Longer than silence may last.
        await delay(1.5 * LIMIT)
        for (const log of events) assert.equal(log.types.includes("disconnect"), false)
        await dealer.send("hello")
        assert.deepEqual((await take(router)).slice(1), ["hello"])
      } finally {
        router.close()
        dealer.close()
      }
    })
  }
})

async function takePing(mock: MockPeer): Promise<void> {
  for (;;) {
    const [name] = await mock.takeCommand()
    if (name === "PING") return
    assert.equal(name, "PONG")
  }
}

here("a reader that is behind gets all that came before a silence", async (stage) => {
  const options = { ...quick, receiveHighWaterMark: 3 }
  const { socket, mock, events } = await meet(stage, "binds", "Pull", options)
  await mock.shakeHands("PUSH")
  // Between commands messages come one by one, and the reader may be behind amid a segment.
  await mock.send(...numbers(100).flatMap((number) => [message(number), command("PONG")]))
  await events.next("disconnect")
  assert.deepEqual(await takeMany(socket, 100), numbers(100))
})

describe("a silence that is no end", beside, () => {
  here("a peer that waits for a slow reader does not count as silent", async (stage) => {
    const options = { heartbeatInterval: 30, heartbeatTimeout: LIMIT, receiveHighWaterMark: 2 }
    const { socket, mock, events } = await meet(stage, "binds", "Pull", options)
    await mock.shakeHands("PUSH")
    // What comes after the second segment is not read, PONGs neither.
    for (const number of numbers(40)) await mock.sendApart([message(number), ping(0)])
    const clock = await meet(stage, "binds", "Pull", { heartbeatInterval: 50, heartbeatTimeout: 1.5 * LIMIT })
    await clock.mock.shakeHands("PUSH")
    await clock.events.next("disconnect")
    assert.equal(events.types.includes("disconnect"), false)
    assert.deepEqual(await takeMany(socket, 40), numbers(40))
    // From then on it does.
    await events.next("disconnect")
  })

  here("one PING waits for a peer that does not read, and he is not given up", async (stage) => {
    const { socket, mock, events } = await meet(stage, "connects", "Push", {
      heartbeatInterval: 10,
      heartbeatTimeout: LIMIT,
    })
    await mock.shakeHands("PULL")
    await takePing(mock)
    mock.stopReading()
    for (let count = 0; count < 30; count++) await socket.send(Buffer.alloc(1_000_000))
    await mock.send(command("PONG"))
    // Longer than silence may last, and what it gets is one PING.
    const clock = await meet(stage, "binds", "Pull", { heartbeatInterval: 0.8 * LIMIT })
    await clock.mock.shakeHands("PUSH")
    await takePing(clock.mock)
    const { bytesOut } = socket.stats()
    await clock.events.next("disconnect")
    assert.equal(events.types.includes("disconnect"), false)
    // It waits already: no more are made.
    assert.equal(socket.stats().bytesOut, bytesOut)
    mock.reset()
    await events.next("disconnect")
  })
})
