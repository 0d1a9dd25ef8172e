// Peers that come late, go and come back: what was queued for them arrives, in order and once.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { numbers, offer, take, takeMany, takeNow, takesNothing } from "./talk.js"

const oneWay = [
  ["Push", "Pull"],
  ["Dealer", "Dealer"],
  ["Pair", "Pair"],
] as const

const quick = { reconnectInterval: 10 }

export function reconnectScenarios(setting: Setting): void {
  for (const [from, to] of oneWay) {
    scenario(setting, `${from} may connect before its peer binds`, async (stage) => {
      const sender = stage.open(from, quick)
      const address = await stage.vacant()
      sender.connect(address)
      for (const number of numbers(10)) await sender.send(number)
      const receiver = stage.open(to)
      await stage.bindTo(receiver, address)
      assert.deepEqual(await takeMany(receiver, 10), numbers(10))
      await takesNothing(receiver, `a ${to} that had its ten messages`)
    })
  }

  scenario(setting, "PULL may connect before its peer binds", async (stage) => {
    const pull = stage.open("Pull", quick)
    const address = await stage.vacant()
    pull.connect(address)
    const push = stage.open("Push")
    await stage.bindTo(push, address)
    await within(push.send("early"), "the PULL that was there first")
    assert.deepEqual(await take(pull), ["early"])
  })

  scenario(setting, "REQ may connect and ask before its peer binds", async (stage) => {
    const request = stage.open("Request", quick)
    const address = await stage.vacant()
    request.connect(address)
    await request.send("question")
    const reply = stage.open("Reply")
    await stage.bindTo(reply, address)
    assert.deepEqual(await take(reply), ["question"])
    await reply.send("answer")
    assert.deepEqual(await take(request), ["answer"])
  })

  scenario(setting, "SUB may connect and subscribe before its peer binds", async (stage) => {
    const subscriber = stage.open("Subscriber", quick)
    const address = await stage.vacant()
    subscriber.connect(address)
    subscriber.subscribe("topic")
    const publisher = stage.open("XPublisher")
    await stage.bindTo(publisher, address)
    assert.deepEqual(await take(publisher), ["\x01topic"])
    await publisher.send("topic 1")
    assert.deepEqual(await take(subscriber), ["topic 1"])
  })

  // Within a process a connection that has ended is not made again.
  if (setting.transport === "inproc") return

  for (const [from, to] of oneWay) {
    scenario(setting, `what ${from} queued while its peer was away arrives once`, async (stage) => {
      const [sender, receiver] = [stage.open(from, quick), stage.open(to)]
      const address = await stage.bind(receiver)
      sender.connect(address)
      for (let life = 0; life < 3; life += 1) {
        const now = life === 0 ? receiver : stage.open(to)
        if (life > 0) await stage.bindTo(now, address)
        if (life > 0) assert.deepEqual(await takeMany(now, 20), numbers(20, life * 20))
        await sender.send("live")
        assert.deepEqual(await take(now), ["live"])
        await takesNothing(now, `a ${to} that had all messages`)
        await leave(stage, sender, now)
        for (const number of numbers(20, (life + 1) * 20)) await sender.send(number)
      }
    })
  }

  scenario(setting, "what REQ asked while its peer was away is answered by the next one", async (stage) => {
    const [request, mortal] = [stage.open("Request", quick), stage.open("Reply")]
    const address = await stage.bind(mortal)
    request.connect(address)
    await request.send("first")
    assert.deepEqual(await take(mortal), ["first"])
    await mortal.send("one")
    assert.deepEqual(await take(request), ["one"])
    await leave(stage, request, mortal)
    await request.send("second")
    const heir = stage.open("Reply")
    await stage.bindTo(heir, address)
    assert.deepEqual(await take(heir), ["second"])
    await heir.send("two")
    assert.deepEqual(await take(request), ["two"])
  })

  scenario(
    setting,
    "what is set after connect does not change the connection when it is made again",
    async (stage) => {
      const [dealer, mortal] = [stage.open("Dealer", { ...quick, routingId: "early" }), stage.open("Router")]
      const address = await stage.bind(mortal)
      dealer.connect(address)
      await dealer.send("first")
      assert.deepEqual(await take(mortal), ["early", "first"])
      dealer.routingId = "late"
      dealer.reconnectInterval = -1
      await leave(stage, dealer, mortal)
      const heir = stage.open("Router")
      await stage.bindTo(heir, address)
      await dealer.send("second")
      assert.deepEqual(await take(heir), ["early", "second"])
    },
  )

  scenario(setting, "SUB subscribes again with a peer that came back", async (stage) => {
    const [subscriber, mortal] = [stage.open("Subscriber", quick), stage.open("XPublisher")]
    const address = await stage.bind(mortal)
    subscriber.connect(address)
    subscriber.subscribe("a", "b")
    assert.deepEqual((await takeMany(mortal, 2)).sort(), ["\x01a", "\x01b"])
    await leave(stage, subscriber, mortal)
    subscriber.unsubscribe("a")
    subscriber.subscribe("c")
    const received = takeMany(subscriber, 2)
    const heir = stage.open("XPublisher")
    await stage.bindTo(heir, address)
    assert.deepEqual((await takeMany(heir, 2)).sort(), ["\x01b", "\x01c"])
    for (const topic of ["a", "b", "c"]) await heir.send(topic)
    assert.deepEqual(await received, ["b", "c"])
  })

  scenario(setting, "a peer is found again with pauses that grow to a maximum", async (stage) => {
    const push = stage.open("Push", { reconnectInterval: 1, reconnectMaxInterval: 8 })
    const address = await stage.vacant()
    const pauses: number[] = []
    // One listener for all: who listens anew for each may miss some between.
    push.events.on("connect:retry", ({ interval }) => pauses.push(interval))
    push.connect(address)
    await eventually(async () => pauses.length >= 6, "six attempts")
    assert.deepEqual(pauses.slice(0, 6), [1, 2, 4, 8, 8, 8])
    for (let life = 0; life < 3; life += 1) {
      const pull = stage.open("Pull")
      await push.send(`life ${life}`)
      await stage.bindTo(pull, address)
      assert.deepEqual(await take(pull), [`life ${life}`])
      await leave(stage, push, pull)
    }
  })

  for (const reconnectInterval of [-1, 0]) {
    scenario(setting, `with an interval of ${reconnectInterval} a lost peer is forgotten`, async (stage) => {
      const [once, again] = [stage.open("Push", { reconnectInterval }), stage.open("Push", quick)]
      const mortal = stage.open("Pull")
      const address = await stage.bind(mortal)
      once.connect(address)
      again.connect(address)
      await once.send("once")
      await again.send("again")
      assert.deepEqual((await takeMany(mortal, 2)).sort(), ["again", "once"])
      mortal.close()
      await eventually(async () => !(await offer(once, "lost")), "a PUSH without peers to refuse")
      const heir = stage.open("Pull")
      await stage.bindTo(heir, address)
      await eventually(async () => {
        await offer(again, "back")
        return takeNow(heir)
      }, "the other PUSH to come back")
      assert.equal(await offer(once, "lost"), false)
      once.connect(address)
      await once.send("connected anew")
      await eventually(
        async () => (await takeNow(heir))?.[0] === "connected anew",
        "a PUSH that was told to connect again",
      )
    })
  }

  scenario(setting, "a binder forgets a peer that went, with what it had queued for it", async (stage) => {
    const push = stage.open("Push", { sendHighWaterMark: 5 })
    const address = await stage.bind(push)
    const mortal = stage.open("Pull", { receiveHighWaterMark: 5 })
    mortal.connect(address)
    const mebibyte = Buffer.alloc(2 ** 20)
    let taken = 0
    await within(push.send(["0", mebibyte]), "the first peer")
    while (await offer(push, [String(taken + 1), mebibyte], 20)) taken += 1
    await leave(stage, push, mortal)
    await eventually(async () => !(await offer(push, "lost")), "a PUSH without peers to refuse")
    const heir = stage.open("Pull")
    heir.connect(address)
    await within(push.send("new"), "the next peer")
    assert.deepEqual(await take(heir), ["new"])
  })

  scenario(setting, "every address is connected again by itself", async (stage) => {
    const push = stage.open("Push", quick)
    const [mortal, survivor] = [stage.open("Pull"), stage.open("Pull")]
    const address = await stage.bind(mortal)
    push.connect(address)
    await push.send("mortal")
    assert.deepEqual(await take(mortal), ["mortal"])
    push.connect(await stage.bind(survivor))
    await leave(stage, push, mortal)
    const sent = numbers(6)
    for (const number of sent) await push.send(number)
    const heir = stage.open("Pull")
    const kept = await takeMany(survivor, 3)
    await stage.bindTo(heir, address)
    const queued = await takeMany(heir, 3)
    assert.deepEqual([...kept, ...queued].sort(), sent)
    assert.deepEqual([kept, queued], [[...kept].sort(), [...queued].sort()])
  })
}

/** Closes `mortal`, and waits until its peer has noticed. */
async function leave(
  stage: Stage,
  peer: Parameters<Stage["event"]>[0],
  mortal: { close(): void },
): Promise<void> {
  const gone = stage.event(peer, "disconnect")
  mortal.close()
  await gone
}
