// A connection that the system could not accept, for want of file descriptors for instance, is told and no more.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { PullPattern } from "#src/patterns/pull.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"

test("what the system could not accept is told, and the next one is accepted", async () => {
  const platform = new SimulatedPlatform()
  const core = new SocketCore(new ContextCore(platform), "PULL", () => new PullPattern())
  core.monitor.watched = true
  core.endpoints.bindSync("tcp://127.0.0.1:1")
  platform.failToAccept?.(Object.assign(new Error("accept EMFILE"), { code: "EMFILE" }))
  platform.accept?.(new SimulatedConn(platform, undefined))
  core.close()
  platform.run()
  await core.done
  const told: unknown[] = []
  while (core.monitor.hasUnread) {
    const event = await core.monitor.next()
    told.push(
      "error" in event ? [event.type, event.address, (event.error as { code?: unknown }).code] : event.type,
    )
  }
  assert.deepEqual(told, ["bind", ["accept:error", "tcp://127.0.0.1:1", "EMFILE"], "accept", "close", "end"])
})
