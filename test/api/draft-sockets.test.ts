// What the classes of puremq/draft have, and how their own ways of sending and receiving behave.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Context, context, Proxy as Mediator, Pull, Push, Socket } from "puremq"
import * as draft from "puremq/draft"
import { eventually, within } from "../suites/deadline.js"
import { kinds } from "./draft-kinds.js"

for (const [name, { Class, type, sends, receives, own }] of Object.entries(kinds)) {
  test(`${name} has the methods of its direction and no others`, () => {
    using socket: Socket = new Class({ linger: 0 })
    for (const method of ["send", "trySend", "sendJson"]) assert.equal(method in socket, sends, method)
    for (const method of ["receive", "tryReceive", "receiveWithSender", "sender", Symbol.asyncIterator]) {
      assert.equal(method in socket, receives, String(method))
    }
    for (const method of ["join", "leave", "connectPeer", "disconnectPeer", "receiveString"]) {
      assert.equal(method in socket, own.includes(method), method)
    }
    assert.equal(socket.type, type)
    assert.equal(socket.constructor.name, name)
    assert.ok(socket instanceof Socket)
    assert.deepEqual(Object.keys(socket), [])
    assert.equal(Object.isSealed(socket), true)
    assert.equal(socket.context, context)
    assert.equal(socket.threadSafe, name !== "Datagram")
    assert.equal(socket.readable, false)
    // SERVER says yes until a message names its peer, and RADIO drops.
    assert.equal(socket.writable, ["Server", "Peer", "Radio"].includes(name))
    socket.close()
    assert.throws(() => socket.type, { code: "ENOTSOCK" })
    const { send, receive } = socket as unknown as Record<string, (...args: unknown[]) => unknown>
    const note = { routingId: 1, group: "g" }
    if (sends) assert.throws(() => send?.call(socket, "x", note), { code: "EBADF" })
    if (receives) assert.throws(() => receive?.call(socket), { code: "EBADF" })
  })
}

test("a Dish closes with linger 0, the others with -1, and options are those of the direction", () => {
  using dish = new draft.Dish()
  using radio = new draft.Radio({ multicastLoop: false, noDrop: true, multicastHops: 3 })
  assert.equal(dish.linger, 0)
  assert.equal(radio.linger, -1)
  assert.equal(radio.multicastLoop, false)
  assert.equal("sendTimeout" in dish, false)
  assert.equal("receiveTimeout" in radio, false)
  assert.throws(() => Object.assign(dish, { conflate: true }), TypeError)
  assert.throws(() => new draft.Dish({ context: 1 as never }), TypeError)
})

test("options by number, and that threads may share a socket of libzmq's", () => {
  class Numbered extends draft.Radio {
    get(option: number): number {
      return this.getInt32Option(option)
    }

    set(option: number, value: number): void {
      this.setInt32Option(option, value)
    }
  }
  const [MULTICAST_HOPS, NODROP, THREAD_SAFE, MULTICAST_LOOP, CONFLATE] = [25, 69, 81, 96, 54]
  using radio = new Numbered()
  assert.deepEqual(
    [MULTICAST_HOPS, NODROP, THREAD_SAFE, MULTICAST_LOOP].map((id) => radio.get(id)),
    [1, 0, 1, 1],
  )
  radio.set(MULTICAST_LOOP, 0)
  assert.equal(radio.multicastLoop, false)
  assert.throws(() => radio.set(MULTICAST_LOOP, 2), { code: "EINVAL" })
  assert.throws(() => radio.set(CONFLATE, 1), { code: "EINVAL" })
})

/** A SERVER and CLIENT that know each other. */
async function acquainted(): Promise<{ server: draft.Server; client: draft.Client; routingId: number }> {
  const server = new draft.Server({ linger: 0 })
  const client = new draft.Client({ linger: 0 })
  await server.bind("tcp://127.0.0.1:0")
  client.connect(server.lastEndpoint as string)
  await client.send("hello")
  const [, { routingId }] = await within(server.receive(), "the first message")
  return { server, client, routingId }
}

