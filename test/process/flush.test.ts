// Messages that a program had sent when it came to its end: `linger` says what becomes of them.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Pull } from "puremq"
import { Dish } from "puremq/draft"
import { numbers, takeMany } from "../suites/talk.js"
import { vacantPort } from "../suites/vacant-port.js"
import { endsQuietly, runScene } from "./scenes.js"

const WARNING = /Warning: The process waits for messages to be sent\. Set `linger` to limit that\./

async function vacant(): Promise<string> {
  return `tcp://127.0.0.1:${await vacantPort()}`
}

for (const [scene, scheme] of [
  ["closed", "tcp"],
  ["open", "tcp"],
  ["closed", "ws"],
  ["open", "ws"],
] as const) {
  test(`a socket left ${scene} with a queue delivers all of it over ${scheme}`, async () => {
    using pull = new Pull()
    await pull.bind(`${scheme}://127.0.0.1:0`)
    await using program = runScene("flush", scene, pull.lastEndpoint ?? "", "20000")
    assert.deepEqual(await takeMany(pull, 20_000), numbers(20_000))
    await program.success()
  })
}

test("a socket of UDP that is left open sends all that it accepted", async () => {
  using dish = new Dish()
  dish.join("g")
  await dish.bind("udp://127.0.0.1:*")
  await using program = runScene("flush", "datagrams", dish.lastEndpoint ?? "", "100")
  for (const number of numbers(100)) assert.equal((await dish.receive())[0].toString(), number)
  await program.success()
})

test("a closed socket with linger -1 waits for a peer that comes late, without a word", async () => {
  const address = await vacant()
  await using program = runScene("flush", "closed", address, "3")
  await program.line(/^queued$/)
  using pull = new Pull()
  await pull.bind(address)
  assert.deepEqual(await takeMany(pull, 3), numbers(3))
  await endsQuietly(program)
})

test("an open socket with linger -1 waits for a peer that comes late, and says what it waits for, once", async () => {
  const address = await vacant()
  await using program = runScene("flush", "open", address, "3")
  await program.complaint(WARNING)
  using pull = new Pull()
  await pull.bind(address)
  assert.deepEqual(await takeMany(pull, 3), numbers(3))
  await program.success()
  assert.equal(program.complaints.split(WARNING).length, 2)
})

for (const scene of ["closedWithLinger", "openWithLinger"]) {
  for (const linger of [0, 200]) {
    test(`without a peer linger ${linger} lets the process end by itself (${scene})`, async () => {
      await using program = runScene("flush", scene, await vacant(), String(linger))
      await endsQuietly(program)
      assert.deepEqual(program.lines, ["queued"])
    })
  }

  test(`a linger that is long enough delivers to a peer that comes late (${scene})`, async () => {
    const address = await vacant()
    await using program = runScene("flush", scene, address, "20000")
    await program.line(/^queued$/)
    using pull = new Pull()
    await pull.bind(address)
    assert.deepEqual(await takeMany(pull, 3), numbers(3))
    await program.success()
  })
}

test("what was queued for an address that was let go waits for its peer too", async () => {
  const [gone, kept] = [await vacant(), await vacant()]
  await using program = runScene("flush", "disconnected", gone, kept)
  await program.line(/^queued$/)
  using pull = new Pull()
  await pull.bind(gone)
  assert.deepEqual(await takeMany(pull, 1), ["for one that comes late"])
  await endsQuietly(program)
})

test("sockets of a context that is not blocky let the process end", async () => {
  await using program = runScene("flush", "blockyOff", await vacant())
  await endsQuietly(program)
})

test("a program that went on at its end is waited for again", async () => {
  using pull = new Pull()
  await pull.bind("tcp://127.0.0.1:0")
  await using program = runScene("flush", "again", pull.lastEndpoint ?? "")
  assert.deepEqual(await takeMany(pull, 2), numbers(2))
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["queued", "queued more"])
})

test("process.exit() ends the process in the middle of everything", async () => {
  await using program = runScene("flush", "exit", await vacant())
  assert.equal(await program.exit(), 7)
  assert.equal(program.complaints, "")
})

test("an error that nobody catches ends the process, whatever is queued", async () => {
  await using program = runScene("flush", "uncaught", await vacant())
  assert.equal(await program.exit(), 1)
  assert.match(program.complaints, /a bug of the program's own/)
})
