// Majordomo and Titanic: what they say on the wire, and that requests outlive who is killed.
import assert from "node:assert/strict"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import * as zmq from "puremq"
import { findPython, unlessMissing } from "../interop/peer.js"
import { start } from "../interop/process.js"
import { within } from "../suites/deadline.js"
import { anyPort, endpointsOf, example } from "./programs.js"

const python = findPython()

/** A worker of another library, by the letter of RFC 7: it answers one request. */
const pythonWorker = `
import sys, zmq
worker = zmq.Context().socket(zmq.DEALER)
worker.connect(sys.argv[1])
worker.send_multipart([b"", b"MDPW01", b"\\x01", b"shout"])
while True:
    frames = worker.recv_multipart()
    if frames[2] == b"\\x02":
        client, text = frames[3], frames[5]
        worker.send_multipart([b"", b"MDPW01", b"\\x03", client, b"", text.upper()])
        print("answered", flush=True)
    else:
        worker.send_multipart([b"", b"MDPW01", b"\\x04"])
`

const received = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("Received"))

test("majordomo's broker speaks RFC 7 and RFC 8", async () => {
  await using broker = example("majordomo/broker", anyPort)
  const [address = ""] = await endpointsOf(broker)
  using worker = new zmq.Dealer({ linger: 0 })
  using client = new zmq.Request({ linger: 0 })
  client.connect(address)
  const ask = async (...frames: string[]): Promise<string[]> => {
    await client.send(["MDPC01", ...frames])
    return (await within(client.receive(), "a reply")).map(String)
  }
  const next = async (): Promise<Buffer[]> => {
    for (;;) {
      const message = await within(worker.receive(), "a command")
      if (message[2]?.[0] !== 4) return message
    }
  }
  assert.deepEqual(await ask("mmi.service", "coffee"), ["MDPC01", "mmi.service", "404"])

  worker.connect(address)
  await worker.send(["", "MDPW01", Buffer.of(1), "coffee"])
  await broker.line(/^A worker of coffee has come$/)
  assert.deepEqual(await ask("mmi.service", "coffee"), ["MDPC01", "mmi.service", "200"])

  const reply = ask("coffee", "black", "two")
  const [empty, protocol, command, envelope, delimiter, ...body] = await next()
  assert.deepEqual([`${empty}`, `${protocol}`, command?.[0], `${delimiter}`], ["", "MDPW01", 2, ""])
  assert.deepEqual(body.map(String), ["black", "two"])
  await worker.send(["", "MDPW01", Buffer.of(3), envelope as Buffer, "", "here"])
  assert.deepEqual(await reply, ["MDPC01", "coffee", "here"])

  await worker.send(["", "MDPW01", Buffer.of(5)])
  await broker.line(/^A worker of coffee has gone$/)
  assert.deepEqual(await ask("mmi.service", "coffee"), ["MDPC01", "mmi.service", "404"])
  // Whom it does not know any more it asks for a new beginning.
  await worker.send(["", "MDPW01", Buffer.of(4)])
  assert.deepEqual((await next()).slice(1), [Buffer.from("MDPW01"), Buffer.of(5)])
})

test("majordomo's broker stays through what is no Majordomo", async () => {
  await using broker = example("majordomo/broker", anyPort)
  const [address = ""] = await endpointsOf(broker)
  using stranger = new zmq.Dealer({ linger: 0 })
  stranger.connect(address)
  const nonsense = [["x"], ["", "MDPC01"], ["", "MDPW01"], ["", "MDPW01", "?"], ["", "MDPW01", Buffer.of(1)]]
  for (const message of nonsense) await stranger.send(message)
  await stranger.send(["", "MDPC01", "mmi.service", "x"])
  for (;;) {
    const [, protocol, ...rest] = await within(stranger.receive(), "the answer")
    if (`${protocol}` !== "MDPC01") continue
    assert.deepEqual(rest.map(String), ["mmi.service", "404"])
    break
  }
})

test("majordomo's request outlives the worker that was killed with it", async () => {
  await using broker = example("majordomo/broker", anyPort)
  const [address = ""] = await endpointsOf(broker)
  await using anna = example("majordomo/echo-worker", address, "anna", "60000")
  await broker.line(/has come/)
  await using client = example("majordomo/ask", address, "echo", "3000", "One", "Two")
  await anna.line(/^anna works on One$/)
  await anna.kill()
  await using _ben = example("majordomo/echo-worker", address, "ben", "10")
  await client.success()
  assert.deepEqual(received(client.lines), ["Received: One, says ben", "Received: Two, says ben"])
})

test("majordomo's workers find a broker that was started anew, and say good-bye when they go", async () => {
  await using first = example("majordomo/broker", anyPort)
  const [address = ""] = await endpointsOf(first)
  await using worker = example("majordomo/echo-worker", address, "anna", "10")
  await first.line(/has come/)
  await first.kill()
  await using second = example("majordomo/broker", address)
  await second.line(/^A worker of echo has come$/)
  await using client = example("majordomo/ask", address, "echo", "5000", "One")
  await client.success()
  assert.deepEqual(received(client.lines), ["Received: One, says anna"])
  worker.interrupt()
  await worker.success()
  await second.line(/^A worker of echo has gone$/)
})

test(
  "majordomo's client is answered by a worker of pyzmq",
  unlessMissing(typeof python === "string" ? python : undefined),
  async () => {
    assert.ok(typeof python !== "string")
    await using broker = example("majordomo/broker", anyPort)
    const [address = ""] = await endpointsOf(broker)
    await using worker = start(python.command, "-u", "-c", pythonWorker, address)
    await broker.line(/^A worker of shout has come$/)
    await using client = example("majordomo/ask", address, "shout", "5000", "hello")
    await client.success()
    await worker.line(/^answered$/)
    assert.deepEqual(received(client.lines), ["Received: HELLO"])
  },
)

test("a titanic's request outlives client, worker, broker and titanic", async () => {
  const folder = await mkdtemp(join(tmpdir(), "puremq-titanic-"))
  try {
    const file = join(folder, "titanic.db")
    await using firstBroker = example("majordomo/broker", anyPort)
    const [address = ""] = await endpointsOf(firstBroker)
    await using first = example("titanic/titanic", address, file, "100")
    await firstBroker.line(/has come/, 3)
    await using client = example("titanic/client", address, "submit", "echo", "Hello")
    await client.success()
    const [, id = ""] = await client.line(/^Handed in as (\S+)$/)
    // Killed, both of them, while no worker has ever been there.
    await Promise.all([first.kill(), firstBroker.kill()])

    await using broker = example("majordomo/broker", address)
    await using second = example("titanic/titanic", address, file, "100")
    assert.match((await second.line(/Titanic is running/)).input, /1 requests wait/)
    await broker.line(/has come/, 3)
    await using early = example("titanic/client", address, "fetch", id)
    await early.line(/^Not yet answered$/)
    await using _worker = example("majordomo/echo-worker", address, "anna", "10")
    await early.success()
    assert.equal(early.lines.at(-1), "Received: Hello, says anna")

    // Fetched and forgotten.
    await using late = example("titanic/client", address, "fetch", id)
    assert.equal(await late.exit(), 1)
    assert.match(late.complaints, /Titanic says 400/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
