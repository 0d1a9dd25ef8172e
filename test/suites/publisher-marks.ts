// How many messages publishers keep for their subscribers, and the newest only with conflate.
import assert from "node:assert/strict"
import { eventually } from "./deadline.js"
import { countsTopics } from "./publisher-dialect.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, offer, overtakes, take, takeMany, takeNow, takesNothing } from "./talk.js"

export function publisherMarkScenarios(setting: Setting): void {
  markScenarios(setting)
  conflateScenarios(setting)
}

function markScenarios(setting: Setting): void {
  for (const mark of [1000, 100]) {
    scenario(
      setting,
      `XPUB takes as many messages as its mark of ${mark}, set late, and none is lost`,
      async (stage) => {
        const publisher = stage.open("XPublisher")
        const subscriber = stage.open("Subscriber")
        subscriber.connect(await stage.bind(publisher))
        publisher.sendHighWaterMark = mark
        subscriber.subscribe("")
        assert.deepEqual(await take(publisher), ["\x01"])
        for (const number of numbers(mark)) assert.ok(await offer(publisher, number))
        assert.deepEqual(await takeMany(subscriber, mark), numbers(mark))
        await takesNothing(subscriber, "the SUB")
      },
    )
  }

  // Within a process both queues are one, so what is kept can be told to the message.
  if (setting.transport === "inproc") {
    for (const noDrop of [false, true]) {
      const does = noDrop ? "with noDrop takes" : "keeps for its subscriber"
      scenario(setting, `XPUB ${does} exactly the sum of both marks`, async (stage) => {
        const publisher = stage.open("XPublisher", { sendHighWaterMark: 3, noDrop })
        const subscriber = stage.open("Subscriber", { receiveHighWaterMark: 2 })
        subscriber.connect(await stage.bind(publisher))
        subscriber.subscribe("")
        assert.deepEqual(await take(publisher), ["\x01"])
        for (const number of numbers(20)) {
          assert.equal(await offer(publisher, number), !noDrop || Number(number) < 5)
        }
        assert.deepEqual(await takeMany(subscriber, 5), numbers(5))
        await takesNothing(subscriber, "the SUB")
        await eventually(async () => {
          await offer(publisher, "after")
          return (await takeNow(subscriber)) !== undefined
        }, "the subscriber to be heard again")
      })
    }
  }

  scenario(setting, "XPUB with noDrop loses none of many more messages than its mark", async (stage) => {
    const publisher = stage.open("XPublisher")
    const subscriber = stage.open("Subscriber")
    subscriber.connect(await stage.bind(publisher))
    publisher.sendHighWaterMark = 2000
    publisher.noDrop = true
    subscriber.subscribe("")
    assert.deepEqual(await take(publisher), ["\x01"])
    const received: string[] = []
    const receiveAll = async (): Promise<void> => {
      for (let message = await takeNow(subscriber); message; message = await takeNow(subscriber)) {
        received.push(...message)
      }
    }
    for (const number of numbers(6000)) {
      await eventually(async () => {
        if (await offer(publisher, number)) return true
        await receiveAll()
        return false
      }, "room for a message")
    }
    await eventually(async () => {
      await receiveAll()
      return received.length === 6000
    }, "all messages")
    assert.deepEqual(received, numbers(6000))
  })

  scenario(setting, "what was received no longer counts against a PUB's mark", async (stage) => {
    const marks = 11_024
    const publisher = stage.open("Publisher", { sendHighWaterMark: marks })
    const subscriber = stage.open("Subscriber", { receiveHighWaterMark: marks })
    subscriber.connect(await stage.bind(publisher))
    subscriber.subscribe("")
    await countsTopics(publisher, 1)
    for (const count of [9999, 1100]) {
      for (const number of numbers(count)) await publisher.send(number)
      assert.deepEqual(await takeMany(subscriber, count), numbers(count))
    }
  })
}

function conflateScenarios(setting: Setting): void {
  // Within a process libzmq's conflate depends on who connects.
  if (setting.transport === "inproc" && setting.library.name === "zeromq") return

  scenario(
    setting,
    "PUB and SUB with conflate keep the newest message, whatever its topic",
    async (stage) => {
      const publisher = stage.open("Publisher", { conflate: true })
      const subscriber = stage.open("Subscriber", { conflate: true })
      subscriber.connect(await stage.bind(publisher))
      subscriber.subscribe("")
      await countsTopics(publisher, 1)
      for (let round = 0; round < 3; round++) {
        await overtakes(publisher, subscriber, "SUB", stage.library)
      }
    },
  )
}
