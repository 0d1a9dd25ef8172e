// What goes through a proxy: all of it, whole, in order, both ways, and no more than the other side has room for.
import assert from "node:assert/strict"
import { eventually } from "./deadline.js"
import { runProxy, start } from "./proxy-stage.js"
import { type Setting, scenario } from "./stage.js"
import { fill, numbers, offer, sized, take, takeFrames, takeMany, takeNow, takesNothing } from "./talk.js"

export function proxyPassingScenarios(setting: Setting): void {
  scenario(
    setting,
    "a request of two frames goes through ROUTER and DEALER, and its reply comes back",
    async (stage) => {
      const { front, back } = await runProxy(stage, "Router", "Dealer")
      const reply = stage.open("Reply")
      reply.connect(back)
      const request = stage.open("Request")
      request.connect(front)
      await request.send(["ABC", "DEF"])
      assert.deepEqual(await take(reply), ["ABC", "DEF"])
      await reply.send(["GHI", "JKL"])
      assert.deepEqual(await take(request), ["GHI", "JKL"])
    },
  )

  scenario(
    setting,
    "clients of a proxy share its workers, and each gets the answers to its own requests",
    async (stage) => {
      const { front, back } = await runProxy(stage, "Router", "Dealer")
      for (let worker = 0; worker < 5; worker += 1) {
        const dealer = stage.open("Dealer")
        dealer.connect(back)
        // Two answers for each request, as only a DEALER can give.
        const answer = async (): Promise<void> => {
          for await (const [name, body] of dealer) {
            for (const answer of ["first", "second"]) await dealer.send([name as Buffer, `${body} ${answer}`])
          }
        }
        void answer()
      }
      const clients = ["a", "b", "c"].map((routingId) => {
        const client = stage.open("Dealer", { routingId })
        client.connect(front)
        return client
      })
      for (let round = 0; round < 20; round += 1) {
        for (const client of clients) await client.send(`${client.routingId} ${round}`)
      }
      for (const client of clients) {
        const answers = await takeMany(client, 40)
        const expected = numbers(20).flatMap((round) =>
          ["first", "second"].map((answer) => `${client.routingId} ${round} ${answer}`),
        )
        assert.deepEqual(answers.sort(), expected.sort())
        await takesNothing(client, `client ${client.routingId}`)
      }
    },
  )

  scenario(
    setting,
    "messages of any size and of many frames come through PULL and PUSH whole and in order",
    async (stage) => {
      const { front, back } = await runProxy(stage, "Pull", "Push")
      const pull = stage.open("Pull")
      pull.connect(back)
      const pushes = ["a", "b"].map((name) => {
        const push = stage.open("Push")
        push.connect(front)
        return { name, push }
      })
      const many = numbers(50)
      for (let number = 0; number < 200; number += 1) {
        for (const { name, push } of pushes)
          await push.send([name, ...sized(number, name.charCodeAt(0)), ...many])
      }
      const next = new Map(pushes.map(({ name }) => [name, 0]))
      for (let count = 0; count < 400; count += 1) {
        const [from, number, load, ...rest] = await takeFrames(pull)
        const name = String(from)
        assert.equal(Number(number), next.get(name), `${name}'s messages are out of order`)
        assert.deepEqual(load, sized(Number(number), name.charCodeAt(0))[1])
        assert.deepEqual(rest.map(String), many)
        next.set(name, Number(number) + 1)
      }
    },
  )

  scenario(setting, "subscriptions go up through XSUB and XPUB, and messages down", async (stage) => {
    const { front, back } = await runProxy(stage, "XSubscriber", "XPublisher")
    const publisher = stage.open("XPublisher")
    publisher.connect(front)
    const subscriber = stage.open("Subscriber")
    subscriber.connect(back)
    subscriber.subscribe("a")
    assert.deepEqual(await take(publisher), ["\x01a"])
    for (const message of [
      ["b", "no"],
      ["a", "yes"],
      ["ab", "", "too"],
    ])
      await publisher.send(message)
    assert.deepEqual(await take(subscriber), ["a", "yes"])
    assert.deepEqual(await take(subscriber), ["ab", "", "too"])
    subscriber.unsubscribe("a")
    assert.deepEqual(await take(publisher), ["\x00a"])
    await takesNothing(subscriber, "a SUB that asks for nothing any more")
  })

  scenario(setting, "a subscriber that leaves a proxy is cancelled at the publisher", async (stage) => {
    const { front, back } = await runProxy(stage, "XSubscriber", "XPublisher")
    const publisher = stage.open("XPublisher")
    publisher.connect(front)
    const subscriber = stage.open("Subscriber")
    subscriber.subscribe("a")
    subscriber.connect(back)
    assert.deepEqual(await take(publisher), ["\x01a"])
    subscriber.close()
    assert.deepEqual(await take(publisher), ["\x00a"])
  })

  scenario(setting, "what a SUB asked for goes through a proxy to a PUB", async (stage) => {
    const frontEnd = stage.open("Subscriber")
    frontEnd.subscribe("a")
    const backEnd = stage.open("Publisher")
    const [front, back] = [await stage.bind(frontEnd), await stage.bind(backEnd)]
    start(stage, stage.proxy(frontEnd, backEnd))
    const publisher = stage.open("XPublisher")
    publisher.connect(front)
    assert.deepEqual(await take(publisher), ["\x01a"])
    const subscriber = stage.open("Subscriber")
    subscriber.subscribe()
    subscriber.connect(back)
    // Nobody tells when the PUB knows of it.
    await eventually(async () => {
      await publisher.send("b")
      await publisher.send("a")
      return (await takeNow(subscriber))?.[0] === "a"
    }, "a message to come through")
  })

  scenario(setting, "PAIRs talk through a proxy", async (stage) => {
    const { front, back } = await runProxy(stage, "Pair", "Pair")
    const [left, right] = [stage.open("Pair"), stage.open("Pair")]
    left.connect(front)
    right.connect(back)
    for (const number of numbers(100)) {
      await left.send(["to the right", number])
      await right.send(["to the left", number])
    }
    for (const number of numbers(100)) {
      assert.deepEqual(await take(right), ["to the right", number])
      assert.deepEqual(await take(left), ["to the left", number])
    }
  })

  if (setting.library.name === "puremq") singleSocketScenarios(setting)

  scenario(setting, "what was sent before the proxy ran goes through when it runs", async (stage) => {
    const [frontEnd, backEnd] = [stage.open("Pull"), stage.open("Push")]
    const push = stage.open("Push")
    push.connect(await stage.bind(frontEnd))
    const pull = stage.open("Pull")
    pull.connect(await stage.bind(backEnd))
    for (const number of numbers(10)) await push.send(number)
    start(stage, stage.proxy(frontEnd, backEnd))
    assert.deepEqual(await takeMany(pull, 10), numbers(10))
  })

  scenario(
    setting,
    "a proxy takes nothing that its other side has no room for, and loses nothing",
    async (stage) => {
      const frontEnd = stage.open("Pull", { receiveHighWaterMark: 2 })
      const backEnd = stage.open("Push", { sendHighWaterMark: 2 })
      const [front, back] = [await stage.bind(frontEnd), await stage.bind(backEnd)]
      start(stage, stage.proxy(frontEnd, backEnd))
      const push = stage.open("Push", { sendHighWaterMark: 2 })
      push.connect(front)
      const load = Buffer.alloc(2 ** 20)
      let taken = 0
      while (await offer(push, [String(taken), load], 100)) {
        taken += 1
        assert.ok(taken < 200, "200 MiB were taken although nobody received")
      }
      const pull = stage.open("Pull", { receiveHighWaterMark: 2 })
      pull.connect(back)
      for (const number of numbers(taken)) {
        const [name, body] = await takeFrames(pull, `message ${number} of ${taken}`)
        assert.deepEqual([String(name), body?.length], [number, load.length])
      }
      await push.send("after")
      assert.deepEqual(await take(pull), ["after"])
    },
  )

  if (setting.transport === "inproc") {
    scenario(setting, "a proxy without a peer behind it takes not even one message", async (stage) => {
      const frontEnd = stage.open("Pull", { receiveHighWaterMark: 3 })
      const backEnd = stage.open("Push", { sendHighWaterMark: 5 })
      const [front, back] = [await stage.bind(frontEnd), await stage.bind(backEnd)]
      start(stage, stage.proxy(frontEnd, backEnd))
      const push = stage.open("Push", { sendHighWaterMark: 4 })
      push.connect(front)
      await stage.linked([push, frontEnd])
      assert.equal(await fill(push, 100), 7)
      const pull = stage.open("Pull")
      pull.connect(back)
      assert.deepEqual(await takeMany(pull, 7), numbers(7))
    })
  }
}

/** libzmq can do it (so pyzmq shows), but zeromq.js 6.8 crashes where both ends are one socket. */
function singleSocketScenarios(setting: Setting): void {
  scenario(setting, "a REP that is both ends of a proxy sends requests back as replies", async (stage) => {
    const reply = stage.open("Reply")
    const address = await stage.bind(reply)
    start(stage, stage.proxy(reply, reply))
    const request = stage.open("Request")
    request.connect(address)
    for (const message of [["msg1"], ["msg22"], ["three", "", "frames"]]) {
      await request.send(message)
      assert.deepEqual(await take(request), message)
    }
  })

  scenario(setting, "a DEALER that is both ends of a proxy sends back what comes", async (stage) => {
    const dealer = stage.open("Dealer")
    const address = await stage.bind(dealer)
    start(stage, stage.proxy(dealer, dealer))
    const other = stage.open("Dealer")
    other.connect(address)
    for (const number of numbers(100)) await other.send(number)
    assert.deepEqual(await takeMany(other, 100), numbers(100))
  })
}