test("a Server's other ways to send and receive", async () => {
  const { server, client, routingId } = await acquainted()
  assert.equal(server.tryReceive(), undefined)
  assert.equal(server.trySend("now", { routingId }), true)
  assert.equal(await client.receiveString(), "now")
  await server.sendJson({ a: 1 }, { routingId })
  assert.deepEqual(await client.receiveJson(), { a: 1 })
  assert.throws(() => server.sendJson(undefined, { routingId }), TypeError)
  for (const number of [0, -1, 1.5, 2 ** 32, "1", undefined]) {
    assert.throws(() => server.trySend("x", { routingId: number as number }), { code: "EINVAL" }, `${number}`)
  }
  assert.throws(() => server.trySend("x", { routingId: routingId === 1 ? 2 : routingId - 1 }), {
    code: "EHOSTUNREACH",
  })
  await client.send("with sender")
  const { message, sender } = await server.receiveWithSender()
  assert.deepEqual([message[0].toString(), message[1]], ["with sender", { routingId }])
  assert.equal(sender.socketType, "CLIENT")
  assert.equal(server.sender, sender)
  await client.send("tried")
  const tried = await eventually(async () => server.tryReceive(), "a message to be there")
  assert.deepEqual([tried[0].toString(), tried[1]], ["tried", { routingId }])
  server.close()
  client.close()
})

test("a Server's receive ends by its signal, its timeout and its socket's end", async () => {
  const { server, client, routingId } = await acquainted()
  const controller = new AbortController()
  const aborted = server.receive({ signal: controller.signal })
  controller.abort(new Error("enough"))
  await assert.rejects(aborted, /enough/)
  await assert.rejects(server.send("x", { routingId, signal: controller.signal }), /enough/)
  server.receiveTimeout = 1
  await assert.rejects(server.receive(), { code: "EAGAIN" })
  server.receiveTimeout = -1
  const pending = server.receive()
  server.close()
  await assert.rejects(pending, { code: "EAGAIN" })
  client.close()
})

test("a loop over a Server ends with its socket, and can be left and taken up again", async () => {
  const { server, client, routingId } = await acquainted()
  for (const text of ["one", "two", "three"]) await client.send(text)
  const heard: string[] = []
  for await (const [body, note] of server) {
    assert.deepEqual(note, { routingId })
    heard.push(body.toString())
    if (heard.length === 2) break
  }
  assert.equal(server.closed, false)
  for await (const [body] of server) {
    heard.push(body.toString())
    server.close()
  }
  assert.deepEqual(heard, ["one", "two", "three"])
  client.close()
})

test("a loop over a Dish throws what its receive rejects with", async () => {
  using dish = new draft.Dish({ receiveTimeout: 1 })
  await assert.rejects(
    async () => {
      for await (const _message of dish);
    },
    { code: "EAGAIN" },
  )
})

test("a Radio with noDrop waits for the slowest of a group", async () => {
  using radio = new draft.Radio({ linger: 0, noDrop: true, sendHighWaterMark: 2 })
  using dish = new draft.Dish({ receiveHighWaterMark: 2 })
  using other = new draft.Dish()
  await radio.bind("inproc://patient")
  dish.join("g")
  other.join("h")
  for (const each of [dish, other]) each.connect("inproc://patient")
  let accepted = 0
  while (radio.trySend(String(accepted), { group: "g" })) accepted += 1
  assert.ok(accepted >= 2 && accepted <= 4, `${accepted}`)
  assert.ok(radio.trySend("elsewhere", { group: "h" }))
  const waiting = radio.send(String(accepted), { group: "g" })
  for (let count = 0; count <= accepted; count += 1) {
    assert.equal((await within(dish.receive(), "a message"))[0].toString(), String(count))
  }
  await within(waiting, "send() to go on")
  assert.equal((await other.receive())[0].toString(), "elsewhere")
})

test("a Radio that drops counts it", async () => {
  using radio = new draft.Radio({ linger: 0, sendHighWaterMark: 1 })
  using dish = new draft.Dish({ receiveHighWaterMark: 1 })
  await radio.bind("inproc://hasty")
  dish.join("g")
  dish.connect("inproc://hasty")
  for (let count = 0; count < 10; count += 1) await radio.send(String(count), { group: "g" })
  assert.ok(radio.stats().dropped >= 7, `${radio.stats().dropped}`)
})

test("Gather and Scatter keep the last message only, with conflate", async () => {
  using gather = new draft.Gather({ conflate: true })
  using scatter = new draft.Scatter({ linger: 0 })
  await gather.bind("inproc://latest")
  scatter.connect("inproc://latest")
  for (let count = 0; count < 10; count += 1) await scatter.send(String(count))
  assert.equal(await gather.receiveString(), "9")
  assert.equal(gather.readable, false)
})

