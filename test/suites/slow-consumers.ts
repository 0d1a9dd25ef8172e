// What a peer that reads slowly, or not at all, does to those who send to it: what docs/backpressure.md says.
import assert from "node:assert/strict"
import { setTimeout as delay } from "node:timers/promises"
import type { Pull, Push } from "puremq"
import { eventually, within } from "./deadline.js"
import { type DraftSocket, openDraft } from "./draft-library.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { hasCode, numbers, offer, reaches, take, takeFrames, takeNow } from "./talk.js"

/** Larger than what the system keeps of a connection, so that marks are met soon. */
const load = Buffer.alloc(2 ** 20)
/** More than marks of 2 and the system's buffers take. */
const MANY = 50

export function slowConsumerScenarios(setting: Setting): void {
  waitScenarios(setting)
  publisherScenarios(setting)
  serverScenarios(setting)
  groupScenarios(setting)
  // Over inproc there are none, and over ws they are the WebSocket's own.
  if (setting.transport === "tcp" || setting.transport === "ipc") heartbeatScenarios(setting)
}

function waitScenarios(setting: Setting): void {
  scenario(setting, "PUSH that awaits is as slow as its peer, and loses nothing", async (stage) => {
    const [push, pull] = slowPair(stage)
    push.connect(await stage.bind(pull))
    let sent = 0
    const sending = (async () => {
      for (; sent < MANY; sent++) await push.send([String(sent), load])
    })()
    await eventually(async () => {
      const before = sent
      await delay(50)
      return sent > 0 && sent === before
    }, "the sender to be held up")
    assert.ok(sent < MANY, "all was sent to a peer that reads nothing")
    for (const number of numbers(MANY)) assert.equal((await take(pull))[0], number)
    await within(sending, "the last send() to resolve")
  })

  scenario(setting, "PUSH gives up on a slow peer after sendTimeout, and keeps the peer", async (stage) => {
    const [push, pull] = slowPair(stage)
    push.connect(await stage.bind(pull))
    push.sendTimeout = 100
    let accepted = 0
    const sendUntilRefused = async (): Promise<void> => {
      for (; accepted < 200; accepted++) await push.send([String(accepted), load])
    }
    await assert.rejects(sendUntilRefused(), { code: "EAGAIN" })
    push.sendTimeout = -1
    for (const number of numbers(accepted)) assert.equal((await take(pull))[0], number)
    await within(push.send("again"), "room")
    assert.deepEqual(await take(pull), ["again"])
  })

  scenario(setting, "PUSH passes a slow PULL by while there is another", async (stage) => {
    const push = stage.open("Push", { sendHighWaterMark: 1 })
    const [slow, quick] = [
      stage.open("Pull", { receiveHighWaterMark: 1 }),
      stage.open("Pull", { receiveHighWaterMark: 1 }),
    ]
    for (const pull of [slow, quick]) push.connect(await stage.bind(pull))
    await stage.linked([push], 2)
    let received = 0
    const reading = (async () => {
      while (received < MANY) {
        await quick.receive()
        received++
      }
    })()
    // All that the slow one does not take in, which is little, goes to the other.
    const sending = (async () => {
      while (received < MANY) await push.send(["work", load])
    })()
    await within(reading, "the quick one to get all the work")
    quick.close()
    push.close()
    await sending.catch((error: unknown) => assert.ok(hasCode(error, "EAGAIN")))
  })
}

function publisherScenarios(setting: Setting): void {
  scenario(
    setting,
    "PUB drops for the slow subscriber alone, and what that one has stays in order",
    async (stage) => {
      const publisher = stage.open("XPublisher", { sendHighWaterMark: 2 })
      const [slow, quick] = [
        stage.open("Subscriber", { receiveHighWaterMark: 2 }),
        stage.open("Subscriber", { receiveHighWaterMark: 2 }),
      ]
      const address = await stage.bind(publisher)
      for (const [subscriber, name] of [
        [slow, "slow"],
        [quick, "quick"],
      ] as const) {
        subscriber.connect(address)
        subscriber.subscribe("", name)
      }
      // All, which both want, is told once.
      const told = [await take(publisher), await take(publisher), await take(publisher)]
      assert.deepEqual(new Set(told.flat()), new Set(["\x01", "\x01slow", "\x01quick"]))
      for (const number of numbers(MANY)) {
        await within(publisher.send([number, load]), "a send() that waits for nobody")
        assert.equal((await take(quick))[0], number)
      }
      const got: number[] = []
      await eventually(async () => {
        const message = await takeNow(slow)
        if (message !== undefined) got.push(Number(message[0]))
        await publisher.send("end")
        return message?.[0] === "end"
      }, "the slow one to come to the end")
      got.pop()
      // The system takes some in by and by, and makes room; what was queued is not replaced by what came later.
      assert.ok(got.length >= 2 && got.length < MANY, `${got.length} of ${MANY} came`)
      assert.deepEqual(got.slice(0, 2), [0, 1])
      assert.deepEqual(
        got,
        [...got].sort((one, other) => one - other),
      )
    },
  )

  scenario(
    setting,
    "PUB with noDrop is held up by its slowest subscriber, and goes on with it",
    async (stage) => {
      const publisher = stage.open("XPublisher", { sendHighWaterMark: 2, noDrop: true })
      const slow = stage.open("Subscriber", { receiveHighWaterMark: 2 })
      slow.connect(await stage.bind(publisher))
      slow.subscribe("")
      await take(publisher)
      const accepted = await fillWith(async (number) => offer(publisher, [number, load]))
      for (const number of numbers(accepted)) assert.equal((await take(slow))[0], number)
      await eventually(async () => offer(publisher, "after"), "room")
      assert.deepEqual(await take(slow), ["after"])
    },
  )
}

