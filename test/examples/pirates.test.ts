// Lazy, Simple and Paranoid Pirate, with what they are against: servers, workers and brokers that die or hang.
import assert from "node:assert/strict"
import { test } from "node:test"
import { anyPort, endpointsOf, example } from "./programs.js"

test("a lazy pirate whose server is killed asks again, and the next server answers", async () => {
  await using first = example("lazy-pirate/server", anyPort, "60000")
  const [address = ""] = await endpointsOf(first)
  await using client = example("lazy-pirate/client", address, "2", "2000", "50")
  await first.line(/^Working on Request 0$/)
  await first.kill()
  await client.line(/^No answer to Request 0/)
  await using second = example("lazy-pirate/server", address, "10")
  await client.success()
  assert.deepEqual(
    client.lines.filter((line) => line.startsWith("Received")),
    ["Received: Request 0 is done", "Received: Request 1 is done"],
  )
  // What was asked while nobody was there is not heaped up for who comes.
  assert.deepEqual(
    second.lines.filter((line) => line.startsWith("Working")),
    ["Working on Request 0", "Working on Request 1"],
  )
})

test("a lazy pirate takes no late answer for one to its next request", async () => {
  await using server = example("lazy-pirate/server", anyPort, "400")
  const [address = ""] = await endpointsOf(server)
  await using client = example("lazy-pirate/client", address, "2", "300", "50")
  await client.line(/^No answer to Request 0/)
  // Each answer comes too late for the request that it is to, until the server is quicker.
  await server.kill()
  await using quick = example("lazy-pirate/server", address, "0")
  await client.success()
  await quick.line(/^Working on Request 1$/)
  assert.deepEqual(
    client.lines.filter((line) => line.startsWith("Received")),
    ["Received: Request 0 is done", "Received: Request 1 is done"],
  )
})

test("a lazy pirate without a server gives up", async () => {
  await using client = example("lazy-pirate/client", "tcp://127.0.0.1:9", "1", "100", "3")
  assert.equal(await client.exit(), 1)
  assert.equal(client.lines.filter((line) => line.startsWith("No answer")).length, 3)
  assert.match(client.complaints, /Nobody answered Request 0, asked 3 times/)
})

test("a simple pirate's request outlives the worker that was killed with it", async () => {
  await using broker = example("simple-pirate/broker", anyPort, anyPort)
  const [clients = "", workers = ""] = await endpointsOf(broker)
  await using anna = example("simple-pirate/worker", workers, "anna", "60000")
  await anna.line(/is ready/)
  await using client = example("lazy-pirate/client", clients, "3", "1000", "20")
  await anna.line(/^anna works on Request 0$/)
  await anna.kill()
  await using _ben = example("simple-pirate/worker", workers, "ben", "10")
  await client.success()
  const received = client.lines.filter((line) => line.startsWith("Received"))
  assert.deepEqual(
    received,
    [0, 1, 2].map((i) => `Received: Request ${i} is done by ben`),
  )
})

test("a simple pirate's requests are shared among the workers", async () => {
  await using broker = example("simple-pirate/broker", anyPort, anyPort)
  const [clients = "", workers = ""] = await endpointsOf(broker)
  await using anna = example("simple-pirate/worker", workers, "anna", "10")
  await using ben = example("simple-pirate/worker", workers, "ben", "10")
  await using _client = example("lazy-pirate/client", clients, "100000", "10000", "2")
  await Promise.all([anna.line(/works on/, 9), ben.line(/works on/, 9)])
})

test("a paranoid pirate's broker gives nothing to a worker that hangs, until it comes back", async () => {
  await using broker = example("paranoid-pirate/broker", anyPort, anyPort)
  const [clients = "", workers = ""] = await endpointsOf(broker)
  await using anna = example("paranoid-pirate/worker", workers, "anna", "10")
  await using first = example("lazy-pirate/client", clients, "1", "10000", "1")
  await first.success()
  await using ben = example("paranoid-pirate/worker", workers, "ben", "10")
  await using second = example("lazy-pirate/client", clients, "100000", "10000", "2")
  await ben.line(/works on/)
  await second.kill()

  // Her connection stays, so only her silence tells.
  const silences = broker.lines.filter((line) => line.includes("silent")).length
  anna.signal("SIGSTOP")
  await broker.line(/silent/, silences + 1)
  await using third = example("lazy-pirate/client", clients, "3", "20000", "1")
  await third.success()
  assert.deepEqual(
    third.lines,
    [0, 1, 2].map((i) => `Received: Request ${i} is done by ben`),
  )

  await ben.kill()
  anna.signal("SIGCONT")
  await using fourth = example("lazy-pirate/client", clients, "1", "2000", "10")
  await fourth.success()
  assert.equal(fourth.lines.at(-1), "Received: Request 0 is done by anna")
})

test("a paranoid pirate's workers find a broker that was started anew", async () => {
  await using first = example("paranoid-pirate/broker", anyPort, anyPort)
  const [clients = "", workers = ""] = await endpointsOf(first)
  await using anna = example("paranoid-pirate/worker", workers, "anna", "10")
  await using client = example("lazy-pirate/client", clients, "1", "10000", "1")
  await client.success()
  await first.kill()
  await anna.line(/^anna does not hear the broker/)
  await using _second = example("paranoid-pirate/broker", clients, workers)
  await using again = example("lazy-pirate/client", clients, "1", "2000", "10")
  await again.success()
  assert.equal(again.lines.at(-1), "Received: Request 0 is done by anna")
})
