import assert from "node:assert/strict"
import { createServer, type Server } from "node:net"
import { test } from "node:test"
import * as zmq from "puremq"

test("bindToRandomPort resolves with a port that the system chose", async () => {
  using pull = new zmq.Pull()
  const port = await pull.bindToRandomPort("tcp://127.0.0.1")
  assert.equal(pull.lastEndpoint, `tcp://127.0.0.1:${port}`)
  using push = new zmq.Push({ linger: 0 })
  push.connect(`tcp://127.0.0.1:${port}`)
  await push.send("found")
  assert.equal(await pull.receiveString(), "found")
})

test("binds at random ports that are made at a time tell each its own port", async () => {
  using pull = new zmq.Pull()
  const ports = await Promise.all([1, 2, 3, 4].map(() => pull.bindToRandomPort("tcp://127.0.0.1")))
  assert.equal(new Set(ports).size, 4, `${ports}`)
  for (const port of ports) await pull.unbind(`tcp://127.0.0.1:${port}`)
})

test("bindToRandomPort keeps to its range, and passes over ports that are taken", async () => {
  const server: Server = createServer()
  const taken = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port))
  })
  try {
    using pull = new zmq.Pull()
    const port = await pull.bindToRandomPort("tcp://127.0.0.1", {
      min: taken,
      max: Math.min(taken + 50, 65_535),
    })
    assert.ok(port > taken && port <= taken + 50, `${port}`)
    const only = { min: taken, max: taken, attempts: 3 }
    await assert.rejects(pull.bindToRandomPort("tcp://127.0.0.1", only), { code: "EADDRINUSE" })
  } finally {
    server.close()
  }
})

test("bindToRandomPort refuses what is no range, and what is no address", async () => {
  using pull = new zmq.Pull()
  for (const range of [{ min: 5, max: 4 }, { min: 0 }, { max: 65_536 }, { attempts: 0 }, { min: 1.5 }]) {
    assert.throws(() => pull.bindToRandomPort("tcp://127.0.0.1", range), { code: "EINVAL" })
  }
  for (const address of ["inproc://name", "ipc:///tmp/name"]) {
    assert.throws(() => pull.bindToRandomPort(address), { code: "EINVAL", address })
  }
  // @ts-expect-error
  assert.throws(() => pull.bindToRandomPort(5), TypeError)
  await assert.rejects(pull.bindToRandomPort("nonsense://x"), { code: "EPROTONOSUPPORT" })
  pull.close()
  assert.throws(() => pull.bindToRandomPort("tcp://127.0.0.1"), { code: "EBADF" })
})
