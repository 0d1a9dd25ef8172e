// What is pending keeps the process alive, and what is over no longer does.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import { Pull, Push } from "puremq"
import { within } from "../suites/deadline.js"
import { endpointOf, endsQuietly, runScene } from "./scenes.js"

test("a pending receive keeps the process alive until its message comes", async () => {
  await using program = runScene("pending", "receive")
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await push.send("message")
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "received message")
})

test("a pending send keeps the process alive until it is accepted, and its message leaves", async () => {
  await using program = runScene("pending", "send")
  using pull = new Pull({ linger: 0 })
  pull.connect(await endpointOf(program))
  assert.equal(await pull.receiveString(), "at last")
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "sent")
})

test("a pending bind keeps the process alive until it has bound", async () => {
  await using program = runScene("pending", "bind")
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["bound"])
})

test("a pending event keeps the process alive until it happens", async () => {
  await using program = runScene("pending", "event")
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "event accept")
})

test("a handler of events keeps the process alive until its socket is closed", async () => {
  await using program = runScene("pending", "handler")
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "event handshake")
})

test("a pending poll and a loop over several sockets keep the process alive", async () => {
  await using program = runScene("pending", "poll")
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await push.send("one")
  await program.line(/^received one$/)
  await push.send("two")
  await endsQuietly(program)
  assert.deepEqual(program.lines.slice(1), ["ready true", "received one", "received two"])
})

test("a loop over messages keeps the process alive until its socket is closed", async () => {
  await using program = runScene("pending", "loop")
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  for (const message of ["one", "two", "stop"]) {
    await push.send(message)
    await program.line(new RegExp(`^received ${message}$`))
  }
  await endsQuietly(program)
  assert.deepEqual(program.lines.slice(1), [
    "received one",
    "received two",
    "received stop",
    "the loop is over",
  ])
})

test("a proxy keeps the process alive until it ends, and what it passed on leaves", async () => {
  using pull = new Pull()
  await pull.bind("tcp://127.0.0.1:*")
  await using program = runScene("pending", "proxy", pull.lastEndpoint as string)
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await push.send("one")
  assert.equal(await within(pull.receiveString(), "the first message"), "one")
  await delay(200)
  await push.send("two")
  assert.equal(await within(pull.receiveString(), "the second message"), "two")
  push.close()
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "ended")
})

test("a timeout comes although nothing else keeps the process alive", async () => {
  await using program = runScene("pending", "timeout")
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["receive: EAGAIN", "send: EAGAIN"])
})

test("operations that were aborted let the process end", async () => {
  await using program = runScene("pending", "aborted")
  await endsQuietly(program)
  assert.deepEqual(program.lines.slice(1), ["AbortError", "AbortError"])
})

test("after 100,000 operations a pending one still keeps the process alive, and none that is over does", async () => {
  await using program = runScene("pending", "counted", "100000")
  await program.line(/^counted$/)
  using push = new Push({ linger: 0 })
  push.connect(await endpointOf(program))
  await push.send("the last one")
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "received the last one")
})
