// udp:// byte for byte, and datagrams from strangers.
import assert from "node:assert/strict"
import { createSocket, type Socket } from "node:dgram"
import { once } from "node:events"
import { networkInterfaces } from "node:os"
import { describe } from "node:test"
import { vacantDatagramPort } from "../suites/datagram-port.js"
import { eventually, within } from "../suites/deadline.js"
import { asReceiver, openDraft } from "../suites/draft-library.js"
import { hearGroup } from "../suites/draft-radio-dish.js"
import type { Stage } from "../suites/stage.js"
import { takeFrames, takesNothing } from "../suites/talk.js"
import { here, onBoth } from "./wire-stage.js"

/** A plain socket of UDP. */
async function stranger(stage: Stage): Promise<{ socket: Socket; port: number }> {
  const socket = stage.keep(createSocket("udp4"))
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return { socket, port: socket.address().port }
}

/** The next datagram, as Latin-1, and the port that it is from. */
async function next(socket: Socket): Promise<[bytes: string, port: number]> {
  const [bytes, { port }] = (await within(once(socket, "message"), "a datagram")) as [
    Buffer,
    { port: number },
  ]
  return [bytes.toString("latin1"), port]
}

onBoth((scenario) => {
  scenario("a RADIO's datagram is the length of the group, the group and the body", async (stage) => {
    const { socket, port } = await stranger(stage)
    const radio = openDraft(stage, "Radio")
    radio.connect(`udp://127.0.0.1:${port}`)
    const long = "g".repeat(200)
    for (const [group, body] of [
      ["grp", "hello"],
      ["", ""],
      [long, "x"],
    ] as const) {
      const came = next(socket)
      await radio.send(body, { group })
      assert.equal((await came)[0], `${String.fromCharCode(group.length)}${group}${body}`)
    }
  })

  scenario("a DISH hears whoever sends to it, and survives what is no message", async (stage) => {
    const { socket } = await stranger(stage)
    const dish = openDraft(stage, "Dish")
    dish.join("grp")
    const port = await vacantDatagramPort()
    await dish.bind(`udp://127.0.0.1:${port}`)
    const say = (bytes: string): void => socket.send(Buffer.from(bytes, "latin1"), port, "127.0.0.1")
    dish.receiveTimeout = 20
    await eventually(async () => {
      say("\x03grpprobe")
      return (await dish.receive().catch(() => undefined)) !== undefined
    }, "the DISH to be bound")
    dish.receiveTimeout = -1
    for (const bytes of ["\x05grpxx", "\x02grp", "\x03GRPx", "\0grp"]) say(bytes)
    // libzmq aborts the process.
    if (stage.library === "puremq") for (const bytes of ["", "\x03gr", "\xff", "\x04grp"]) say(bytes)
    say("\x03grpgood")
    say("\x03grp")
    while ((await hearGroup(dish))[0] !== "good");
    assert.deepEqual(await hearGroup(dish), ["", "grp"])
    await takesNothing(asReceiver(dish), "a DISH that has had all")
  })

  scenario("a DGRAM is plain UDP", async (stage) => {
    const { socket, port } = await stranger(stage)
    const datagram = openDraft(stage, "Datagram")
    const own = await vacantDatagramPort()
    await datagram.bind(`udp://127.0.0.1:${own}`)
    const came = next(socket)
    await datagram.send([`127.0.0.1:${port}`, "one"])
    assert.deepEqual(await came, ["one", own])
    socket.send("two", own, "127.0.0.1")
    const [from, body] = await takeFrames(datagram)
    assert.equal(body?.toString(), "two")
    assert.equal(from?.toString(), `127.0.0.1:${port}\0`)
    const again = next(socket)
    await datagram.send([from as Buffer, ""])
    assert.deepEqual(await again, ["", own])
  })
})