test("proxies pass on what gathers and dishes hear", async () => {
  const own = new Context()
  const frontEnd = new draft.Gather({ context: own, linger: 0 })
  const backEnd = new draft.Scatter({ context: own, linger: 0 })
  const proxy = new Mediator(frontEnd, backEnd)
  await frontEnd.bind("inproc://in")
  await backEnd.bind("inproc://out")
  const running = proxy.run()
  const scatter = new draft.Scatter({ context: own, linger: 0 })
  const gather = new draft.Gather({ context: own })
  scatter.connect("inproc://in")
  gather.connect("inproc://out")
  await scatter.send("passed on")
  assert.equal(await within(gather.receiveString(), "what was passed on"), "passed on")

  const [dish, radio] = [new draft.Dish({ context: own }), new draft.Radio({ context: own, linger: 0 })]
  dish.join("g")
  await dish.bind("inproc://heard")
  await radio.bind("inproc://told")
  const relay = new Mediator(dish, radio)
  const relaying = relay.run()
  const [source, sink] = [new draft.Radio({ context: own, linger: 0 }), new draft.Dish({ context: own })]
  sink.join("g")
  source.connect("inproc://heard")
  sink.connect("inproc://told")
  assert.throws(() => dish.receive(), { code: "EBUSY" })
  await eventually(async () => {
    await source.send("news", { group: "g" })
    return sink.tryReceive()?.[0].toString() === "news"
  }, "the relay to pass it on")
  proxy.terminate()
  relay.terminate()
  await Promise.all([running, relaying])
  await own.term()
})

test("draft sockets and others do not talk to each other", async () => {
  using gather = new draft.Gather()
  using push = new Push({ linger: 0 })
  using scatter = new draft.Scatter({ linger: 0 })
  using pull = new Pull()
  await gather.bind("tcp://127.0.0.1:0")
  await pull.bind("tcp://127.0.0.1:0")
  const met: string[] = []
  for (const socket of [gather, pull, push, scatter])
    socket.events.on("handshake", ({ type }) => met.push(type))
  const gone = [gather, pull].map(
    (socket) => new Promise((resolve) => socket.events.on("disconnect", resolve)),
  )
  push.connect(gather.lastEndpoint as string)
  scatter.connect(pull.lastEndpoint as string)
  await within(Promise.all(gone), "both connections to end")
  assert.deepEqual(met, [])
})

test("events tell the number that a Server gave its client", async () => {
  using server = new draft.Server()
  using client = new draft.Client({ linger: 0 })
  const met = new Promise<Buffer>((resolve) =>
    server.events.on("handshake", ({ peerRoutingId }) => resolve(peerRoutingId as Buffer)),
  )
  await server.bind("tcp://127.0.0.1:0")
  client.connect(server.lastEndpoint as string)
  await client.send("hello")
  const [, { routingId }] = await server.receive()
  assert.equal((await within(met, "the handshake")).readUInt32BE(), routingId)
})

test("a Radio that dialled goes by the groups of the Dish that is there, not of those before it", async () => {
  using radio = new draft.Radio({ linger: 0, reconnectInterval: 10, maxSubscriptions: 2 })
  let address = "tcp://127.0.0.1:*"
  for (const group of ["first", "second", "third"]) {
    const dish = new draft.Dish({ receiveTimeout: 10 })
    dish.join(group)
    await dish.bind(address)
    if (group === "first") radio.connect((address = dish.lastEndpoint as string))
    await eventually(async () => {
      await radio.send("probe", { group })
      return (await dish.receive().catch(() => undefined)) !== undefined
    }, `the Dish in the ${group} group to hear the Radio`)
    const hears = (text: string): Promise<boolean> =>
      eventually(async () => (await dish.receive().catch(() => undefined))?.[0].toString() === text, text)
    // Behind it no probe is under way.
    await radio.send("tuned", { group })
    await hears("tuned")
    const { messagesOut } = radio.stats()
    await radio.send("nobody's", { group: "first" })
    await radio.send("last", { group })
    await hears("last")
    assert.equal(radio.stats().messagesOut - messagesOut, group === "first" ? 2 : 1, group)
    const left = new Promise((resolve) => radio.events.on("disconnect", resolve))
    dish.close()
    await within(left, "the Radio to miss the Dish")
  }
})

test("a Datagram that is bound cannot be bound to a second address, and keeps the first", async () => {
  using socket = new draft.Datagram({ linger: 0, receiveTimeout: 5000 })
  await socket.bind("udp://127.0.0.1:*")
  const first = socket.lastEndpoint as string
  const refusal = { code: "EINVAL", message: "The socket is bound already, and has one address." }
  await assert.rejects(socket.bind("udp://127.0.0.1:*"), refusal)
  assert.throws(() => socket.bindSync("udp://127.0.0.1:*"), refusal)
  assert.equal(socket.lastEndpoint, first)
  await socket.send([first.slice("udp://".length), "to itself"])
  assert.equal((await socket.receive())[1].toString(), "to itself")
  await socket.unbind(first)
  await socket.bind("udp://127.0.0.1:*")
})
