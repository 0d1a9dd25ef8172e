// Waiting on several sockets at a time.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { Client, Server } from "puremq/draft"
import { within } from "../suites/deadline.js"
import { same } from "./same-type.js"

let names = 0

/** A PUSH and a PULL that are connected. */
function pipe(): [push: zmq.Push, pull: zmq.Pull] {
  const [push, pull] = [new zmq.Push({ linger: 0 }), new zmq.Pull()]
  const address = `inproc://poll-${++names}`
  pull.bindSync(address)
  push.connect(address)
  return [push, pull]
}

function closeAll(...sockets: zmq.Socket[]): void {
  for (const socket of sockets) socket.close()
}

test("poll resolves with the sockets that have something to receive, and takes nothing", async () => {
  const [[push, pull], [otherPush, otherPull]] = [pipe(), pipe()]
  const waiting = zmq.poll([pull, otherPull])
  await turn()
  await otherPush.send("message")
  assert.deepEqual(await within(waiting, "poll"), [{ socket: otherPull, readable: true, writable: false }])
  await push.send("another")
  const ready = await zmq.poll([pull, otherPull])
  same<typeof ready, zmq.Ready<zmq.Pull>[]>()
  assert.deepEqual(
    ready.map(({ socket }) => socket.tryReceive()?.map(String)),
    [["another"], ["message"]],
  )
  assert.deepEqual(await zmq.poll([pull, otherPull], { timeout: 0 }), [])
  closeAll(push, pull, otherPush, otherPull)
})

test("poll over tcp hears of what comes later", async () => {
  using pull = new zmq.Pull()
  await pull.bind("tcp://127.0.0.1:0")
  using push = new zmq.Push({ linger: 0 })
  const waiting = zmq.poll([pull])
  push.connect(pull.lastEndpoint as string)
  await push.send("message")
  assert.equal((await within(waiting, "poll"))[0]?.socket, pull)
  assert.equal(await pull.receiveString(), "message")
})

test("poll waits for room to send, and for either", async () => {
  using push = new zmq.Push({ linger: 0, sendHighWaterMark: 1 })
  using pull = new zmq.Pull({ receiveHighWaterMark: 1 })
  const wish = { socket: push, writable: true }
  assert.deepEqual(await zmq.poll([wish], { timeout: 1 }), [])
  const waiting = zmq.poll<zmq.Socket>([pull, wish])
  await pull.bind("inproc://poll-room")
  push.connect("inproc://poll-room")
  assert.deepEqual(await within(waiting, "room"), [{ socket: push, readable: false, writable: true }])
  while (push.trySend("filling")) {}
  assert.deepEqual(await zmq.poll([wish], { timeout: 0 }), [])
  const both = await zmq.poll<zmq.Socket>([{ socket: pull, readable: true, writable: true }, wish])
  assert.deepEqual(both, [{ socket: pull, readable: true, writable: false }])
  const again = zmq.poll([wish])
  while (pull.tryReceive()) {}
  assert.equal((await within(again, "room again")).length, 1)
})

test("poll resolves with nothing after its timeout, and leaves nothing behind", async () => {
  const [push, pull] = pipe()
  for (let round = 0; round < 3; round++) assert.deepEqual(await zmq.poll([pull], { timeout: 5 }), [])
  await push.send("message")
  assert.equal((await zmq.poll([pull], { timeout: 5 })).length, 1)
  closeAll(push, pull)
})

test("poll waits for ever with a timeout of Infinity", async () => {
  const [push, pull] = pipe()
  const waiting = zmq.poll([pull], { timeout: Infinity })
  // A timer of Node's that cannot wait so long is due after a millisecond.
  await delay(20)
  await push.send("message")
  assert.equal((await within(waiting, "poll")).length, 1)
  closeAll(push, pull)
})

test("poll rejects with its signal's reason, and with EBADF when a socket is closed", async () => {
  const [push, pull] = pipe()
  const controller = new AbortController()
  const waiting = zmq.poll([pull], { signal: controller.signal })
  controller.abort(new Error("enough"))
  await assert.rejects(waiting, /enough/)
  await assert.rejects(zmq.poll([pull], { signal: controller.signal }), /enough/)
  const other = zmq.poll([pull])
  pull.close()
  await assert.rejects(other, { code: "EBADF" })
  assert.throws(() => zmq.poll([pull]), { code: "EBADF" })
  assert.throws(() => zmq.poll([]), { code: "EINVAL" })
  for (const timeout of [Number.NaN, -2, 2_147_483_648]) {
    assert.throws(() => zmq.poll([push], { timeout }), { code: "EINVAL" })
  }
  assert.throws(() => zmq.poll([{} as zmq.Socket]), TypeError)
  push.close()
})

test("a loop of polls that are ready at once lets the event loop turn", async () => {
  const [push, pull] = pipe()
  await push.send("stays")
  let turned = false
  setImmediate(() => {
    turned = true
  })
  while (!turned) assert.equal((await zmq.poll([pull])).length, 1)
  closeAll(push, pull)
})

