// XPUB with `manual`: who subscribes for what is the user's to say.
import assert from "node:assert/strict"
import { eventually } from "./deadline.js"
import { countsTopics, grant, turn, withdraw } from "./publisher-dialect.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { hasCode, type Sender, take, takeMany, takesNothing } from "./talk.js"

type Kind = "manual" | "manualLastValue"

async function manualPublisher(stage: Stage, kind: Kind) {
  const publisher = stage.open("XPublisher")
  if (kind === "manual") publisher.manual = true
  else turn(publisher, kind, true)
  return { publisher, address: await stage.bind(publisher) }
}

async function publish(publisher: Sender, ...messages: string[]): Promise<void> {
  for (const message of messages) await publisher.send(message)
}

export function publisherManualScenarios(setting: Setting): void {
  for (const kind of ["manual", "manualLastValue"] as const) manualScenarios(setting, kind)
  lastValueScenarios(setting)

  scenario(setting, "without manual XPUB cannot subscribe for its peers", async (stage) => {
    const publisher = stage.open("XPublisher")
    for (const act of [grant, withdraw]) {
      assert.throws(
        () => act(publisher, "a"),
        (error) => hasCode(error, "EINVAL"),
      )
    }
  })
}

function manualScenarios(setting: Setting, kind: Kind): void {
  scenario(setting, `${kind}: nobody is subscribed by his wish, but to what XPUB says`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(address)
    await subscriber.send("\x01A")
    assert.deepEqual(await take(publisher), ["\x01A"])
    await countsTopics(publisher, 0)
    grant(publisher, "B")
    await countsTopics(publisher, 1)
    await publish(publisher, "A", "B", "B")
    // The first goes to the newcomer alone, who does not have it either.
    assert.deepEqual(await takeMany(subscriber, 2), ["B", "B"])
    await takesNothing(subscriber, "an XSUB that wanted A and got B")
  })

  scenario(setting, `${kind}: topics are given and taken under other names`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(address)
    for (const topic of ["A", "B"]) {
      await subscriber.send(`\x01${topic}`)
      assert.deepEqual(await take(publisher), [`\x01${topic}`])
      grant(publisher, `X${topic}`)
    }
    await subscriber.send("\x00A")
    assert.deepEqual(await take(publisher), ["\x00A"])
    withdraw(publisher, "XA")
    await publish(publisher, "XA", "XB")
    assert.deepEqual(await take(subscriber), ["XB"])
    subscriber.close()
    assert.deepEqual(await take(publisher), ["\x00B"])
    withdraw(publisher, "XB")
    await takesNothing(publisher, "the XPUB")
  })

  scenario(
    setting,
    `${kind}: every subscription is told, and cancelling it changes nothing by itself`,
    async (stage) => {
      const { publisher, address } = await manualPublisher(stage, kind)
      const subscriber = stage.open("Subscriber")
      subscriber.connect(address)
      subscriber.subscribe("A")
      assert.deepEqual(await take(publisher), ["\x01A"])
      grant(publisher, "A")
      subscriber.subscribe("A")
      assert.deepEqual(await take(publisher), ["\x01A"])
      subscriber.unsubscribe("A")
      subscriber.unsubscribe("A")
      assert.deepEqual(await take(publisher), ["\x00A"])
      await countsTopics(publisher, 1)
      withdraw(publisher, "A")
      await countsTopics(publisher, 0)
    },
  )

  scenario(setting, `${kind}: two subscribers each have what they were given`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    const subscribers = [stage.open("Subscriber"), stage.open("Subscriber")]
    for (const [index, subscriber] of subscribers.entries()) {
      subscriber.connect(address)
      subscriber.subscribe(String(index))
      assert.deepEqual(await take(publisher), [`\x01${index}`])
      grant(publisher, String(index))
    }
    // With manualLastValue nobody but the last subscriber gets the first.
    await publish(publisher, "1", "0", "1")
    assert.deepEqual(await takeMany(subscribers[1] as never, 2), ["1", "1"])
    assert.deepEqual(await take(subscribers[0] as never), ["0"])
  })

  scenario(
    setting,
    `${kind}: a proxy cancels when all its subscribers have left, and not before`,
    async (stage) => {
      const { publisher: outward, address } = await manualPublisher(stage, kind)
      const inward = stage.open("XSubscriber")
      const publisher = stage.open("XPublisher")
      publisher.connect(await stage.bind(inward))
      const subscribers = [stage.open("Subscriber"), stage.open("Subscriber")]
      for (const [index, subscriber] of subscribers.entries()) {
        subscriber.connect(address)
        subscriber.subscribe("1")
        assert.deepEqual(await take(outward), ["\x011"])
        grant(outward, "1")
        await inward.send("\x011")
        if (index === 0) assert.deepEqual(await take(publisher), ["\x011"])
      }
      await publisher.send(["1", "X"])
      assert.deepEqual(await take(inward), ["1", "X"])
      // Twice: the first may be for the last subscriber alone.
      for (let count = 0; count < 2; count++) await outward.send(["1", "X"])
      for (const subscriber of subscribers) assert.deepEqual(await take(subscriber), ["1", "X"])
      for (const subscriber of subscribers) {
        subscriber.close()
        assert.deepEqual(await take(outward), ["\x001"])
        withdraw(outward, "1")
        await inward.send("\x001")
      }
      assert.deepEqual(await take(publisher), ["\x001"])
      await publisher.send(["1", "X"])
      await takesNothing(inward, "the proxy's XSUB")
    },
  )

  scenario(setting, `${kind}: nothing is left for a successor of who left`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    for (const topic of ["A", "B"]) {
      const subscriber = stage.open("XSubscriber")
      subscriber.connect(address)
      await subscriber.send(`\x01${topic}`)
      assert.deepEqual(await take(publisher), [`\x01${topic}`])
      grant(publisher, `X${topic}`)
      await publish(publisher, ...(topic === "A" ? ["XA", "XB"] : ["XB", "XA"]))
      assert.deepEqual(await take(subscriber), [`X${topic}`])
      await takesNothing(subscriber, "the XSUB")
      subscriber.close()
      assert.deepEqual(await take(publisher), [`\x00${topic}`])
      withdraw(publisher, `X${topic}`)
      grant(publisher, "X")
    }
    if (stage.library === "puremq") await countsTopics(publisher, 0)
  })

  scenario(setting, `${kind}: who left before his wish was received is not subscribed`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    const gone = stage.next(publisher, "disconnect")
    const subscriber = stage.open("Subscriber")
    subscriber.connect(address)
    subscriber.subscribe("A")
    await eventually(async () => publisher.readable, "the subscription")
    subscriber.close()
    await gone
    assert.deepEqual(await take(publisher), ["\x01A"])
    grant(publisher, "A")
    assert.deepEqual(await take(publisher), ["\x00A"])
    grant(publisher, "A")
    await publish(publisher, "A", "A")
    if (stage.library === "puremq") await countsTopics(publisher, 0)
  })

  scenario(setting, `${kind}: other things that an XSUB says come through`, async (stage) => {
    const { publisher, address } = await manualPublisher(stage, kind)
    const subscriber = stage.open("XSubscriber")
    subscriber.connect(address)
    await subscriber.send("\x01A")
    assert.deepEqual(await take(publisher), ["\x01A"])
    await subscriber.send(["\x02A", "more"])
    assert.deepEqual(await take(publisher), ["\x02A", "more"])
    grant(publisher, "A")
    await publish(publisher, "A")
    assert.deepEqual(await take(subscriber), ["A"])
  })
}

