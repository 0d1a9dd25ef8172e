// A socket that nobody can reach any more is closed; one that somebody waits for is not.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Pull, Push } from "puremq"
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
