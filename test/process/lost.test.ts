// A socket that nobody can reach any more is closed; one that somebody waits for is not.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Pull, Push } from "puremq"
import { eventually } from "../suites/deadline.js"
import { vacantPort } from "../suites/vacant-port.js"
import { endpointOf, endsQuietly, runScene } from "./scenes.js"

test("a lost socket is closed: its peer sees that, and its address is free", async () => {
  await using program = runScene("lost", "closed")
  const [, control = ""] = await program.line(/^control (.+)$/)
  const address = await endpointOf(program)

  using push = new Push({ linger: 0 })
  const disconnected = new Promise<void>((resolve) => {
    push.events.on("disconnect", () => resolve())
  })
  push.connect(address)
  await push.send("hello")
  await disconnected
  using successor = new Pull()
  await successor.bind(address)

  using end = new Push()
  end.connect(control)
  await end.send("the end")
  await endsQuietly(program)
})

test("a socket of which only a pending receive is left gets its message", async () => {
  await using program = runScene("lost", "receiving")
  const address = await endpointOf(program)
  await program.line(/^collected$/)
  using push = new Push({ linger: 0 })
  push.connect(address)
  await push.send("message")
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "received message")
})

test("a socket of which only a loop over it is left gets its messages", async () => {
  await using program = runScene("lost", "looping")
  const address = await endpointOf(program)
  await program.line(/^collected$/)
  using push = new Push({ linger: 0 })
  push.connect(address)
  for (const message of ["one", "two", "stop"]) await push.send(message)
  await endsQuietly(program)
  assert.deepEqual(program.lines.slice(-4), [
    "received one",
    "received two",
    "received stop",
    "the loop is over",
  ])
})

test("10,000 lost sockets leave nothing behind", async () => {
  await using program = runScene("lost", "many", "10000")
  const [, growth] = await program.line(/^grown by (-?\d+)$/)
  // A tenth of a KiB for each: one that were kept would weigh some KiB.
  assert.ok(Number(growth) < 1000, `the heap has grown by ${growth} KiB`)
  await endsQuietly(program)
  assert.equal(program.lines.at(-1), "terminated")
})

test("a lost socket that was never connected is collected, whatever its kind", async () => {
  await using program = runScene("lost", "unconnected")
  await program.line(/^\d\d are gone$/)
  await endsQuietly(program)
})

test("a lost socket with peers is collected, its connection ends, and what it had accepted arrives", async () => {
  using here = new Pull()
  await here.bind("tcp://127.0.0.1:0")
  const disconnected = new Promise<void>((resolve) => here.events.on("disconnect", () => resolve()))
  const vacant = `tcp://127.0.0.1:${await vacantPort()}`
  await using program = runScene("lost", "connected", here.lastEndpoint as string, vacant)
  await program.line(/^is gone$/)
  await disconnected
  using late = new Pull()
  await late.bind(vacant)
  await endsQuietly(program)
  const received: string[] = []
  await eventually(async () => {
    for (const socket of [here, late]) {
      for (let message = socket.tryReceive(); message; message = socket.tryReceive()) {
        received.push(`${message}`)
      }
    }
    return received.length >= 101
  }, "all messages that the lost socket had accepted")
  const numbers = Array.from({ length: 100 }, (_, number) => `${number}`)
  assert.deepEqual(new Set(received), new Set(["here", ...numbers]))
  assert.equal(received.length, 101)
})
