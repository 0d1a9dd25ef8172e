// What is passed down, shown or received may share memory with other things: what of that a user can notice.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { collectGarbage } from "../memory/holdings.js"
import { within } from "../suites/deadline.js"

const open: { close(): void }[] = []

function keep<Socket extends { close(): void }>(socket: Socket): Socket {
  open.push(socket)
  return socket
}

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

/** Sends memory that nobody but the library then knows, and lets it be received. */
async function sendLarge(
  send: (body: Buffer) => Promise<void>,
  receive: () => Promise<unknown>,
): Promise<WeakRef<ArrayBufferLike>> {
  const body = Buffer.alloc(1 << 20)
  await send(body)
  await receive()
  return new WeakRef(body.buffer)
}

async function isCollected(memory: WeakRef<ArrayBufferLike>): Promise<boolean> {
  for (let turns = 0; turns < 50 && memory.deref() !== undefined; turns++) {
    await turn()
    collectGarbage()
  }
  return memory.deref() === undefined
}

test("a body that was sent is not kept: PUSH", async () => {
  const push = keep(new zmq.Push())
  const pull = keep(new zmq.Pull())
  await pull.bind("tcp://127.0.0.1:*")
  push.connect(pull.lastEndpoint as string)
  const memory = await sendLarge(
    (body) => push.send(body),
    () => pull.receive(),
  )
  assert.ok(await within(isCollected(memory), "the collector"))
})

test("a body that was sent is not kept: ROUTER", async () => {
  const router = keep(new zmq.Router())
  const dealer = keep(new zmq.Dealer({ routingId: "dealer" }))
  await router.bind("tcp://127.0.0.1:*")
  dealer.connect(router.lastEndpoint as string)
  await dealer.send("hello")
  const [name] = await router.receive()
  const memory = await sendLarge(
    (body) => router.send([name as Buffer, body]),
    () => dealer.receive(),
  )
  assert.ok(await within(isCollected(memory), "the collector"))
})

test("ROUTER sends to whom the bytes of a name say, though they were written into one that was received", async () => {
  const router = keep(new zmq.Router({ mandatory: true }))
  const one = keep(new zmq.Dealer({ routingId: "1" }))
  const two = keep(new zmq.Dealer({ routingId: "2" }))
  await router.bind("tcp://127.0.0.1:*")
  for (const dealer of [one, two]) {
    dealer.connect(router.lastEndpoint as string)
    await dealer.send("hello")
    await within(router.receive(), "the hello")
  }
  await one.send("again")
  const [name] = (await router.receive()) as [Buffer]
  name.write("2")
  await router.send([name, "for 2"])
  assert.equal(String(await within(two.receive(), "the message")), "for 2")
  await one.send("once more")
  assert.equal(String((await within(router.receive(), "the message"))[0]), "1")
})

test("a kept small frame keeps at most 64 KiB, though the reader is behind", async () => {
  const pull = keep(new zmq.Pull({ receiveHighWaterMark: 100 }))
  const push = keep(new zmq.Push({ sendHighWaterMark: 0, linger: 0 }))
  await pull.bind("tcp://127.0.0.1:*")
  push.connect(pull.lastEndpoint as string)
  // Large ones first, for which chunks are larger.
  for (let count = 0; count < 40; count++) {
    await push.send(Buffer.alloc(61_440))
    await pull.receive()
  }
  for (let count = 0; count < 100_000; count++) void push.send("0123456789")
  for (let turns = 0; turns < 50; turns++) await turn()
  for (let count = 0; count < 100_000; count++) {
    const [frame] = (await pull.receive()) as [Buffer]
    assert.ok(frame.buffer.byteLength <= 65_536, `${frame.buffer.byteLength} bytes`)
    if (count % 1000 === 0) await turn()
  }
})

test("over inproc a reader that has read half of what its mark allows makes room", async () => {
  const pull = keep(new zmq.Pull({ receiveHighWaterMark: 1000 }))
  const push = keep(new zmq.Push({ sendHighWaterMark: 1000, linger: 0 }))
  await pull.bind("inproc://half")
  push.connect("inproc://half")
  let sent = 0
  const count = (): void => void sent++
  for (let message = 0; message < 3000; message++) push.send("x").then(count, () => {})
  await turn()
  assert.equal(sent, 2000)
  for (let message = 0; message < 600; message++) await pull.receive()
  for (let turns = 0; turns < 3; turns++) await turn()
  assert.ok(sent >= 2500, `${sent} were accepted`)
})

test("what is sent while another message's options are looked at leaves that message alone", async () => {
  const pull = keep(new zmq.Pull())
  const push = keep(new zmq.Push())
  await pull.bind("inproc://options")
  push.connect("inproc://options")
  const { signal } = new AbortController()
  const options = {
    get signal(): AbortSignal {
      push.trySend("inner")
      return signal
    },
  }
  await push.send("outer", options)
  assert.equal(await pull.receiveString(), "inner")
  assert.equal(await pull.receiveString(), "outer")
})

for (const transport of ["tcp", "ws"]) {
  test(`memory received over ${transport} cannot be transferred away from what is read into it later`, async () => {
    const push = keep(new zmq.Push())
    const pull = keep(new zmq.Pull())
    await pull.bind(`${transport}://127.0.0.1:*`)
    push.connect(pull.lastEndpoint as string)
    await push.send("first")
    const [first] = (await within(pull.receive(), "the first message")) as [Buffer]
    try {
      // Node copies it instead; later versions throw.
      structuredClone(first, { transfer: [first.buffer as ArrayBuffer] })
    } catch (error) {
      assert.equal((error as Error).name, "DataCloneError")
    }
    assert.equal(String(first), "first")
    await push.send("second")
    assert.equal(String(await within(pull.receive(), "the second message")), "second")
  })
}
