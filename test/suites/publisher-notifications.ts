// What an XPUB receives: subscriptions, cancellations, and whatever else an XSUB says.
import assert from "node:assert/strict"
import { countsTopics, turn } from "./publisher-dialect.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { type Receiver, take, takeMany, takesNothing } from "./talk.js"

interface Asking {
  subscribe(...topics: string[]): void
}

async function publisherWithTwo(stage: Stage) {
  const publisher = stage.open("XPublisher")
  const address = await stage.bind(publisher)
  const [one, two] = [stage.open("Subscriber"), stage.open("Subscriber")]
  for (const subscriber of [one, two]) subscriber.connect(address)
  return { publisher, one, two, address }
}

let fences = 0

/** Asserts that the publisher has heard nothing more by the time that it hears the subscriber's next word. */
async function heardNothing(publisher: Receiver, subscriber: Asking): Promise<void> {
  const fence = `fence ${fences++}`
  subscriber.subscribe(fence)
  assert.deepEqual(await take(publisher), [`\x01${fence}`])
}

export function publisherNotificationScenarios(setting: Setting): void {
  verbosityScenarios(setting)
  upstreamScenarios(setting)
  countScenarios(setting)
}

function verbosityScenarios(setting: Setting): void {
  scenario(
    setting,
    "verbosity allSubs: every subscription is told, from when it is set on",
    async (stage) => {
      const { publisher, one, two } = await publisherWithTwo(stage)
      one.subscribe("a")
      assert.deepEqual(await take(publisher), ["\x01a"])
      one.subscribe("a")
      await heardNothing(publisher, one)
      two.subscribe("a")
      await heardNothing(publisher, two)
      publisher.verbosity = "allSubs"
      for (const subscriber of [one, two, two]) {
        subscriber.subscribe("a")
        assert.deepEqual(await take(publisher), ["\x01a"])
      }
      await publisher.send("a")
      for (const subscriber of [one, two]) assert.deepEqual(await take(subscriber), ["a"])
    },
  )

  scenario(setting, "verbosity allSubs: of cancellations only a topic's last is told", async (stage) => {
    const { publisher, one, two } = await publisherWithTwo(stage)
    publisher.verbosity = "allSubs"
    for (const subscriber of [one, two]) {
      subscriber.subscribe("a")
      assert.deepEqual(await take(publisher), ["\x01a"])
    }
    one.unsubscribe("a")
    await heardNothing(publisher, one)
    two.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
  })

  scenario(setting, "verbosity allSubsUnsubs: every cancellation is told too", async (stage) => {
    const { publisher, one, two } = await publisherWithTwo(stage)
    publisher.verbosity = "allSubsUnsubs"
    one.unsubscribe("a")
    await heardNothing(publisher, one)
    for (const subscriber of [one, two, two]) {
      subscriber.subscribe("a")
      assert.deepEqual(await take(publisher), ["\x01a"])
    }
    one.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
    await publisher.send("a")
    assert.deepEqual(await take(two), ["a"])
    // SUB counts for itself, and says so when nobody wants the topic any more.
    two.unsubscribe("a")
    await heardNothing(publisher, two)
    two.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
    two.unsubscribe("a")
    await heardNothing(publisher, two)
  })

  scenario(setting, "verbosity null again: the first and the last are told", async (stage) => {
    const { publisher, one, two } = await publisherWithTwo(stage)
    publisher.verbosity = "allSubsUnsubs"
    publisher.verbosity = null
    one.subscribe("a")
    assert.deepEqual(await take(publisher), ["\x01a"])
    two.subscribe("a")
    await heardNothing(publisher, two)
    one.unsubscribe("a")
    await heardNothing(publisher, one)
    two.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
  })

  scenario(
    setting,
    "verbosity allSubsUnsubs: who leaves is told of for each of his topics",
    async (stage) => {
      const { publisher, one, two } = await publisherWithTwo(stage)
      publisher.verbosity = "allSubsUnsubs"
      for (const subscriber of [one, two]) {
        subscriber.subscribe("a", "b")
        assert.deepEqual(await takeMany(publisher, 2), ["\x01a", "\x01b"])
      }
      for (const subscriber of [one, two]) {
        subscriber.close()
        assert.deepEqual((await takeMany(publisher, 2)).sort(), ["\x00a", "\x00b"])
      }
      await takesNothing(publisher, "the XPUB")
    },
  )

  for (const verbosity of [null, "allSubs"] as const) {
    scenario(
      setting,
      `verbosity ${verbosity}: who leaves is told of where he was the last`,
      async (stage) => {
        const { publisher, one, two } = await publisherWithTwo(stage)
        one.subscribe("a", "b")
        assert.deepEqual(await takeMany(publisher, 2), ["\x01a", "\x01b"])
        two.subscribe("a")
        await heardNothing(publisher, two)
        publisher.verbosity = verbosity
        one.close()
        const gone = [...(await take(publisher))]
        assert.match(String(gone), /^\0(b|fence \d+)$/)
        two.unsubscribe("a")
        assert.deepEqual(await take(publisher), ["\x00a"])
      },
    )
  }

  scenario(
    setting,
    "XSUB with verboseUnsubscribe cancels each time, also what it does not have",
    async (stage) => {
      const publisher = stage.open("XPublisher")
      publisher.verbosity = "allSubsUnsubs"
      const subscriber = stage.open("XSubscriber")
      subscriber.connect(await stage.bind(publisher))
      const says = async (...requests: string[]): Promise<void> => {
        for (const request of requests) await subscriber.send(request)
      }
      await says("\x01here")
      assert.deepEqual(await take(publisher), ["\x01here"])
      // What it had not asked for, and what it had asked for twice.
      await says("\x00a", "\x01a", "\x01a", "\x00a", "\x01end")
      assert.deepEqual(await takeMany(publisher, 3), ["\x01a", "\x01a", "\x01end"])
      await says("\x00a")
      assert.deepEqual(await take(publisher), ["\x00a"])
      turn(subscriber, "verboseUnsubscribe", true)
      const requests = ["\x00a", "\x01a", "\x01a", "\x00a", "\x00a"]
      await says(...requests)
      assert.deepEqual(await takeMany(publisher, requests.length), requests)
    },
  )

  scenario(setting, "topics around and far over 255 bytes are told and cancelled", async (stage) => {
    const { publisher, one } = await publisherWithTwo(stage)
    for (const length of [244, 245, 246, 247, 253, 254, 255, 256, 257, 65_535, 65_536, 300_000]) {
      const topic = "ABCDEFGHIJKLMNOP".repeat(length / 16 + 1).slice(0, length)
      one.subscribe(topic)
      assert.deepEqual(await take(publisher), [`\x01${topic}`])
      await publisher.send(topic.slice(1))
      await publisher.send([topic, "body"])
      assert.deepEqual(await take(one), [topic, "body"])
      one.unsubscribe(topic)
      assert.deepEqual(await take(publisher), [`\x00${topic}`])
    }
  })
}