test("eachMessage gives each socket its turn", async () => {
  const [[push, pull], [otherPush, otherPull]] = [pipe(), pipe()]
  for (const text of ["1", "2", "3"]) await push.send(text)
  for (const text of ["a", "b"]) await otherPush.send(text)
  const seen: string[] = []
  for await (const [socket, message] of zmq.eachMessage([pull, otherPull])) {
    same<typeof message, Buffer[]>()
    same<typeof socket, zmq.Pull>()
    seen.push(`${socket === pull ? "one" : "other"} ${message}`)
    if (seen.length === 5) break
  }
  assert.deepEqual(seen, ["one 1", "other a", "one 2", "other b", "one 3"])
  closeAll(push, pull, otherPush, otherPull)
})

test("eachMessage loses nothing when its loop is left, and goes on in the next", async () => {
  const [[push, pull], [otherPush, otherPull]] = [pipe(), pipe()]
  const seen: string[] = []
  let sent = 0
  while (seen.length < 50) {
    const sending = (async () => {
      await turn()
      for (const [sender, name] of [
        [push, "one"],
        [otherPush, "other"],
      ] as const)
        await sender.send(`${name} ${sent}`)
      sent++
    })()
    for await (const [, message] of zmq.eachMessage([pull, otherPull])) {
      seen.push(String(message))
      break
    }
    await sending
  }
  for (const socket of [pull, otherPull]) {
    for (let message = socket.tryReceive(); message !== undefined; message = socket.tryReceive())
      seen.push(String(message))
  }
  const all = Array.from({ length: sent }, (_, number) => [`one ${number}`, `other ${number}`]).flat()
  assert.deepEqual(seen.sort(), all.sort())
  closeAll(push, pull, otherPush, otherPull)
})

test("eachMessage that was left while it waited ends at once, and takes nothing more", async () => {
  const [push, pull] = pipe()
  const messages = zmq.eachMessage([pull])
  const waiting = [messages.next(), messages.next()]
  await turn()
  await messages.return?.()
  for (const each of waiting) {
    assert.deepEqual(await within(each, "the end"), { value: undefined, done: true })
  }
  await push.send("kept")
  assert.equal(pull.tryReceive()?.map(String).join(), "kept")
  closeAll(push, pull)
})

test("eachMessage gives messages as their socket does", async () => {
  const [server, client, push, pull] = [new Server(), new Client({ linger: 0 }), ...pipe()]
  await server.bind("inproc://poll-server")
  client.connect("inproc://poll-server")
  await client.send("asked")
  await push.send("pushed")
  const heard: unknown[] = []
  for await (const [socket, message] of zmq.eachMessage([server, pull])) {
    same<typeof message, zmq.Message[] | Awaited<ReturnType<Server["receive"]>>>()
    heard.push([socket, message.map(String)])
    if (heard.length === 2) break
  }
  assert.deepEqual(heard, [
    [server, ["asked", "[object Object]"]],
    [pull, ["pushed"]],
  ])
  closeAll(server, client, push, pull)
})

test("eachMessage that is aborted when another one took its message rejects", async () => {
  const [push, pull] = pipe()
  const controller = new AbortController()
  const waiting = zmq.eachMessage([pull], { signal: controller.signal }).next()
  const refused = assert.rejects(within(waiting, "the end"), { message: "enough" })
  const sent = push.send("message")
  // The wait is over by then, and what it was for has not been taken.
  process.nextTick(() => {
    assert.equal(String(pull.tryReceive()), "message")
    controller.abort(new Error("enough"))
  })
  await Promise.all([sent, refused])
  closeAll(push, pull)
})

test("eachMessage goes on without a socket that was closed, and ends with the last", async () => {
  const [[push, pull], [otherPush, otherPull]] = [pipe(), pipe()]
  const seen: string[] = []
  const loop = (async () => {
    for await (const [socket, message] of zmq.eachMessage([pull, otherPull])) {
      seen.push(String(message))
      socket.close()
    }
  })()
  await push.send("one")
  await turn()
  await otherPush.send("other")
  await within(loop, "the loop to end")
  assert.deepEqual(seen, ["one", "other"])
  closeAll(push, otherPush)
})

test("eachMessage rejects with its signal's reason, and takes no more", async () => {
  const [push, pull] = pipe()
  const controller = new AbortController()
  const messages = zmq.eachMessage([pull], { signal: controller.signal })
  const waiting = messages.next()
  controller.abort(new Error("enough"))
  await assert.rejects(waiting, /enough/)
  await push.send("kept")
  await assert.rejects(messages.next(), /enough/)
  assert.equal(await pull.receiveString(), "kept")
  assert.throws(() => zmq.eachMessage([push as never]), TypeError)
  closeAll(push, pull)
})

test("a REP among them has its turns", async () => {
  using reply = new zmq.Reply()
  using request = new zmq.Request({ linger: 0 })
  const [push, pull] = pipe()
  reply.bindSync("inproc://poll-reply")
  request.connect("inproc://poll-reply")
  await request.send("question")
  await push.send("work")
  const seen: string[] = []
  for await (const [socket, message] of zmq.eachMessage([reply, pull])) {
    seen.push(String(message))
    if (seen.length === 2) break
    // Out of turn until it has answered.
    assert.equal(socket, reply)
  }
  await reply.send("answer")
  assert.deepEqual(seen, ["question", "work"])
  assert.equal(await request.receiveString(), "answer")
  closeAll(push, pull)
})
