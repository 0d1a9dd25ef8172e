// PUB, SUB, XPUB and XSUB: who hears what, and what a publisher learns of its subscribers.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import {
  numbers,
  type Receiver,
  type Sender,
  take,
  takeFrames,
  takeMany,
  takeNow,
  takesNothing,
} from "./talk.js"

type Subscribing = Receiver & { subscribe(...topics: (string | Buffer)[]): void }

/** Publishes until the subscriber hears, on a topic of its own; afterwards no word of it is under way. */
async function heard(publisher: Sender, subscriber: Subscribing, topic: string): Promise<void> {
  let sent = 0
  let received = 0
  await eventually(async () => {
    if (received === 0) {
      await publisher.send([topic, String(sent)])
      sent += 1
    }
    for (let message = await takeNow(subscriber); message; message = await takeNow(subscriber)) {
      received = Number(message[1]) + 1
    }
    return received > 0 && received === sent
  }, `the subscriber to hear ${topic}`)
}

async function met(stage: Stage, topics: readonly string[], options: { sendHighWaterMark?: number } = {}) {
  const publisher = stage.open("XPublisher", options)
  const address = await stage.bind(publisher)
  const subscriber = stage.open("Subscriber")
  subscriber.subscribe(...topics.map((topic) => Buffer.from(topic, "latin1")))
  subscriber.connect(address)
  assert.deepEqual(
    (await takeMany(publisher, topics.length)).sort(),
    topics.map((topic) => `\x01${topic}`).sort(),
  )
  return { publisher, subscriber, address }
}