function upstreamScenarios(setting: Setting): void {
  scenario(setting, "XPUB receives what an XSUB says that is no subscription", async (stage) => {
    const publisher = stage.open("XPublisher")
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(await stage.bind(publisher))
    await subscriber.send("\x01first")
    assert.deepEqual(await take(publisher), ["\x01first"])
    for (const message of [["\x02A"], [""], ["one", "two", ""]]) {
      await subscriber.send(message)
      assert.deepEqual(await take(publisher), message)
    }
  })

  scenario(setting, "PUB takes no notice of what an XSUB says that is no subscription", async (stage) => {
    const publisher = stage.open("Publisher")
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(await stage.bind(publisher))
    for (const message of ["hello", "\x02A", "\x01a"]) await subscriber.send(message)
    await countsTopics(publisher, 1)
    await publisher.send("b")
    await publisher.send("a")
    assert.deepEqual(await take(subscriber), ["a"])
  })

  scenario(setting, "each frame of what an XSUB sends may be a subscription", async (stage) => {
    const publisher = stage.open("XPublisher")
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(await stage.bind(publisher))
    await subscriber.send(["\x01a", "\x01b"])
    assert.deepEqual(await takeMany(publisher, 2), ["\x01a", "\x01b"])
    await countsTopics(subscriber, 2)
    await subscriber.send(["\x00a", "\x01c", "said"])
    assert.deepEqual(await takeMany(publisher, 3), ["\x00a", "\x01c", "said"])
    await countsTopics(subscriber, 2)
    for (const topic of ["a", "b", "c"]) await publisher.send(topic)
    assert.deepEqual(await takeMany(subscriber, 2), ["b", "c"])
  })

  scenario(
    setting,
    "onlyFirstSubscribe: behind a frame that is no subscription none is, behind one that is all are",
    async (stage) => {
      const publisher = stage.open("XPublisher")
      const subscriber = stage.open("XSubscriber")
      for (const socket of [publisher, subscriber]) turn(socket, "onlyFirstSubscribe", true)
      subscriber.connect(await stage.bind(publisher))
      for (const second of ["\x00BC", "\x01BC"]) {
        await subscriber.send(["ABC", second])
        assert.deepEqual(await take(publisher), ["ABC", second])
      }
      await countsTopics(subscriber, 0)
      await subscriber.send(["\x01BC", "\x01CD"])
      assert.deepEqual(await takeMany(publisher, 2), ["\x01BC", "\x01CD"])
      await subscriber.send(["\x00BC", "\x00CD"])
      assert.deepEqual(await takeMany(publisher, 2), ["\x00BC", "\x00CD"])
    },
  )
}

