// What a peer asks for by commands, in CURVE's boxes: topics and groups, over tcp and ws, with libzmq in either role.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { Publisher, Subscriber } from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { type DraftSocket, draftOf } from "../suites/draft-library.js"
import { hearGroup, tune } from "../suites/draft-radio-dish.js"
import { type Library, loadZeromq, puremq as ours } from "../suites/library.js"
import { curveOptions, curveServerOptions } from "./libzmq-stage.js"

const zeromq = loadZeromq()
const libraries = typeof zeromq === "string" ? [ours] : [ours, zeromq]

/** A socket of a class of either library. */
function open<S>(socketClass: unknown, options: object): S {
  return new (socketClass as new (options: object) => S)({ linger: 0, ...options })
}

interface Endpoint {
  readonly lastEndpoint: string | null
  bind(address: string): Promise<void>
  connect(address: string): void
  close(): void
}

/** Connects two sockets for the time of `talk`. */
async function between<One extends Endpoint, Other extends Endpoint>(
  [binder, connecter]: readonly [One, Other] | readonly [Other, One],
  scheme: string,
  talk: () => Promise<void>,
): Promise<void> {
  try {
    await binder.bind(`${scheme}://127.0.0.1:*`)
    connecter.connect(binder.lastEndpoint as string)
    await within(talk(), "the conversation")
  } finally {
    binder.close()
    connecter.close()
  }
}

/** Publishes until the subscriber has heard of a topic. */
async function hear(publisher: Publisher, subscriber: Subscriber, topic: string): Promise<void> {
  subscriber.receiveTimeout = 20
  await eventually(async () => {
    await publisher.send(["other", "unwanted"])
    await publisher.send([topic, "wanted"])
    const heard = await subscriber.receive().catch(() => [])
    assert.notEqual(String(heard[0]), "other")
    return String(heard[0]) === topic
  }, `the subscriber to hear ${topic}`)
  subscriber.receiveTimeout = 5000
}

interface Cast {
  readonly asked: Library
  readonly asking: Library
  /** The options of who is asked, and of who asks. */
  readonly keys: readonly [asked: object, asking: object]
  readonly askedBinds: boolean
  readonly scheme: string
}

/** All in which we take part; who binds is CURVE's server. */
function casts(): (Cast & { readonly title: string })[] {
  return libraries.flatMap((asked) =>
    libraries.flatMap((asking) =>
      [true, false].flatMap((askedBinds) =>
        ["tcp", "ws"].flatMap((scheme) => {
          if (asked !== ours && asking !== ours) return []
          const keys = askedBinds
            ? ([curveServerOptions, curveOptions] as const)
            : ([curveOptions, curveServerOptions] as const)
          const [binds, connects] = askedBinds ? ["binds", "connects"] : ["connects", "binds"]
          const title = `${asked.name}'s ${binds} over ${scheme}, ${asking.name}'s peer ${connects}`
          return [{ asked, asking, keys, askedBinds, scheme, title }]
        }),
      ),
    ),
  )
}

for (const { asked, asking, keys, askedBinds, scheme, title } of casts()) {
  test(`a PUB hears of topics in CURVE's boxes: ${title}`, async () => {
    const publisher = open<Publisher>(asked.zmq.Publisher, keys[0])
    const subscriber = open<Subscriber>(asking.zmq.Subscriber, keys[1])
    subscriber.subscribe("first", "second")
    const order = askedBinds ? ([publisher, subscriber] as const) : ([subscriber, publisher] as const)
    await between(order, scheme, async () => {
      await hear(publisher, subscriber, "first")
      subscriber.subscribe("third")
      await hear(publisher, subscriber, "third")
      subscriber.unsubscribe("first")
      await hear(publisher, subscriber, "second")
      await publisher.send(["first", "given up"])
      await publisher.send(["third", "the end"])
      const rest: string[] = []
      while (rest.at(-1) !== "the end") rest.push(String((await subscriber.receive())[1]))
      assert.ok(!rest.includes("given up"))
    })
  })

  test(`a RADIO hears of groups in CURVE's boxes: ${title}`, async () => {
    const radio = open<DraftSocket<"Radio">>(draftOf(asked.name).Radio, keys[0])
    const dish = open<DraftSocket<"Dish">>(draftOf(asking.name).Dish, keys[1])
    dish.join("early")
    const order = askedBinds ? ([radio, dish] as const) : ([dish, radio] as const)
    await between(order, scheme, async () => {
      await tune(radio, dish, "early")
      dish.join("late")
      await tune(radio, dish, "late")
      dish.leave("early")
      await radio.send("1", { group: "early" })
      await radio.send("2", { group: "other" })
      await radio.send("3", { group: "late" })
      assert.deepEqual(await hearGroup(dish), ["3", "late"])
    })
  })
}
