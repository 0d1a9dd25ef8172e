// inproc between threads: each pattern, whoever binds, whoever comes first.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import type { SocketName } from "../suites/library.js"
import { Player, vacantName } from "./troupe.js"

/** A socket of this thread or of another one. */
interface End {
  bind(address: string): Promise<unknown>
  connect(address: string): unknown
  subscribe?(topic: string): unknown
  send(message: string | string[]): Promise<void>
  /** The next message, its frames as text. */
  receive(): Promise<string[]>
}

/** As long as nobody asks it for what its type does not have. */
type AnySocket = zmq.Socket & Pick<zmq.Pair, "send" | "receive"> & Partial<Pick<zmq.Subscriber, "subscribe">>

/** Where a socket lives. */
type Opener = (name: SocketName, options?: object) => Promise<End>

const classes: Pick<typeof zmq, SocketName> = zmq

/** Sockets of this thread, closed at the end. */
class Home implements Disposable {
  readonly #sockets: zmq.Socket[] = []

  readonly open: Opener = async (name, options) => {
    const construct = classes[name] as unknown as new (options: object) => AnySocket
    const socket = new construct({ linger: 0, ...options })
    this.#sockets.push(socket)
    return {
      bind: (address) => socket.bind(address),
      connect: (address) => socket.connect(address),
      subscribe: (topic) => socket.subscribe?.(topic),
      send: (message) => socket.send(message),
      receive: async () => (await within(socket.receive(), "a message")).map(String),
    }
  };

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.close()
  }
}

const places = {
  "the binder in a worker": (home: Home, worker: Player): [Opener, Opener] => [
    (...of) => worker.open(...of),
    home.open,
  ],
  "the connecter in a worker": (home: Home, worker: Player): [Opener, Opener] => [
    home.open,
    (...of) => worker.open(...of),
  ],
  "both in workers": (_: Home, worker: Player, other: Player): [Opener, Opener] => [
    (...of) => worker.open(...of),
    (...of) => other.open(...of),
  ],
}

const conversations: Record<string, [SocketName, SocketName, (bound: End, connected: End) => Promise<void>]> =
  {
    PAIR: ["Pair", "Pair", talk],
    "REP and REQ": ["Reply", "Request", (reply, request) => ask(request, reply)],
    "REQ and REP": ["Request", "Reply", ask],
    "PULL and PUSH": ["Pull", "Push", (pull, push) => feed(push, pull)],
    "PUSH and PULL": ["Push", "Pull", feed],
    "PUB and SUB": ["Publisher", "Subscriber", publish],
    "SUB and PUB": ["Subscriber", "Publisher", (subscriber, publisher) => publish(publisher, subscriber)],
    "XPUB and XSUB": ["XPublisher", "XSubscriber", subscribe],
    "ROUTER and DEALER": ["Router", "Dealer", route],
    "DEALER and REP": ["Dealer", "Reply", (dealer, reply) => envelop(dealer, reply)],
  }

for (const [place, openers] of Object.entries(places)) {
  describe(place, () => {
    for (const [pattern, [binder, connecter, play]] of Object.entries(conversations)) {
      for (const order of ["bind first", "connect first"]) {
        test(`${pattern}, ${order}`, async () => {
          using home = new Home()
          await using worker = new Player()
          await using other = new Player()
          const [openBound, openConnected] = openers(home, worker, other)
          const named = connecter === "Dealer" ? { routingId: "dealer" } : {}
          const [bound, connected] = [await openBound(binder), await openConnected(connecter, named)]
          const address = vacantName()
          if (order === "bind first") await bound.bind(address)
          await connected.connect(address)
          if (order === "connect first") await bound.bind(address)
          await within(play(bound, connected), "the conversation to end")
        })
      }
    }
  })
}

async function talk(one: End, other: End): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await one.send([`one ${round}`, "and more"])
    await other.send(`other ${round}`)
    assert.deepEqual(await other.receive(), [`one ${round}`, "and more"])
    assert.deepEqual(await one.receive(), [`other ${round}`])
  }
}

async function ask(request: End, reply: End): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await request.send(["question", String(round)])
    assert.deepEqual(await reply.receive(), ["question", String(round)])
    await reply.send(`answer ${round}`)
    assert.deepEqual(await request.receive(), [`answer ${round}`])
  }
}

async function envelop(dealer: End, reply: End): Promise<void> {
  await dealer.send(["envelope", "", "question"])
  assert.deepEqual(await reply.receive(), ["question"])
  await reply.send("answer")
  assert.deepEqual(await dealer.receive(), ["envelope", "", "answer"])
}

async function feed(push: End, pull: End): Promise<void> {
  const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`)
  for (const text of texts) await push.send(text)
  for (const text of texts) assert.deepEqual(await pull.receive(), [text])
}

async function publish(publisher: End, subscriber: End): Promise<void> {
  await subscriber.subscribe?.("topic")
  const received = subscriber.receive()
  let over = false
  void received.then(() => {
    over = true
  })
  await eventually(async () => {
    await publisher.send("not wanted")
    await publisher.send(["topic", "text"])
    return over
  }, "the subscriber to hear something")
  assert.deepEqual(await received, ["topic", "text"])
}

async function subscribe(publisher: End, subscriber: End): Promise<void> {
  await subscriber.send("\x01topic")
  assert.deepEqual(await publisher.receive(), ["\x01topic"])
  await publisher.send(["topic", "text"])
  assert.deepEqual(await subscriber.receive(), ["topic", "text"])
  await subscriber.send("no subscription")
  assert.deepEqual(await publisher.receive(), ["no subscription"])
}

async function route(router: End, dealer: End): Promise<void> {
  await dealer.send("hello")
  const [id = "", text] = await router.receive()
  assert.deepEqual([id, text], ["dealer", "hello"])
  await router.send([id, "welcome"])
  assert.deepEqual(await dealer.receive(), ["welcome"])
}