function countScenarios(setting: Setting): void {
  for (const [sending, receiving] of [
    ["Publisher", "Subscriber"],
    ["XPublisher", "Subscriber"],
  ] as const) {
    scenario(
      setting,
      `topicsCount of ${sending} and ${receiving}: each topic once, nested ones too`,
      async (stage) => {
        const publisher = stage.open(sending)
        const subscriber = stage.open(receiving)
        const address = await stage.bind(publisher)
        subscriber.connect(address)
        const both = async (count: number): Promise<void> => {
          for (const socket of [publisher, subscriber]) await countsTopics(socket, count)
        }
        await both(0)
        subscriber.subscribe("topic1", "topic2", "topic3")
        await both(3)
        subscriber.unsubscribe("topic3")
        await both(2)
        subscriber.unsubscribe("topic1", "topic2")
        await both(0)
        subscriber.subscribe("a", "ab", "abc", "xyz", "xy", "x")
        await both(6)
        const other = stage.open("Subscriber")
        other.connect(address)
        other.subscribe("x", "y")
        await countsTopics(publisher, 7)
        // libzmq counts on what somebody had who left.
        if (stage.library === "zeromq") return
        subscriber.close()
        await countsTopics(publisher, 2)
      },
    )
  }

  // libzmq's subscriber counts a topic as often as it asked for it.
  if (setting.library.name === "puremq") {
    scenario(setting, "topicsCount counts a topic once that was asked for twice", async (stage) => {
      const { publisher, one } = await publisherWithTwo(stage)
      one.subscribe("a", "a", "b")
      for (const socket of [publisher, one]) await countsTopics(socket, 2)
      one.unsubscribe("a")
      one.unsubscribe("b")
      for (const socket of [publisher, one]) await countsTopics(socket, 1)
    })
  }

  scenario(setting, "topicsCount of XPUB and XSUB", async (stage) => {
    const publisher = stage.open("XPublisher")
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(await stage.bind(publisher))
    for (const request of ["\x01a", "\x01a", "\x01ab", "\x01", "\x00a"]) await subscriber.send(request)
    for (const socket of [publisher, subscriber]) await countsTopics(socket, 3)
    await subscriber.send("\x00a")
    for (const socket of [publisher, subscriber]) await countsTopics(socket, 2)
  })
}
