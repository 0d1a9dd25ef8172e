// How many connections and handshakes an endpoint has at a time, and who has to go when there are more.
import assert from "node:assert/strict"
import type { Pull } from "puremq"
import { eventually } from "../suites/deadline.js"
import { puremq } from "../suites/library.js"
import { type Stage, scenario } from "../suites/stage.js"
import { take, takeNow } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { codeOf, dial, EventLog, here } from "./wire-stage.js"
import { greeting, message, ready } from "./zmtp-bytes.js"

async function bound(
  stage: Stage,
  options: ConstructorParameters<typeof Pull>[0],
): Promise<{ socket: Pull; events: EventLog; come(): Promise<MockPeer>; join(): Promise<MockPeer> }> {
  const socket = stage.open("Pull", options)
  const events = new EventLog(socket)
  const address = await stage.bind(socket)
  const come = () => dial(stage, address)
  const join = async (): Promise<MockPeer> => {
    const mock = await come()
    await mock.shakeHands("PUSH")
    await events.next("handshake")
    return mock
  }
  return { socket, events, come, join }
}

async function says(mock: MockPeer, socket: Pull, text: string): Promise<void> {
  await mock.send(message(text))
  assert.deepEqual(await take(socket), [text])
}

here(
  "who comes to an endpoint that is full is hung up on, and others come when somebody has gone",
  async (stage) => {
    const { socket, events, come, join } = await bound(stage, { maxConnections: 2 })
    const [one, two] = [await join(), await join()]
    const third = await come()
    assert.equal(codeOf(await events.next("accept:error")), "EMFILE")
    await third.ended()
    for (const mock of [one, two]) await says(mock, socket, "still here")
    one.close()
    await events.next("disconnect")
    await says(await join(), socket, "here at last")
    assert.equal(events.types.filter((type) => type === "accept").length, 3)
  },
)

here("who has not shaken hands makes room when an endpoint is full", async (stage) => {
  const { socket, events, come, join } = await bound(stage, { maxConnections: 2 })
  const one = await join()
  const idler = await come()
  await events.next("accept")
  const two = await join()
  assert.equal(codeOf(events.seen.find(({ type }) => type === "handshake:error:other") as never), "ENOBUFS")
  await idler.ended()
  for (const mock of [one, two]) await says(mock, socket, "still here")
})

here("the oldest of too many handshakes is given up", async (stage) => {
  const { socket, events, come, join } = await bound(stage, { maxHandshakes: 2 })
  const idlers: MockPeer[] = []
  for (let count = 0; count < 3; count++) {
    idlers.push(await come())
    await events.next("accept")
  }
  await idlers[0]?.ended()
  assert.deepEqual(
    idlers.map(({ isOpen }) => isOpen),
    [false, true, true],
  )
  // Who is done counts no more.
  const joined = [await join(), await join(), await join()]
  for (const mock of joined) await says(mock, socket, "done")
  await idlers[1]?.ended()
  const given = events.seen.filter(({ type }) => type === "handshake:error:other")
  assert.deepEqual(
    given.map((event) => codeOf(event as never)),
    ["ENOBUFS", "ENOBUFS"],
  )
  assert.equal(idlers[2]?.isOpen, true)
  await idlers[2]?.send(greeting(), ready("PUSH"))
  await says(idlers[2] as MockPeer, socket, "late")
})

here("of a crowd beyond the number of handshakes everybody gets in by and by", async (stage) => {
  const { socket } = await bound(stage, { maxHandshakes: 3, maxConnections: 20 })
  const senders = Array.from({ length: 20 }, () => stage.open("Push", { reconnectInterval: 5 }))
  for (const sender of senders) sender.connect(socket.lastEndpoint as string)
  const heard = new Set<string>()
  await eventually(async () => {
    // What was on its way when its connection was given up is lost.
    for (const [at, sender] of senders.entries()) if (!heard.has(`${at}`)) sender.trySend(`${at}`)
    for (let text = await takeNow(socket); text !== undefined; text = await takeNow(socket)) {
      heard.add(text[0] as string)
    }
    return heard.size === 20
  }, "messages of the whole crowd")
})

here("zero is any number", async (stage) => {
  const { socket, come, join } = await bound(stage, { maxHandshakes: 0, maxConnections: 0 })
  const idlers = [await come(), await come(), await come()]
  await says(await join(), socket, "hello")
  assert.ok(idlers.every(({ isOpen }) => isOpen))
})

here("each endpoint counts its own", async (stage) => {
  const { socket, come, join } = await bound(stage, { maxHandshakes: 1, maxConnections: 1 })
  const one = await join()
  const address = await stage.bind(socket)
  const other = await dial(stage, address)
  await other.shakeHands("PUSH")
  for (const mock of [one, other]) await says(mock, socket, "hello")
  await (await come()).ended()
})

scenario(
  { library: puremq, transport: "inproc" },
  "peers of the same process are not counted",
  async (stage) => {
    const pull = stage.open("Pull", { maxConnections: 1, maxHandshakes: 1 })
    const address = await stage.bind(pull)
    for (const text of ["one", "two", "three"]) {
      const push = stage.open("Push")
      push.connect(address)
      await push.send(text)
      assert.deepEqual(await take(pull), [text])
    }
  },
)

here("a raw socket's connections are counted too", async (stage) => {
  const stream = stage.open("Stream", { maxConnections: 1 })
  const events = new EventLog(stream)
  const address = await stage.bind(stream)
  const one = await dial(stage, address)
  assert.equal((await take(stream)).length, 2)
  const two = await dial(stage, address)
  assert.equal(codeOf(await events.next("accept:error")), "EMFILE")
  await two.ended()
  await one.send(Buffer.from("hello"))
  assert.equal((await take(stream))[1], "hello")
})
