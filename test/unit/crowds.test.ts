// Many connections at once: they are dialled and set up some at a time.
import assert from "node:assert/strict"
import { once } from "node:events"
import net from "node:net"
import { test } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { Pull, Push } from "puremq"

/** More than one turn of the event loop dials or sets up. */
const CROWD = 1500

test("a crowd of connections arrives as a whole", async () => {
  using pull = new Pull({ backlog: CROWD })
  await pull.bind("tcp://127.0.0.1:*")
  using push = new Push()
  for (let made = 0; made < CROWD; made++) push.connect(pull.lastEndpoint as string)
  for (let sent = 0; sent < CROWD; sent++) await push.send(String(sent))
  const heard = new Set<string>()
  for (let count = 0; count < CROWD; count++) heard.add(await pull.receiveString())
  assert.equal(heard.size, CROWD)
})

test("a connection that waits to be dialled can be let go", async () => {
  let accepted = 0
  const server = net.createServer(() => accepted++).listen({ host: "127.0.0.1", port: 0, backlog: CROWD })
  await once(server, "listening")
  const address = `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`
  using push = new Push()
  for (let made = 0; made < CROWD; made++) push.connect(address)
  push.disconnect(address)
  await sleep(100)
  assert.equal(accepted, 0)
  server.close()
})

test("whoever waits to be set up is turned away when the socket closes", async () => {
  using pull = new Pull({ backlog: CROWD })
  await pull.bind("tcp://127.0.0.1:*")
  const port = Number(/\d+$/.exec(pull.lastEndpoint as string)?.[0])
  const accepted = new Promise<void>((resolve) => {
    pull.events.on("accept", () => resolve())
  })
  const closed: Promise<unknown>[] = []
  for (let made = 0; made < CROWD; made++) {
    const stranger = net.connect(port, "127.0.0.1").on("error", () => {})
    stranger.resume()
    closed.push(new Promise((resolve) => stranger.on("close", resolve)))
  }
  await accepted
  pull.close()
  await Promise.all(closed)
})
