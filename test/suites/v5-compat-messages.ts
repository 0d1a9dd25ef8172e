// Messages and their listeners by the API of zeromq.js 5.
import assert from "node:assert/strict"
import { within } from "./deadline.js"
import { messages, nextMessage, type OldSetting, oldScenario } from "./v5-compat-stage.js"

export function messageScenarios(setting: OldSetting): void {
  oldScenario(setting, "a message's frames are the arguments of its event", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const got = messages(pull, 3)
    push.send("text")
    push.send(["one", Buffer.from("two"), 3])
    push.send(Buffer.from("bytes"))
    assert.deepEqual(await got, [["text"], ["one", "two", "3"], ["bytes"]])
  })

  oldScenario(setting, "ZMQ_SNDMORE adds the next frames to the same message", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const got = messages(pull, 2)
    push.send("one", stage.zmq.ZMQ_SNDMORE).send(["two", "three"], stage.zmq.ZMQ_SNDMORE)
    push.send("four")
    push.send("alone", null)
    assert.deepEqual(await got, [["one", "two", "three", "four"], ["alone"]])
  })

  oldScenario(setting, "send tells its callback when the message was accepted", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    const told: unknown[] = []
    const all = new Promise<void>((resolve) => {
      push.send("one", 0, (error) => told.push(error))
      push.send("two", 0, (error) => resolve(void told.push(error)))
    })
    const got = messages(pull, 2)
    await stage.join(pull, push)
    await within(all, "two callbacks")
    assert.deepEqual(told, [undefined, undefined])
    assert.deepEqual(await got, [["one"], ["two"]])
  })

  oldScenario(
    setting,
    "requests and replies take turns, and what is said out of turn waits",
    async (stage) => {
      const [request, reply] = [stage.socket("req"), stage.socket("rep")]
      await stage.join(reply, request)
      reply.on("message", (question) => reply.send(`answer to ${question}`))
      const got = messages(request, 3)
      for (const question of ["one", "two", "three"]) request.send(question)
      assert.deepEqual(await got, [["answer to one"], ["answer to two"], ["answer to three"]])
    },
  )

  oldScenario(setting, "xreq and xrep are dealer and router", async (stage) => {
    const [dealer, router] = [stage.socket("xreq"), stage.socket("xrep")]
    assert.deepEqual([dealer.type, router.type], ["xreq", "xrep"])
    assert.deepEqual([dealer.getsockopt(stage.zmq.ZMQ_TYPE), router.getsockopt(16)], [5, 6])
    dealer.identity = "asker"
    await stage.join(router, dealer)
    dealer.send(["", "question"])
    const [name, ...rest] = await nextMessage(router)
    assert.deepEqual([name, ...rest], ["asker", "", "question"])
    router.send([name as string, "answer"])
    assert.deepEqual(await nextMessage(dealer), ["answer"])
  })

  oldScenario(setting, "a subscriber hears what it asked for", async (stage) => {
    const [publisher, subscriber] = [stage.socket("xpub"), stage.socket("sub")]
    subscriber.subscribe("a").subscribe("gone").unsubscribe("gone")
    const subscribed = nextMessage(publisher)
    await stage.join(publisher, subscriber)
    assert.deepEqual(await subscribed, ["\u0001a"])
    const got = messages(subscriber, 2)
    for (const topic of ["a1", "b", "gone", "a2"]) publisher.send([topic, "body"])
    assert.deepEqual(await got, [
      ["a1", "body"],
      ["a2", "body"],
    ])
    assert.throws(() => publisher.subscribe("a"), { message: "Subscriber socket required" })
  })

  oldScenario(setting, "a paused socket keeps what it is to send and tells of nothing", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const first = nextMessage(pull)
    push.send("first")
    assert.deepEqual(await first, ["first"])
    pull.pause()
    push.pause()
    let told = false
    push.send("second", 0, () => {
      told = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(told, false)
    push.resume()
    const [other, pair] = [stage.socket("pair"), stage.socket("pair")]
    await stage.join(pair, other)
    other.send("meanwhile")
    await nextMessage(pair)
    const second = nextMessage(pull)
    pull.resume()
    assert.deepEqual(await second, ["second"])
  })
}

export function listenerScenarios(setting: OldSetting): void {
  oldScenario(setting, "what a listener throws is uncaught before the next message comes", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const told: string[] = []
    const over = new Promise<void>((resolve) => {
      process.setUncaughtExceptionCaptureCallback((error) => told.push(String(error)))
      pull.on("message", (text) => {
        told.push(String(text))
        if (told.length > 1) resolve()
        else throw new Error("of the listener")
      })
    })
    push.send("one").send("two")
    await within(over, "the second message").finally(() => process.setUncaughtExceptionCaptureCallback(null))
    assert.deepEqual(told, ["one", "Error: of the listener", "two"])
  })
}