here("a DISH at its mark loses what comes, counts it, and goes on when it is read", async (stage) => {
  const { socket } = await stranger(stage)
  const dish = openDraft(stage, "Dish", { receiveHighWaterMark: 3 })
  dish.join("g")
  await dish.bind("udp://127.0.0.1:*")
  const port = Number(dish.lastEndpoint?.split(":").at(-1))
  for (let count = 0; count < 10; count += 1) socket.send(`\x01g${count}`, port, "127.0.0.1")
  await eventually(async () => dish.stats().messagesIn + dish.stats().dropped === 10, "all datagrams to come")
  assert.equal(dish.stats().dropped, 7)
  for (const expected of ["0", "1", "2"]) assert.deepEqual(await hearGroup(dish), [expected, "g"])
  socket.send("\x01gon", port, "127.0.0.1")
  assert.deepEqual(await hearGroup(dish), ["on", "g"])
})

here("what is longer than 8192 bytes is lost, each way, and not cut off", async (stage) => {
  const { socket, port } = await stranger(stage)
  const dish = openDraft(stage, "Dish")
  dish.join("g")
  await dish.bind("udp://127.0.0.1:*")
  const own = Number(dish.lastEndpoint?.split(":").at(-1))
  const datagram = Buffer.concat([Buffer.from("\x01g"), Buffer.alloc(8191)])
  socket.send(datagram, own, "127.0.0.1")
  socket.send(datagram.subarray(0, 8192), own, "127.0.0.1")
  assert.equal((await within(dish.receive(), "the shorter one"))[0].length, 8190)
  assert.equal(dish.stats().dropped, 1)

  const radio = openDraft(stage, "Radio")
  radio.connect(`udp://127.0.0.1:${port}`)
  const came = next(socket)
  await radio.send(Buffer.alloc(8191), { group: "g" })
  await radio.send(Buffer.alloc(8190, "x"), { group: "g" })
  assert.equal((await came)[0].length, 8192)
  assert.equal(radio.stats().dropped, 1)

  const plain = openDraft(stage, "Datagram")
  await plain.bind("udp://127.0.0.1:*")
  await assert.rejects(plain.send([`127.0.0.1:${port}`, Buffer.alloc(8193)]), { code: "EMSGSIZE" })
  for (const wrong of ["nonsense", "localhost:17001", "127.0.0.1:0", "127.0.0.1:70000", ":::"]) {
    await assert.rejects(plain.send([wrong, "x"]), { code: "EINVAL" }, wrong)
  }
})

here("a port that is taken is EADDRINUSE, at once, and is told of", async (stage) => {
  const { port } = await stranger(stage)
  const dish = openDraft(stage, "Dish")
  const told = stage.event(dish, "bind:error")
  assert.throws(() => dish.bindSync(`udp://127.0.0.1:${port}`), { code: "EADDRINUSE" })
  assert.equal((await told).error.code, "EADDRINUSE")
  await assert.rejects(dish.bind("udp://192.0.2.200:5555"), { code: "EADDRNOTAVAIL" })
  dish.bindSync("udp://127.0.0.1:*")
  assert.match(dish.lastEndpoint ?? "", /^udp:\/\/127\.0\.0\.1:[1-9]\d*$/)
  await dish.unbind(dish.lastEndpoint as string)
})

here("a DGRAM talks IPv6, and waits until it is bound", async (stage) => {
  const [one, other] = [
    openDraft(stage, "Datagram", { ipv6: true }),
    openDraft(stage, "Datagram", { ipv6: true }),
  ]
  await other.bind("udp://[::1]:*")
  const there = other.lastEndpoint?.slice("udp://".length) as string
  const sent = one.send([there, "patient"])
  assert.equal(one.writable, false)
  await one.bind("udp://[::1]:*")
  await within(sent, "send() to go on when it is bound")
  const [from, body] = await takeFrames(other)
  assert.equal(body?.toString(), "patient")
  assert.equal(from?.toString(), `${one.lastEndpoint?.slice("udp://".length)}\0`)
})

