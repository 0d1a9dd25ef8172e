// Sockets of one process that answer each other at once leave the event loop its turn.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"

const MOST_ANSWERS = 1_000_000

test("answers over inproc that nobody waits to have sent let timers run", async () => {
  const sockets = [new zmq.Pair({ linger: 0 }), new zmq.Pair({ linger: 0 })] as const
  sockets[0].bindSync("inproc://answers")
  sockets[1].connect("inproc://answers")
  let answers = 0
  const ended = sockets.map(async (socket) => {
    for await (const message of socket) {
      // What was taken before the socket closed is still handed out.
      if (socket.closed || ++answers === MOST_ANSWERS) break
      socket.trySend(message)
    }
  })
  sockets[0].trySend("ping")
  await new Promise((resolve) => setTimeout(resolve, 1))
  for (const socket of sockets) socket.close()
  await Promise.all(ended)
  assert.ok(answers > 0 && answers < MOST_ANSWERS, `${answers} answers`)
})
