// Who tries again at once what failed at once waits for the event loop now and then: else it would never succeed.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as zmq from "puremq"

const MOST_TRIES = 1_000_000
const open: { close(): void }[] = []

function keep<Socket extends { close(): void }>(socket: Socket): Socket {
  open.push(socket)
  return socket
}

async function retry<Result>(code: string, operate: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; tries < MOST_TRIES; tries++) {
    try {
      return await operate()
    } catch (error) {
      assert.equal((error as { code?: string }).code, code)
    }
  }
  throw new Error(`${MOST_TRIES} tries failed`)
}

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

test("receive without a timeout gets what comes", async () => {
  const pull = keep(new zmq.Pull({ receiveTimeout: 0 }))
  await pull.bind("tcp://127.0.0.1:*")
  const push = keep(new zmq.Push({ linger: 0 }))
  push.connect(pull.lastEndpoint as string)
  await push.send("hello")
  assert.equal(String(await retry("EAGAIN", () => pull.receive())), "hello")
})

test("send without a timeout gets room", async () => {
  const pull = keep(new zmq.Pull())
  await pull.bind("tcp://127.0.0.1:*")
  const push = keep(new zmq.Push({ linger: 0, sendTimeout: 0, sendHighWaterMark: 1 }))
  push.connect(pull.lastEndpoint as string)
  for (let sent = 0; sent < 10; sent++) await retry("EAGAIN", () => push.send("hello"))
})

test("a ROUTER reaches who is about to connect", async () => {
  const router = keep(new zmq.Router({ linger: 0, mandatory: true }))
  await router.bind("tcp://127.0.0.1:*")
  const dealer = keep(new zmq.Dealer({ routingId: "dealer" }))
  dealer.connect(router.lastEndpoint as string)
  await retry("EHOSTUNREACH", () => router.send(["dealer", "hello"]))
  assert.equal(String(await dealer.receive()), "hello")
})

test("who iterates out of turn lets others run", async () => {
  const request = keep(new zmq.Request({ linger: 0 }))
  let turned = false
  setImmediate(() => {
    turned = true
  })
  const messages = request[Symbol.asyncIterator]()
  await retry("EFSM", async () => {
    if (!turned) await messages.next()
  })
})
