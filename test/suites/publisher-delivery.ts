// Whom a publisher's messages reach: with noDrop, with a welcome, with matching turned round.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { countsTopics, turn } from "./publisher-dialect.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { numbers, offer, type Receiver, take, takeMany, takeNow, takesNothing } from "./talk.js"

const kinds = ["Publisher", "XPublisher"] as const
type Kind = (typeof kinds)[number]

const load = Buffer.alloc(200_000)

export function publisherDeliveryScenarios(setting: Setting): void {
  for (const kind of kinds) {
    noDropScenarios(setting, kind)
    welcomeScenarios(setting, kind)
    invertedScenarios(setting, kind)
  }
}

/** A publisher and its subscribers, each to a topic of its own and to `all`; they are subscribed already. */
async function met(stage: Stage, kind: Kind, topics: readonly string[]) {
  const publisher = stage.open(kind, { sendHighWaterMark: 2 })
  publisher.noDrop = true
  const address = await stage.bind(publisher)
  const subscribers = topics.map((topic) => {
    const subscriber = stage.open("Subscriber", { receiveHighWaterMark: 2 })
    subscriber.connect(address)
    subscriber.subscribe(topic, "all")
    return subscriber
  })
  await countsTopics(publisher, topics.length + 1)
  // The topic that they share is counted with the first of them: each is there when he has heard something of it.
  for (const subscriber of subscribers) {
    await eventually(async () => {
      await offer(publisher, "all")
      return (await takeNow(subscriber)) !== undefined
    }, "the subscriber to hear")
  }
  for (const [index, subscriber] of subscribers.entries()) {
    const end = topics[index] as string
    await goes(publisher, end)
    while ((await take(subscriber))[0] !== end);
  }
  return { publisher, subscribers }
}

type Sending = Parameters<typeof offer>[0]

/** Sends as soon as all have room; libzmq hears of that a little later than they read. */
async function goes(publisher: Sending, message: string | string[]): Promise<void> {
  await eventually(() => offer(publisher, message), "room for a message")
}

/** Sends numbered messages until one is refused; how many were not. */
async function fill(publisher: Sending, topic: string): Promise<number> {
  for (let count = 0; count < 500; count++) {
    if (!(await offer(publisher, [topic, String(count), load], 200))) return count
  }
  return assert.fail("nothing was refused although nobody received")
}

/** The numbers of messages to a topic, which have come or will. */
async function takeNumbers(subscriber: Receiver, count: number): Promise<string[]> {
  const seen: string[] = []
  while (seen.length < count) seen.push((await take(subscriber))[1] as string)
  return seen
}

function noDropScenarios(setting: Setting, kind: Kind): void {
  scenario(setting, `${kind} with noDrop refuses what one has no room for, to everybody`, async (stage) => {
    const { publisher, subscribers } = await met(stage, kind, ["slow", "quick"])
    const [slow, quick] = subscribers as unknown as [Receiver, Receiver]
    const taken = await fill(publisher, "slow")
    assert.equal(await offer(publisher, ["all", "refused"]), false)
    await goes(publisher, ["quick", "1"])
    assert.deepEqual(await take(quick), ["quick", "1"])
    assert.ok(await offer(publisher, ["nobody", "1"]))
    assert.deepEqual(await takeNumbers(slow, taken), numbers(taken))
    await goes(publisher, ["all", "after"])
    for (const subscriber of [slow, quick]) assert.deepEqual(await take(subscriber), ["all", "after"])
  })

  // zeromq.js takes libzmq's word that a publisher can always send, and fails at once when it cannot.
  if (setting.library.name === "zeromq") return

  scenario(setting, `${kind} with noDrop waits, and goes on when there is room`, async (stage) => {
    const { publisher, subscribers } = await met(stage, kind, ["slow"])
    const [slow] = subscribers as unknown as [Receiver]
    const taken = await fill(publisher, "slow")
    const waiter = publisher.send(["slow", String(taken)])
    assert.deepEqual(await takeNumbers(slow, taken + 1), numbers(taken + 1))
    await within(waiter, "the send() that waited to resolve")
  })

  for (const [what, leave] of [
    ["left", (subscriber: { close(): void }) => subscriber.close()],
    [
      "no longer wants it",
      (subscriber: { unsubscribe(topic: string): void }) => subscriber.unsubscribe("slow"),
    ],
  ] as const) {
    scenario(setting, `${kind} with noDrop goes on when who had no room ${what}`, async (stage) => {
      const { publisher, subscribers } = await met(stage, kind, ["slow"])
      await fill(publisher, "slow")
      const waiter = publisher.send(["slow", "waits"])
      leave(subscribers[0] as never)
      await within(waiter, "the send() that waited to resolve")
    })
  }
}

