// How much a subscriber may ask for; who asks for more ends his own connection.
import assert from "node:assert/strict"
import { puremq } from "../suites/library.js"
import { scenario } from "../suites/stage.js"
import { take, takeMany, takesNothing } from "../suites/talk.js"
import { far, here, meet, roles } from "./wire-stage.js"
import { command, message } from "./zmtp-bytes.js"

const dialects = {
  commands: (first: 0 | 1, topic: string) => command(first === 1 ? "SUBSCRIBE" : "CANCEL", topic),
  messages: (first: 0 | 1, topic: string) => message(`${String.fromCharCode(first)}${topic}`),
}

for (const role of roles) {
  for (const [name, say] of Object.entries(dialects)) {
    here(
      `an XPUB that ${role} ends the connection of who asks for too many topics by ${name}`,
      async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "XPublisher", {
          ...far,
          maxSubscriptions: 2,
        })
        await mock.shakeHands("SUB")
        await mock.send(say(1, "a"), say(1, "b"), say(1, "a"), say(1, "b"), say(0, "a"), say(1, "c"))
        assert.deepEqual(await takeMany(socket, 4), ["\x01a", "\x01b", "\x00a", "\x01c"])
        await socket.send("cats")
        assert.deepEqual(await mock.takeMessage(), ["cats"])
        await mock.send(say(1, "d"), say(1, "e"))
        assert.equal((await events.next("disconnect")).reason?.code, "ENOBUFS")
        await mock.ended()
        assert.deepEqual((await takeMany(socket, 2)).sort(), ["\x00b", "\x00c"])
        await takesNothing(socket, "an XPUB without subscribers")
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      },
    )
  }

  here(`a PUB that ${role} ends the connection of who asks for too long topics`, async (stage) => {
    const { mock, events } = await meet(stage, role, "Publisher", { ...far, maxTopicsSize: 10 })
    await mock.shakeHands("SUB")
    const { commands: say } = dialects
    await mock.send(
      say(1, ""),
      say(1, "12345"),
      say(1, "54321"),
      say(0, "54321"),
      say(1, "67890"),
      say(1, ""),
    )
    await mock.send(say(1, "x"))
    assert.equal((await events.next("disconnect")).reason?.code, "ENOBUFS")
    await mock.ended()
  })
}

here("who asks for too much costs nobody else his subscriptions, and may come again", async (stage) => {
  const { socket, mock, again, events } = await meet(stage, "binds", "XPublisher", { maxSubscriptions: 1 })
  const other = await again()
  for (const peer of [mock, other]) await peer.shakeHands("SUB")
  await other.send(command("SUBSCRIBE", "a"))
  assert.deepEqual(await take(socket), ["\x01a"])
  await mock.send(command("SUBSCRIBE", "a"))
  await mock.send(command("SUBSCRIBE", "b"))
  await events.next("disconnect")
  const next = await again()
  await next.shakeHands("SUB")
  await next.send(command("SUBSCRIBE", "c"))
  assert.deepEqual(await take(socket), ["\x01c"])
  await socket.send("a message")
  assert.deepEqual(await other.takeMessage(), ["a message"])
})

here("in manual mode wishes are what is counted", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "XPublisher", {
    manual: true,
    maxSubscriptions: 1,
  })
  await mock.shakeHands("SUB")
  await mock.send(command("SUBSCRIBE", "a"))
  assert.deepEqual(await take(socket), ["\x01a"])
  for (const topic of ["b", "c"]) socket.subscribe(topic)
  await mock.send(command("SUBSCRIBE", "a"))
  assert.deepEqual(await take(socket), ["\x01a"])
  await mock.send(command("SUBSCRIBE", "d"))
  assert.equal((await events.next("disconnect")).reason?.code, "ENOBUFS")
})

here("zero is any number of topics, and the limit counts from when it is set", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "XPublisher", { maxSubscriptions: 0, maxTopicsSize: 0 })
  await mock.shakeHands("SUB")
  await mock.send(...["a", "b", "c"].map((topic) => command("SUBSCRIBE", topic)))
  await takeMany(socket, 3)
  socket.maxSubscriptions = 2
  await mock.send(command("CANCEL", "a"), command("SUBSCRIBE", "d"))
  await mock.ended()
})

for (const transport of ["inproc", "ipc"] as const) {
  scenario(
    { library: puremq, transport },
    `a subscriber over ${transport} is ${transport === "inproc" ? "not" : "too"} counted`,
    async (stage) => {
      const publisher = stage.open("XPublisher", { maxSubscriptions: 2 })
      const subscriber = stage.open("Subscriber")
      subscriber.connect(await stage.bind(publisher))
      const gone = transport === "ipc" ? stage.event(publisher, "disconnect") : undefined
      subscriber.subscribe("a", "b", "c")
      if (gone === undefined) {
        assert.deepEqual((await takeMany(publisher, 3)).sort(), ["\x01a", "\x01b", "\x01c"])
      } else assert.equal((await gone).reason?.code, "ENOBUFS")
    },
  )
}