function serverScenarios(setting: Setting): void {
  scenario(setting, "ROUTER drops for a client that does not read, and serves the others", async (stage) => {
    const router = stage.open("Router", { sendHighWaterMark: 1 })
    const address = await stage.bind(router)
    const [slow, quick] = [
      stage.open("Dealer", { routingId: "slow", receiveHighWaterMark: 1 }),
      stage.open("Dealer", { routingId: "quick" }),
    ]
    for (const dealer of [slow, quick]) {
      dealer.connect(address)
      await dealer.send("here")
      await take(router)
    }
    for (const number of numbers(MANY)) {
      await within(router.send(["slow", number, load]), "a send() that waits for nobody")
      await router.send(["quick", number])
      assert.deepEqual(await take(quick), [number])
    }
    let got = 0
    let last = -1
    await eventually(async () => {
      const message = await takeNow(slow)
      if (message !== undefined && message[0] !== "end") {
        assert.ok(Number(message[0]) > last, `${message[0]} came after ${last}`)
        last = Number(message[0])
        got++
      }
      await router.send(["slow", "end"])
      return message?.[0] === "end"
    }, "the slow one to come to the end")
    assert.ok(got >= 1 && got < MANY, `${got} of ${MANY} came`)
  })

  scenario(setting, "ROUTER with mandatory waits for a client that does not read", async (stage) => {
    const router = stage.open("Router", { sendHighWaterMark: 1, mandatory: true })
    const slow = stage.open("Dealer", { routingId: "slow", receiveHighWaterMark: 1 })
    slow.connect(await stage.bind(router))
    await slow.send("here")
    await take(router)
    const accepted = await fillWith(async (number) => reaches(router, ["slow", number, load]))
    for (const number of numbers(accepted)) assert.equal((await take(slow))[0], number)
    await eventually(async () => reaches(router, ["slow", "after"]), "room")
    assert.deepEqual(await take(slow), ["after"])
  })

  scenario(setting, "REP drops answers for who asks and does not listen, and goes on", async (stage) => {
    const reply = stage.open("Reply", { sendHighWaterMark: 1 })
    const deaf = stage.open("Dealer", { receiveHighWaterMark: 1 })
    deaf.connect(await stage.bind(reply))
    for (const number of numbers(MANY)) {
      await deaf.send(["", number])
      assert.deepEqual(await take(reply), [number])
      await within(reply.send([number, load]), "a send() that waits for nobody")
    }
    const [, first] = await takeFrames(deaf)
    assert.equal(String(first), "0")
  })
}

function groupScenarios(setting: Setting): void {
  scenario(setting, "RADIO drops for a DISH that does not read", async (stage) => {
    const radio: DraftSocket<"Radio"> = openDraft(stage, "Radio", { sendHighWaterMark: 1 })
    const slow: DraftSocket<"Dish"> = openDraft(stage, "Dish", { receiveHighWaterMark: 1 })
    slow.join("group")
    slow.connect(await stage.bind(radio))
    slow.receiveTimeout = 0
    const hear = async (): Promise<Buffer | undefined> => {
      try {
        return (await slow.receive())[0]
      } catch (error) {
        if (hasCode(error, "EAGAIN")) return undefined
        throw error
      }
    }
    await eventually(async () => {
      await radio.send("hello", { group: "group" })
      return (await hear()) !== undefined
    }, "the dish to be heard of")
    for (let sent = 0; sent < MANY; sent++) {
      await within(radio.send(load, { group: "group" }), "a send() that waits for nobody")
    }
    let got = 0
    await eventually(async () => {
      await radio.send("end", { group: "group" })
      const body = await hear()
      if (body?.length === load.length) got++
      return String(body) === "end"
    }, "the dish to come to the end")
    assert.ok(got < MANY, `${got} of ${MANY} came`)
  })
}

function heartbeatScenarios(setting: Setting): void {
  scenario(
    setting,
    "heartbeats take a consumer for dead that more comes for than it takes, and leave it what it had",
    async (stage) => {
      const push = stage.open("Push", { heartbeatInterval: 100, heartbeatTimeout: 500 })
      const pull = stage.open("Pull", { receiveHighWaterMark: 1 })
      const disconnected = stage.event(push, "disconnect")
      push.connect(await stage.bind(pull))
      let sent = 0
      const working = setInterval(() => {
        void push.send(String(sent++))
      }, 10)
      await disconnected.finally(() => clearInterval(working))
      // What was on its way then may be lost.
      assert.deepEqual(await take(pull), ["0"])
    },
  )
}

function slowPair(stage: Stage): [Push, Pull] {
  return [stage.open("Push", { sendHighWaterMark: 2 }), stage.open("Pull", { receiveHighWaterMark: 2 })]
}

/** Offers until one is refused; more than a slow peer, its marks and the system take would be wrong. */
async function fillWith(offerOne: (number: string) => Promise<boolean>): Promise<number> {
  // A connection that is still being made takes nothing yet, and its buffers are filled by and by.
  let accepted = 0
  let refusals = 0
  while (refusals < 10) {
    if (await offerOne(String(accepted))) {
      accepted++
      refusals = 0
      assert.ok(accepted < 200, "200 MiB were taken although nobody received")
    } else {
      refusals++
      await delay(5)
    }
  }
  assert.ok(accepted > 0)
  return accepted
}
