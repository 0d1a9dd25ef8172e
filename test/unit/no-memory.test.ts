// A peer that sends more than the system has memory for ends its own connection.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { PullPattern } from "#src/patterns/pull.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"
import { greeting, longHeader, message, ready } from "../wire/zmtp-bytes.js"

test("what there is no memory for ends its connection and no other", async ({ mock }) => {
  const platform = new SimulatedPlatform()
  const core = new SocketCore(new ContextCore(platform), "PULL", () => new PullPattern())
  core.monitor.watched = true
  core.endpoints.bindSync("tcp://127.0.0.1:1")
  const conns = [new SimulatedConn(platform, undefined), new SimulatedConn(platform, undefined)] as const
  for (const conn of conns) {
    platform.accept?.(conn)
    conn.deliver(Buffer.concat([greeting(), ready("PUSH")]))
    platform.run()
  }
  const allocate = Buffer.allocUnsafeSlow
  const scarce = mock.method(Buffer, "allocUnsafeSlow", (size: number) => {
    if (size > 100_000) throw new RangeError("Array buffer allocation failed")
    return allocate(size)
  })
  const taken = conns[0].deliver(Buffer.concat([longHeader(0, 10_000_000n), Buffer.alloc(200_000)]))
  scarce.mock.restore()
  assert.ok(taken < 200_009, "all was taken")
  platform.run()
  assert.ok(conns[0].closed)
  conns[1].deliver(message("hello"))
  platform.run()
  assert.equal(String(core.pattern.receive()?.[0]), "hello")
  assert.equal(core.pattern.receive(), undefined)
  const codes: unknown[] = []
  while (core.monitor.hasUnread) {
    const event = await core.monitor.next()
    if (event.type === "disconnect") codes.push(event.reason?.code)
  }
  assert.deepEqual(codes, ["ENOMEM"])
})