/** The first message to a subscriber, which comes by itself; a libzmq publisher has to be woken for it. */
function greeting(publisher: { readonly readable: boolean }, subscriber: Receiver): Promise<string[]> {
  return eventually(async () => {
    void publisher.readable
    return await takeNow(subscriber)
  }, "a welcome")
}

function welcomeScenarios(setting: Setting, kind: Kind): void {
  scenario(setting, `${kind} with a welcomeMessage greets each subscriber that wants it`, async (stage) => {
    const publisher = stage.open(kind)
    turn(publisher, "welcomeMessage", "Welcome")
    const address = await stage.bind(publisher)
    for (let count = 0; count < 2; count++) {
      const subscriber = stage.open("Subscriber")
      subscriber.subscribe("W", "other")
      subscriber.connect(address)
      assert.deepEqual(await greeting(publisher, subscriber), ["Welcome"])
      await takesNothing(subscriber, "who had been greeted")
    }
    const stranger = stage.open("Subscriber")
    stranger.subscribe("stranger")
    stranger.connect(address)
    await countsTopics(publisher, 3)
    await publisher.send("stranger")
    assert.deepEqual(await take(stranger), ["stranger"])
    turn(publisher, "welcomeMessage", "Hello")
    const curious = stage.open("Subscriber")
    curious.subscribe("")
    curious.connect(address)
    assert.deepEqual(await greeting(publisher, curious), ["Hello"])
  })

  scenario(setting, `${kind} with a welcomeMessage greets whom it connected to`, async (stage) => {
    const subscriber = stage.open("Subscriber")
    subscriber.subscribe("W")
    const publisher = stage.open(kind)
    turn(publisher, "welcomeMessage", "Welcome")
    publisher.connect(await stage.bind(subscriber))
    assert.deepEqual(await greeting(publisher, subscriber), ["Welcome"])
  })
}

function invertedScenarios(setting: Setting, kind: Kind): void {
  scenario(setting, `${kind} with invertMatching sends to those whose topics do not match`, async (stage) => {
    const publisher = stage.open(kind)
    const address = await stage.bind(publisher)
    const [one, two] = [stage.open("Subscriber"), stage.open("Subscriber")]
    for (const [index, subscriber] of [one, two].entries()) {
      subscriber.connect(address)
      subscriber.subscribe(["prefix1", "p2"][index] as string)
    }
    await countsTopics(publisher, 2)
    for (const topic of ["prefix1", "p2", "else"]) await publisher.send(topic)
    assert.deepEqual(await take(one), ["prefix1"])
    assert.deepEqual(await take(two), ["p2"])
    for (const socket of [publisher, one, two]) socket.invertMatching = true
    for (const topic of ["prefix1", "p2 and more", "else"]) await publisher.send(topic)
    assert.deepEqual(await takeMany(one, 2), ["p2 and more", "else"])
    assert.deepEqual(await takeMany(two, 2), ["prefix1", "else"])
    for (const socket of [publisher, one, two]) socket.invertMatching = false
    for (const topic of ["else", "prefix1", "p2"]) await publisher.send(topic)
    assert.deepEqual(await take(one), ["prefix1"])
    assert.deepEqual(await take(two), ["p2"])
    for (const subscriber of [one, two]) await takesNothing(subscriber, "a SUB")
  })

  scenario(setting, `${kind} with invertMatching sends all to who asked for nothing`, async (stage) => {
    const publisher = stage.open(kind, { invertMatching: true })
    const subscriber = stage.open("Subscriber", { invertMatching: true })
    subscriber.connect(await stage.bind(publisher))
    await eventually(async () => {
      await publisher.send(["any", "thing"])
      return (await takeNow(subscriber)) !== undefined
    }, "the subscriber to hear")
  })

  scenario(setting, `SUB with invertMatching drops what matches, by itself too (${kind})`, async (stage) => {
    const publisher = stage.open(kind)
    const subscriber = stage.open("Subscriber", { invertMatching: true })
    subscriber.connect(await stage.bind(publisher))
    subscriber.subscribe("a", "b")
    await countsTopics(publisher, 2)
    await publisher.send("a")
    subscriber.unsubscribe("b")
    await publisher.send("b heard, if it was sent before the cancellation came")
    await countsTopics(publisher, 1)
    await publisher.send("a")
    for (let message = await takeNow(subscriber); message; message = await takeNow(subscriber)) {
      assert.match(String(message), /^b/)
    }
  })
}