function lastValueScenarios(setting: Setting): void {
  scenario(setting, "manualLastValue: what is sent next goes to the last subscriber alone", async (stage) => {
    const { publisher, address } = await manualPublisher(stage, "manualLastValue")
    const [one, two] = [stage.open("Subscriber"), stage.open("Subscriber")]
    for (const [index, subscriber] of [one, two].entries()) {
      subscriber.connect(address)
      subscriber.subscribe("A")
      assert.deepEqual(await take(publisher), ["\x01A"])
      grant(publisher, "A")
      await publish(publisher, `A${index}`)
      assert.deepEqual(await take(subscriber), [`A${index}`])
    }
    await publish(publisher, "A for all")
    for (const subscriber of [one, two]) assert.deepEqual(await take(subscriber), ["A for all"])
  })

  scenario(setting, "manualLastValue: nobody gets what the last subscriber did not want", async (stage) => {
    const { publisher, address } = await manualPublisher(stage, "manualLastValue")
    const [one, two] = [stage.open("Subscriber"), stage.open("Subscriber")]
    for (const [index, subscriber] of [one, two].entries()) {
      subscriber.connect(address)
      subscriber.subscribe(String(index))
      assert.deepEqual(await take(publisher), [`\x01${index}`])
      grant(publisher, String(index))
    }
    await publish(publisher, "0 lost", "1", "0")
    assert.deepEqual(await take(two), ["1"])
    assert.deepEqual(await take(one), ["0"])
  })

  // libzmq sends to nobody else behind a cancellation either, so that the message is lost for all.
  if (setting.library.name === "zeromq") return

  scenario(setting, "manualLastValue: what is sent behind a cancellation goes to all", async (stage) => {
    const { publisher, address } = await manualPublisher(stage, "manualLastValue")
    const [one, two] = [stage.open("Subscriber"), stage.open("Subscriber")]
    for (const subscriber of [one, two]) {
      subscriber.connect(address)
      subscriber.subscribe("A")
      assert.deepEqual(await take(publisher), ["\x01A"])
      grant(publisher, "A")
    }
    two.unsubscribe("A")
    assert.deepEqual(await take(publisher), ["\x00A"])
    withdraw(publisher, "A")
    await publish(publisher, "A")
    assert.deepEqual(await take(one), ["A"])
    await takesNothing(two, "who cancelled")
  })
}
