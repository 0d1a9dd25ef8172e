// That the relay does to connections what it is told to, and to bytes nothing.
import assert from "node:assert/strict"
import { once } from "node:events"
import net from "node:net"
import { test } from "node:test"
import { Chance } from "../fuzz/chance.js"
import { noise } from "../fuzz/streams.js"
import { eventually, within } from "../suites/deadline.js"
import { clear, delaying, type Manner, moody, narrow, splitting, standing } from "./manners.js"
import { RELAYED, Relay, targetOf } from "./relay.js"

const BYTES = 100_000

/** Somebody who is bound and hears what comes, a relay to him, and who connects to that. */
class Line implements AsyncDisposable {
  readonly relay = new Relay()
  readonly #server = net.createServer()
  readonly #sockets: net.Socket[] = []
  #endpoint = ""

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1")
    await once(this.#server, "listening")
    const { port } = this.#server.address() as net.AddressInfo
    this.relay.target = targetOf(`tcp://127.0.0.1:${port}`)
    this.#endpoint = await this.relay.listen()
  }

  async connect(): Promise<{ near: net.Socket; far: net.Socket }> {
    const { accepted } = this.relay
    const arrived = once(this.#server, "connection")
    const near = net.connect(targetOf(this.#endpoint))
    const [far] = (await within(arrived, "a connection through the relay")) as [net.Socket]
    await eventually(async () => this.relay.accepted > accepted, "the relay to know of it")
    for (const socket of [near, far]) {
      socket.on("error", () => {})
      this.#sockets.push(socket)
    }
    return { near, far }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.relay.close()
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, "close")
  }
}

async function open(manner: Manner = clear): Promise<Line> {
  const line = new Line()
  await line.start()
  line.relay.manner = manner
  return line
}

/** All that a socket gets until its end. */
async function readAll(socket: net.Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on("data", (chunk: Buffer) => chunks.push(chunk))
  await within(once(socket, "end"), "the end of a connection")
  return Buffer.concat(chunks)
}

const manners: Readonly<Record<string, Manner>> = {
  clear,
  delaying: delaying(new Chance(1), 5),
  narrow: narrow(10_000_000),
  splitting: splitting(new Chance(1)),
  // It would cut connections; what it does to bytes is meant here.
  moody: { pieces: moody(new Chance(1)).pieces as NonNullable<Manner["pieces"]> },
}

for (const [name, manner] of Object.entries(manners)) {
  test(`a relay that is ${name} brings all bytes as they were, and then the end`, async () => {
    await using line = await open(manner)
    const { near, far } = await line.connect()
    const bytes = noise(new Chance(2), BYTES)
    const got = readAll(far)
    near.end(bytes)
    assert.ok((await got).equals(bytes))
    assert.equal(line.relay.forth, BYTES)
  })
}

test("a relay that holds takes no more than it says, and goes on", async () => {
  await using line = await open(standing)
  const { near, far } = await line.connect()
  const bytes = noise(new Chance(2), 4 * RELAYED)
  const got = readAll(far)
  near.end(bytes)
  await eventually(async () => line.relay.forth >= RELAYED - 65_536, "the relay to be full")
  assert.ok(line.relay.forth <= RELAYED, `${line.relay.forth} bytes were taken`)
  line.relay.manner = clear
  assert.ok((await got).equals(bytes))
})

test("a connection is cut after as many bytes as its lot is", async () => {
  await using line = await open({ lot: () => ({ bytes: 700, life: 60_000, ending: "FIN" }) })
  const { near, far } = await line.connect()
  const got = readAll(far)
  near.write(noise(new Chance(2), BYTES))
  assert.equal((await got).length, 700)
  await eventually(async () => line.relay.ended === 1, "the connection to be forgotten")
})

test("both sides see a connection end or be reset", async () => {
  await using line = await open()
  const { near, far } = await line.connect()
  const ends = [near, far].map((socket) => once(socket.resume(), "end"))
  line.relay.cut("FIN")
  await within(Promise.all(ends), "both sides to see the end")
  const other = await line.connect()
  const errors: unknown[] = []
  for (const socket of [other.near, other.far]) {
    socket.resume().on("error", (error: NodeJS.ErrnoException) => errors.push(error.code))
  }
  line.relay.cut("RST")
  await eventually(async () => errors.length === 2, "both sides to see a reset")
  assert.deepEqual(errors, ["ECONNRESET", "ECONNRESET"])
})

test("what is swallowed goes nowhere and is counted, and nobody sees the other go", async () => {
  await using line = await open()
  const { near, far } = await line.connect()
  let came = 0
  far.on("data", ({ length }) => {
    came += length
  })
  const [farGone, nearGone] = [once(far, "close"), once(near.resume(), "close")]
  line.relay.swallow()
  near.end(noise(new Chance(2), BYTES))
  await eventually(async () => line.relay.swallowed === BYTES, "all to be swallowed")
  await within(nearGone, "who went to be let go")
  assert.equal(came, 0)
  assert.equal(far.destroyed, false)
  far.destroy()
  await farGone
  await eventually(async () => line.relay.ended === 1, "the connection to be forgotten")
})
