// What a socket's options keep of, or away from, its connections: sizes, conflation, and that values are kept.
import assert from "node:assert/strict"
import type { Socket } from "puremq"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { numbers, offer, overtakes, take, takeMany, takesNothing } from "./talk.js"

const quick = { reconnectInterval: 10 }

export function limitScenarios(setting: Setting): void {
  optionScenarios(setting)
  // Within a process libzmq's conflate depends on who connects, and loses what was sent before the other bound.
  if (setting.transport !== "inproc" || setting.library.name === "puremq") conflateScenarios(setting)
  // Within a process nothing is parsed, so nothing is measured.
  if (setting.transport !== "inproc") sizeScenarios(setting)
}

// ---- maxMessageSize

function sizeScenarios(setting: Setting): void {
  scenario(
    setting,
    "a peer that sends too large a frame is disconnected, and others are not",
    async (stage) => {
      const pull = stage.open("Pull", { maxMessageSize: 1000 })
      const address = await stage.bind(pull)
      const [good, bad] = [stage.open("Push", quick), stage.open("Push", quick)]
      for (const push of [good, bad]) {
        push.connect(address)
        await push.send("hello")
        assert.deepEqual(await take(pull), ["hello"])
      }
      for (const tooLarge of [Buffer.alloc(1001), Buffer.alloc(100_000), ["small", Buffer.alloc(1001)]]) {
        const gone = stage.event(bad, "disconnect")
        await bad.send(tooLarge)
        await gone
        await good.send([Buffer.alloc(1000, "a"), Buffer.alloc(1000, "b")])
        assert.deepEqual(await take(pull), ["a".repeat(1000), "b".repeat(1000)])
      }
      await bad.send("better")
      assert.deepEqual(await take(pull), ["better"])
      await takesNothing(pull, "a PULL that had all small messages")
    },
  )

  scenario(setting, "a connecter gives a peer up that sends too large a frame", async (stage) => {
    const pull = stage.open("Pull", { ...quick, maxMessageSize: 1000 })
    const push = stage.open("Push")
    const address = await stage.bind(push)
    pull.connect(address)
    await within(push.send("hello"), "the connection")
    assert.deepEqual(await take(pull), ["hello"])
    const gone = stage.event(pull, "disconnect")
    let retried = false
    pull.events.on("connect:retry", () => {
      retried = true
    })
    await push.send(Buffer.alloc(1001))
    await gone
    await eventually(async () => {
      await takesNothing(pull, "a PULL that gave its only peer up")
      return !(await offer(push, "lost"))
    }, "a PUSH without peers to refuse")
    const other = stage.open("Pull")
    other.connect(address)
    await within(push.send("other"), "another peer")
    assert.deepEqual(await take(other), ["other"])
    assert.equal(retried, false)
  })

  scenario(setting, "without a limit a large message arrives", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    assert.equal(pull.maxMessageSize, -1)
    push.connect(await stage.bind(pull))
    await push.send(Buffer.alloc(3_000_000, "x"))
    assert.equal((await take(pull))[0]?.length, 3_000_000)
  })
}

// ---- conflate

function conflateScenarios(setting: Setting): void {
  for (const [from, to] of [
    ["Push", "Pull"],
    ["Dealer", "Dealer"],
  ] as const) {
    scenario(setting, `${from} with conflate keeps the newest message for a peer to come`, async (stage) => {
      const sender = stage.open(from, { ...quick, conflate: true })
      const address = await stage.vacant()
      sender.connect(address)
      for (const number of numbers(1999)) await sender.send(number)
      await rests(stage, sender)
      await sender.send("1999")
      const receiver = stage.open(to, { conflate: true })
      await stage.bindTo(receiver, address)
      assert.deepEqual(await take(receiver), ["1999"])
      await takesNothing(receiver, `a ${to} that had the newest message`)
      await sender.send("after")
      assert.deepEqual(await take(receiver), ["after"])
    })

    scenario(setting, `${to} with conflate keeps the newest message that came`, async (stage) => {
      const sender = stage.open(from)
      const receiver = stage.open(to, { conflate: true })
      sender.connect(await stage.bind(receiver))
      for (let round = 0; round < 3; round += 1) {
        await overtakes(sender, receiver, to, stage.library)
      }
    })
  }

  scenario(setting, "PUSH with conflate keeps the newest message for each peer", async (stage) => {
    const push = stage.open("Push", { ...quick, conflate: true })
    const addresses = [await stage.vacant(), await stage.vacant()]
    for (const address of addresses) push.connect(address)
    for (const number of numbers(8)) await push.send(number)
    await rests(stage, push)
    for (const number of ["8", "9"]) await push.send(number)
    for (const [index, address] of addresses.entries()) {
      const pull = stage.open("Pull", { conflate: true })
      await stage.bindTo(pull, address)
      assert.deepEqual(await take(pull), [String(8 + index)])
    }
  })

  // libzmq's subscriber conflates its subscriptions too, and asks for the last topic alone.
  if (setting.library.name === "zeromq") return

  scenario(setting, "SUB with conflate asks for all its topics", async (stage) => {
    const subscriber = stage.open("Subscriber", { conflate: true })
    const publisher = stage.open("XPublisher")
    subscriber.subscribe("a", "b")
    subscriber.connect(await stage.bind(publisher))
    assert.deepEqual((await takeMany(publisher, 2)).sort(), ["\x01a", "\x01b"])
    subscriber.subscribe("c", "d")
    assert.deepEqual(await takeMany(publisher, 2), ["\x01c", "\x01d"])
    for (const topic of ["a", "d"]) {
      await publisher.send(topic)
      assert.deepEqual(await take(subscriber), [topic])
    }
  })
}

