// ROUTER's peers that leave or are replaced, where libzmq does otherwise: it loses what a replaced peer had said,
// leaves its connection open, and notices who left only when it is read from.
import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"
import { numbers, take, takesNothing } from "../suites/talk.js"

const open: { close(): void }[] = []

function router(options: zmq.SocketOptions<zmq.Router>): zmq.Router {
  const socket = new zmq.Router({ linger: 0, ...options })
  open.push(socket)
  return socket
}

function dealer(options: zmq.SocketOptions<zmq.Dealer>): zmq.Dealer {
  const socket = new zmq.Dealer({ linger: 0, ...options })
  open.push(socket)
  return socket
}

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

test("a send that waits for a full peer fails when that peer leaves, and the next goes on", async () => {
  const server = router({ mandatory: true, sendHighWaterMark: 1 })
  server.bindSync("inproc://full")
  const leaving = dealer({ routingId: "leaving", receiveHighWaterMark: 1 })
  const staying = dealer({ routingId: "staying" })
  for (const client of [leaving, staying]) client.connect("inproc://full")
  let taken = 0
  while (server.trySend(["leaving", String(taken)])) taken += 1
  assert.equal(taken, 2)
  const failing = server.send(["leaving", "lost"])
  const following = server.send(["staying", "kept"])
  leaving.close()
  await assert.rejects(within(failing, "the send() to fail"), { code: "EHOSTUNREACH" })
  await within(following, "the send() behind it")
  assert.deepEqual(await take(staying), ["kept"])
})

test("handover: the former holder is disconnected, and all that it had said is heard", async () => {
  const server = router({ handover: true })
  await server.bind("tcp://127.0.0.1:*")
  const address = server.lastEndpoint as string
  const former = dealer({ routingId: "name", reconnectInterval: -1 })
  former.connect(address)
  for (const number of numbers(3)) await former.send(number)
  const disconnected = new Promise((resolve) => former.events.on("disconnect", resolve))
  // The last of the former holder's words is there once the first has been heard: they left together.
  assert.deepEqual(await take(server), ["name", "0"])
  const successor = dealer({ routingId: "name" })
  successor.connect(address)
  await within(disconnected, "the former holder to be disconnected")
  await successor.send("3")
  const heard = [await take(server), await take(server), await take(server)]
  assert.deepEqual(heard.sort(), [
    ["name", "1"],
    ["name", "2"],
    ["name", "3"],
  ])
  await server.send(["name", "welcome"])
  assert.deepEqual(await take(successor), ["welcome"])
  await takesNothing(former, "a DEALER whose name was taken")
})