here("a DGRAM at all addresses talks IPv4 and IPv6 alike", async (stage) => {
  const { socket, port } = await stranger(stage)
  const datagram = openDraft(stage, "Datagram", { ipv6: true })
  await datagram.bind("udp://*:*")
  assert.match(datagram.lastEndpoint ?? "", /^udp:\/\/\[::\]:\d+$/)
  const own = Number(datagram.lastEndpoint?.split(":").at(-1))
  socket.send("question", own, "127.0.0.1")
  const [from, question] = await takeFrames(datagram)
  assert.deepEqual([from?.toString(), question?.toString()], [`127.0.0.1:${port}\0`, "question"])
  const came = next(socket)
  await datagram.send([from as Buffer, "answer"])
  assert.equal((await came)[0], "answer")
  const six = openDraft(stage, "Datagram", { ipv6: true })
  await six.bind("udp://[::1]:*")
  await six.send([`[::1]:${own}`, "six"])
  assert.equal((await takeFrames(datagram))[1]?.toString(), "six")
})

here("a datagram that cannot be sent is lost, and counted", async (stage) => {
  const datagram = openDraft(stage, "Datagram")
  await datagram.bind("udp://127.0.0.1:*")
  await datagram.send(["[::1]:5555", "by a socket of IPv4"])
  await eventually(async () => datagram.stats().dropped === 1, "the loss to be counted")
  assert.equal(datagram.writable, true)
})

here("a RADIO goes on looking for a host that has no address, and tells of it", async (stage) => {
  const radio = openDraft(stage, "Radio", { reconnectInterval: 1 })
  const told = stage.event(radio, "connect:retry")
  radio.connect("udp://nohost.invalid:5555")
  await radio.send("queued", { group: "g" })
  assert.equal((await told).address, "udp://nohost.invalid:5555")
  await stage.event(radio, "connect:retry")
  assert.equal(radio.stats().queuedOut, 1)
  radio.disconnect("udp://nohost.invalid:5555")
})

here("a RADIO finds a host by its name, and sends what it accepted before it closes", async (stage) => {
  const { socket, port } = await stranger(stage)
  const radio = openDraft(stage, "Radio", { linger: -1 })
  radio.connect(`udp://localhost:${port}`)
  const heard: string[] = []
  socket.on("message", (bytes) => heard.push(bytes.toString()))
  for (let count = 0; count < 100; count += 1) await radio.send(String(count), { group: "g" })
  await radio[Symbol.asyncDispose]()
  await eventually(async () => heard.length === 100, "what was sent before the end")
  assert.equal(heard[99], "\x01g99")
})

const outward = Object.entries(networkInterfaces()).find(([, addresses]) =>
  addresses?.some(({ family, internal }) => family === "IPv4" && !internal),
)

describe("multicast", {
  skip: outward === undefined && "this machine has no interface but the loopback",
}, () => {
  const [name, addresses = []] = outward ?? ["lo"]

  // What goes by the loopback comes back in any case.
  here("a RADIO is heard on its own machine, unless it says otherwise", async (stage) => {
    const address = `udp://${name};239.255.14.1:${await vacantDatagramPort()}`
    const dish = openDraft(stage, "Dish", { receiveBufferSize: 200_000 })
    dish.join("g")
    await dish.bind(address)
    assert.equal(dish.lastEndpoint, address)
    const deaf = openDraft(stage, "Radio", { multicastLoop: false })
    deaf.connect(address)
    await deaf.send("unheard", { group: "g" })
    const loud = openDraft(stage, "Radio", { multicastHops: 300, sendBufferSize: 100_000 })
    loud.connect(address)
    await loud.send("heard", { group: "g" })
    assert.deepEqual(await hearGroup(dish), ["heard", "g"])
  })

  const hasIpv6 = addresses.some(({ family }) => family === "IPv6")
  describe("of IPv6", { skip: !hasIpv6 && `${name} has no IPv6` }, () => {
    here("goes by the interface that is named", async (stage) => {
      const address = `udp://${name};[ff02::7075]:${await vacantDatagramPort()}`
      const dish = openDraft(stage, "Dish", { ipv6: true })
      dish.join("g")
      await dish.bind(address)
      const radio = openDraft(stage, "Radio", { ipv6: true })
      radio.connect(address)
      await radio.send("heard", { group: "g" })
      assert.deepEqual(await hearGroup(dish), ["heard", "g"])
    })
  })
})