/**
 * libzmq looks for what to send after each message, also where there is no connection yet, and keeps for itself what is
 * written while it looks: it has looked when it has tried to connect once more.
 */
async function rests(stage: Stage, sender: Socket): Promise<void> {
  if (stage.library === "zeromq") await stage.event(sender, "connect:retry")
}

// ---- Values

interface Range {
  readonly name:
    | "backlog"
    | "connectTimeout"
    | "handshakeInterval"
    | "linger"
    | "maxMessageSize"
    | "receiveHighWaterMark"
    | "receiveTimeout"
    | "reconnectInterval"
    | "reconnectMaxInterval"
    | "sendHighWaterMark"
    | "sendTimeout"
    | "tcpKeepalive"
    | "tcpKeepaliveCount"
    | "tcpKeepaliveIdle"
    | "tcpKeepaliveInterval"
  readonly start: number
  readonly good: readonly number[]
  readonly bad: readonly number[]
}

const many = 2 ** 31 - 1
const ranges: readonly Range[] = [
  { name: "backlog", start: 100, good: [0, 1, 512], bad: [-1] },
  { name: "connectTimeout", start: 0, good: [0, 1000], bad: [-1] },
  { name: "handshakeInterval", start: 30_000, good: [0, 1000], bad: [-1] },
  { name: "linger", start: -1, good: [-1, 0, many], bad: [-2, many + 1] },
  { name: "maxMessageSize", start: -1, good: [-1, 0, 2 ** 40], bad: [] },
  { name: "receiveHighWaterMark", start: 1000, good: [0, 1, many], bad: [-1] },
  { name: "receiveTimeout", start: -1, good: [-1, 0, many], bad: [-2] },
  { name: "reconnectInterval", start: 100, good: [-1, 0, 1, many], bad: [-2] },
  { name: "reconnectMaxInterval", start: 0, good: [0, 1, many], bad: [-1] },
  { name: "sendHighWaterMark", start: 1000, good: [0, 1, many], bad: [-1] },
  { name: "sendTimeout", start: -1, good: [-1, 0, many], bad: [-2] },
  { name: "tcpKeepalive", start: -1, good: [0, 1, -1], bad: [-2, 2] },
  { name: "tcpKeepaliveCount", start: -1, good: [1, 9, -1], bad: [-2] },
  { name: "tcpKeepaliveIdle", start: -1, good: [1, 60, -1], bad: [-2] },
  { name: "tcpKeepaliveInterval", start: -1, good: [1, 10, -1], bad: [-2] },
]

function optionScenarios(setting: Setting): void {
  scenario(setting, "a connection works with every value that an option may have", async (stage) => {
    for (const options of [
      { tcpKeepalive: 1, tcpKeepaliveIdle: 10, tcpKeepaliveCount: 3, tcpKeepaliveInterval: 5 },
      { tcpKeepalive: 0 },
      { backlog: 1 },
      { connectTimeout: 5000 },
      { handshakeInterval: 0 },
      { maxMessageSize: 2 ** 40 },
    ]) {
      const [push, pull] = [stage.open("Push", options), stage.open("Pull", options)]
      push.connect(await stage.bind(pull))
      await push.send("through")
      assert.deepEqual(await takeMany(pull, 1, `a message with ${JSON.stringify(options)}`), ["through"])
      for (const [name, value] of Object.entries(options)) {
        assert.equal(push[name as "backlog"], value)
        assert.equal(pull[name as "backlog"], value)
      }
    }
  })

  // Values know nothing of transports.
  if (setting.transport !== "inproc") return

  scenario(setting, "options keep what they are set to, and refuse what makes no sense", async (stage) => {
    for (const { name, start, good, bad } of ranges) {
      const pair = stage.open("Pair", name === "linger" ? { linger: -1 } : {})
      assert.equal(pair[name], start, `the default of ${name}`)
      for (const value of good) {
        pair[name] = value
        assert.equal(pair[name], value, name)
        const born = stage.open("Pair", { [name]: value })
        assert.equal(born[name], value, name)
      }
      const kept = pair[name]
      for (const value of bad) {
        const refused = { code: "EINVAL", errno: 22 }
        assert.throws(() => (pair[name] = value), refused, `${name} took ${value}`)
        // A constructor of zeromq.js that throws leaves a socket open, for which the process waits at its end.
        if (setting.library.name === "zeromq") continue
        assert.throws(() => stage.open("Pair", { [name]: value }), refused, `${name} took ${value}`)
      }
      for (const value of ["1", null, true]) {
        const options = pair as unknown as Record<string, unknown>
        assert.throws(() => (options[name] = value), {
          name: "TypeError",
          message: "Option value must be a number",
        })
      }
      assert.equal(pair[name], kept, name)
      pair.linger = 0
    }
  })

  scenario(setting, "switches are on or off", async (stage) => {
    const pair = stage.open("Pair")
    for (const name of ["immediate", "ipv6"] as const) {
      assert.equal(pair[name], false)
      pair[name] = true
      assert.equal(pair[name], true)
      const options = pair as unknown as Record<string, unknown>
      for (const value of [1, "true", null])
        assert.throws(() => (options[name] = value), {
          name: "TypeError",
          message: "Option value must be a boolean",
        })
      assert.equal(pair[name], true)
    }
  })
}