export function publishSubscribeScenarios(setting: Setting): void {
  scenario(setting, "SUB hears what begins with its topics, once, and nothing else", async (stage) => {
    const { publisher, subscriber } = await met(stage, ["a", "ab", "\xff\x00"])
    for (const topic of ["b", "a", "", "ab", "abc", "ba", "\xff", "A", "\xff\x00\x01"]) {
      await publisher.send([Buffer.from(topic, "latin1"), "a"])
    }
    for (const topic of ["a", "ab", "abc", "\xff\x00\x01"])
      assert.deepEqual(await take(subscriber), [topic, "a"])
    await takesNothing(subscriber, "a SUB to text")
  })

  scenario(setting, "SUB to nothing in particular hears everything, empty messages too", async (stage) => {
    const { publisher, subscriber } = await met(stage, [""])
    for (const message of ["", "a", "\x00"]) await publisher.send(message)
    assert.deepEqual(await takeMany(subscriber, 3), ["", "a", "\x00"])
  })

  scenario(setting, "only the first frame decides", async (stage) => {
    const { publisher, subscriber } = await met(stage, ["a"])
    await publisher.send(["b", "a"])
    await publisher.send(["a", "b", ""])
    assert.deepEqual(await take(subscriber), ["a", "b", ""])
    await takesNothing(subscriber, "a SUB to a")
  })

  scenario(
    setting,
    "a topic that was asked for twice is cancelled with the second cancelling",
    async (stage) => {
      const { publisher, subscriber } = await met(stage, ["a", "end"])
      subscriber.subscribe("a")
      subscriber.unsubscribe("a")
      await heard(publisher, subscriber, "end")
      await publisher.send("a1")
      assert.deepEqual(await take(subscriber), ["a1"])
      subscriber.unsubscribe("a")
      assert.deepEqual(await take(publisher), ["\x00a"])
      await publisher.send("a2")
      await publisher.send("end")
      assert.deepEqual(await take(subscriber), ["end"])
    },
  )

  scenario(setting, "cancelling a topic leaves longer and shorter ones as they are", async (stage) => {
    const { publisher, subscriber } = await met(stage, ["a", "ab", "abc"])
    subscriber.unsubscribe("never asked for")
    subscriber.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
    for (const topic of ["a", "ax", "ab", "abcd"]) await publisher.send(topic)
    assert.deepEqual(await takeMany(subscriber, 2), ["ab", "abcd"])
    subscriber.unsubscribe("abc")
    assert.deepEqual(await take(publisher), ["\x00abc"])
    await publisher.send("abc")
    assert.deepEqual(await take(subscriber), ["abc"])
  })

  scenario(setting, "a late joiner misses what was said, and hears what follows", async (stage) => {
    const { publisher, subscriber, address } = await met(stage, ["a"])
    await publisher.send("a1")
    const late = stage.open("Subscriber")
    late.connect(address)
    late.subscribe("a")
    // The topic is known already, so only hearing it tells when the late one has joined.
    await heard(publisher, late, "a-late")
    await publisher.send("a2")
    assert.deepEqual(await take(late), ["a2"])
    const all: string[] = []
    while (all.at(-1) !== "a2") all.push((await take(subscriber))[0] as string)
    assert.equal(all[0], "a1")
  })

  scenario(setting, "each of three subscribers gets all, in order, and whole", async (stage) => {
    const publisher = stage.open("XPublisher")
    const address = await stage.bind(publisher)
    const subscribers = stage.three("Subscriber")
    for (const [index, subscriber] of subscribers.entries()) {
      subscriber.subscribe("n", String(index))
      subscriber.connect(address)
    }
    assert.equal(new Set(await takeMany(publisher, 4)).size, 4)
    // A topic that they share is told once; each has joined when its own one is heard.
    for (const [index, subscriber] of subscribers.entries()) await heard(publisher, subscriber, String(index))
    for (const number of numbers(200)) await publisher.send(["n", number, "x".repeat(Number(number) * 10)])
    for (const subscriber of subscribers) {
      for (const number of numbers(200)) {
        assert.deepEqual(await take(subscriber), ["n", number, "x".repeat(Number(number) * 10)])
      }
    }
  })

  scenario(setting, "what one subscriber does to a message no other one sees", async (stage) => {
    const { publisher, subscriber, address } = await met(stage, ["topic"])
    const other = stage.open("Subscriber")
    other.connect(address)
    other.subscribe("topic", "other")
    assert.deepEqual(await take(publisher), ["\x01other"])
    await heard(publisher, other, "other")
    await publisher.send(["topic", "body"])
    const message = await takeFrames(subscriber)
    message.shift()
    message[0]?.fill("x")
    assert.deepEqual(await take(other), ["topic", "body"])
  })

  scenario(
    setting,
    "SUB hears three publishers, those that it connected to and that it bound for",
    async (stage) => {
      const subscriber = stage.open("Subscriber")
      subscriber.subscribe("")
      const publishers = stage.three("Publisher")
      const [one, two, three] = publishers
      for (const publisher of [one, two]) subscriber.connect(await stage.bind(publisher))
      three.connect(await stage.bind(subscriber))
      for (const [index, publisher] of publishers.entries()) await heard(publisher, subscriber, String(index))
      for (const [index, publisher] of publishers.entries()) await publisher.send(`from ${index}`)
      assert.deepEqual((await takeMany(subscriber, 3)).sort(), ["from 0", "from 1", "from 2"])
    },
  )

  scenario(setting, "PUB without subscribers drops and does not wait", async (stage) => {
    const publisher = stage.open("Publisher", { sendHighWaterMark: 1 })
    await stage.bind(publisher)
    for (const number of numbers(2000)) await within(publisher.send(number), "send() without a peer")
  })

  scenario(setting, "a slow subscriber loses messages, whole ones, and nobody else does", async (stage) => {
    const publisher = stage.open("XPublisher", { sendHighWaterMark: 10 })
    const address = await stage.bind(publisher)
    const slow = stage.open("Subscriber", { receiveHighWaterMark: 10 })
    const quick = stage.open("Subscriber", { receiveHighWaterMark: 0 })
    slow.subscribe("m", "slow")
    quick.subscribe("m", "quick")
    for (const subscriber of [slow, quick]) subscriber.connect(address)
    await takeMany(publisher, 3)
    await heard(publisher, slow, "slow")
    await heard(publisher, quick, "quick")
    const body = Buffer.alloc(200_000, 1)
    const count = 200
    for (const number of numbers(count)) {
      await within(publisher.send(["m", number, body]), "send() beside a slow peer")
      assert.equal((await take(quick))[1], number)
    }
    await publisher.send(["quick", "end"])
    assert.deepEqual(await take(quick), ["quick", "end"])
    const kept: number[] = []
    for (let message = await takeNow(slow); message; message = await takeNow(slow)) {
      assert.deepEqual([message.length, message[0], message[2]?.length], [3, "m", body.length])
      kept.push(Number(message[1]))
    }
    assert.ok(kept.length > 0 && kept.length < count, `${kept.length} of ${count} were kept`)
    assert.deepEqual(
      kept,
      [...kept].sort((left, right) => left - right),
    )
  })

  scenario(setting, "many topics, and topics of every length", async (stage) => {
    const lengths = [0, 1, 255, 256, 1000].map((length) => "t".repeat(length))
    const { publisher, subscriber } = await met(stage, numbers(900, 1000), { sendHighWaterMark: 0 })
    for (const number of numbers(900, 500)) await publisher.send(number)
    assert.deepEqual(await takeMany(subscriber, 400), numbers(400, 1000))
    for (const topic of lengths.reverse()) {
      subscriber.subscribe(topic)
      assert.deepEqual(await take(publisher), [`\x01${topic}`])
      await publisher.send(`${topic}!`)
      assert.deepEqual(await take(subscriber), [`${topic}!`])
      subscriber.unsubscribe(topic)
      assert.deepEqual(await take(publisher), [`\x00${topic}`])
    }
  })

  scenario(setting, "XPUB is told of a topic's first subscriber and of its last", async (stage) => {
    const { publisher, subscriber, address } = await met(stage, ["a"])
    subscriber.subscribe("a")
    const second = stage.open("Subscriber")
    second.subscribe("a", "b")
    second.connect(address)
    assert.deepEqual(await take(publisher), ["\x01b"])
    subscriber.unsubscribe("a")
    subscriber.unsubscribe("a")
    subscriber.subscribe("c")
    assert.deepEqual(await take(publisher), ["\x01c"])
    second.close()
    assert.deepEqual((await takeMany(publisher, 2)).sort(), ["\x00a", "\x00b"])
    await takesNothing(publisher, "an XPUB")
  })

  scenario(setting, "XSUB subscribes with messages, and may say other things to XPUB", async (stage) => {
    const publisher = stage.open("XPublisher")
    const address = await stage.bind(publisher)
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(address)
    await subscriber.send("\x01a")
    assert.deepEqual(await take(publisher), ["\x01a"])
    await subscriber.send(["hello", "publisher"])
    assert.deepEqual(await take(publisher), ["hello", "publisher"])
    await publisher.send(["b", "unheard"])
    await publisher.send(["a", "heard"])
    assert.deepEqual(await take(subscriber), ["a", "heard"])
    await subscriber.send("\x00a")
    assert.deepEqual(await take(publisher), ["\x00a"])
  })

  scenario(
    setting,
    "XSUB and XPUB that bound forward from XPUB to SUB, an empty message too",
    async (stage) => {
      const [inward, outward] = [stage.open("XSubscriber"), stage.open("XPublisher")]
      const publisher = stage.open("XPublisher")
      publisher.connect(await stage.bind(inward))
      const subscriber = stage.open("Subscriber")
      subscriber.connect(await stage.bind(outward))
      subscriber.subscribe("")
      await inward.send(await takeFrames(outward))
      assert.deepEqual(await take(publisher), ["\x01"])
      for (const message of [[""], ["a", ""]]) {
        await publisher.send(message)
        await outward.send(await takeFrames(inward))
        assert.deepEqual(await take(subscriber), message)
      }
    },
  )

  scenario(
    setting,
    "XSUB and XPUB forward what was asked for, also what is asked for late",
    async (stage) => {
      const publisher = stage.open("XPublisher")
      const [inward, outward] = [stage.open("XSubscriber"), stage.open("XPublisher")]
      inward.connect(await stage.bind(publisher))
      const subscriber = stage.open("Subscriber")
      subscriber.connect(await stage.bind(outward))
      for (const topic of ["early", "late"]) {
        subscriber.subscribe(topic)
        const [asked] = await outward.receive()
        await inward.send(asked as Buffer)
        assert.deepEqual(await take(publisher), [`\x01${topic}`])
        await publisher.send([topic, "news"])
        await outward.send(await inward.receive())
        assert.deepEqual(await take(subscriber), [topic, "news"])
      }
    },
  )
}
