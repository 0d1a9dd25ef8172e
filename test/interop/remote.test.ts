// JeroMQ, which speaks ZMTP 2.0, and pyzmq: exchanges of each pattern, whoever binds, with frames around each boundary.
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import * as puremq from "puremq"
import { findJava, findPython, unlessMissing } from "./peer.js"
import { type Remote, type RemoteSocket, startJava, startPython } from "./remote.js"

type Ours = puremq.Socket & Disposable

/** Messages that are sent one after another. */
const messages: Buffer[][] = [
  ...[0, 1, 255, 256, 65_536].map((size) => [Buffer.alloc(size, size % 251)]),
  [Buffer.from("two"), Buffer.from("frames")],
  [Buffer.alloc(0), Buffer.from("behind an empty one"), Buffer.alloc(0)],
]

const java = findJava()
const python = findPython()

playWith("JeroMQ", java, () => startJava(java as Exclude<typeof java, string>))
playWith("pyzmq", python, () => startPython(python as Exclude<typeof python, string>))

function playWith(name: string, found: object | string, start: () => Remote): void {
  describe(name, unlessMissing(typeof found === "string" ? found : undefined), () => {
    let remote: Remote
    before(() => {
      remote = start()
    })
    after(() => remote[Symbol.asyncDispose]())

    for (const binder of ["it", "we"] as const) {
      const connected = async (ours: Ours, theirs: RemoteSocket): Promise<void> => {
        if (binder === "it") {
          ours.connect(await theirs.bind())
        } else {
          await ours.bind("tcp://127.0.0.1:*")
          await theirs.connect(ours.lastEndpoint ?? "")
        }
      }

      test(`its REP answers our REQ, ${binder} bind`, async () => {
        using asker = new puremq.Request({ linger: 0 })
        const answerer = await remote.open("REP")
        await connected(asker, answerer)
        for (const message of messages) {
          await asker.send(message)
          assert.deepEqual(await answerer.receive(), message)
          await answerer.send([...message, "answered"])
          assert.deepEqual(await asker.receive(), [...message, Buffer.from("answered")])
        }
        await answerer.close()
      })

      test(`our REP answers its REQ, ${binder} bind`, async () => {
        using answerer = new puremq.Reply({ linger: 0 })
        const asker = await remote.open("REQ")
        await connected(answerer, asker)
        for (const message of messages) {
          await asker.send(message)
          assert.deepEqual(await answerer.receive(), message)
          await answerer.send([...message, "answered"])
          assert.deepEqual(await asker.receive(), [...message, Buffer.from("answered")])
        }
        await asker.close()
      })

      test(`our PULL gets what its PUSH sends, ${binder} bind`, async () => {
        using pull = new puremq.Pull()
        const push = await remote.open("PUSH")
        await connected(pull, push)
        for (const message of messages) await push.send(message)
        for (const message of messages) assert.deepEqual(await pull.receive(), message)
        await push.close()
      })

      test(`its PULL gets what our PUSH sends, ${binder} bind`, async () => {
        using push = new puremq.Push({ linger: 0 })
        const pull = await remote.open("PULL")
        await connected(push, pull)
        for (const message of messages) await push.send(message)
        for (const message of messages) assert.deepEqual(await pull.receive(), message)
        await pull.close()
      })

      test(`our SUB gets the topics of its PUB that it asked for, ${binder} bind`, async () => {
        using subscriber = new puremq.Subscriber()
        subscriber.subscribe("news.")
        const publisher = await remote.open("PUB")
        await connected(subscriber, publisher)
        const first = subscriber.receive()
        let begun = false
        void first.then(() => (begun = true))
        while (!begun) await publisher.send(["news.begun"])
        await publisher.send(["weather.rain"])
        await publisher.send(["news.last", "frame"])
        let message = await first
        while (`${message[0]}` === "news.begun") message = await subscriber.receive()
        assert.deepEqual(message.map(String), ["news.last", "frame"])
        await publisher.close()
      })

      test(`its SUB gets the topics of our PUB that it asked for, ${binder} bind`, async () => {
        using publisher = new puremq.Publisher({ linger: 0, sendHighWaterMark: 0 })
        const subscriber = await remote.open("SUB")
        await subscriber.subscribe("news.")
        await connected(publisher, subscriber)
        const first = subscriber.receive()
        let begun = false
        void first.then(() => (begun = true))
        while (!begun) {
          await publisher.send("news.begun")
          await new Promise(setImmediate)
        }
        await publisher.send("weather.rain")
        await publisher.send(["news.last", "frame"])
        let message = await first
        while (`${message[0]}` === "news.begun") message = await subscriber.receive()
        assert.deepEqual(message.map(String), ["news.last", "frame"])
        await subscriber.close()
      })

      test(`our ROUTER and its DEALER know each other by its name, ${binder} bind`, async () => {
        using router = new puremq.Router({ linger: 0 })
        const dealer = await remote.open("DEALER")
        await dealer.setName("dealer")
        await connected(router, dealer)
        for (const message of messages) {
          await dealer.send(message)
          assert.deepEqual(await router.receive(), [Buffer.from("dealer"), ...message])
          await router.send(["dealer", ...message])
          assert.deepEqual(await dealer.receive(), message)
        }
        await dealer.close()
      })

      test(`its ROUTER and our DEALER know each other by our name, ${binder} bind`, async () => {
        using dealer = new puremq.Dealer({ linger: 0, routingId: "dealer" })
        const router = await remote.open("ROUTER")
        await connected(dealer, router)
        for (const message of messages) {
          await dealer.send(message)
          assert.deepEqual(await router.receive(), [Buffer.from("dealer"), ...message])
          await router.send(["dealer", ...message])
          assert.deepEqual(await dealer.receive(), message)
        }
        await router.close()
      })
    }
  })
}
