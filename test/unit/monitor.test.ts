// What becomes of events that nobody reads, and of handlers that throw.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { type Event, Monitor } from "#src/core/monitor.js"
import { SimulatedPlatform } from "../fuzz/simulation.js"

const address = "tcp://127.0.0.1:5555"

function createMonitor(): { monitor: Monitor; platform: SimulatedPlatform } {
  const platform = new SimulatedPlatform()
  const { turn, keepAlive } = new ContextCore(platform)
  return { monitor: new Monitor(turn, keepAlive), platform }
}

function takeUnread(monitor: Monitor): unknown[] {
  const unread: unknown[] = []
  while (monitor.hasUnread) unread.push(monitor.next())
  return unread
}

test("nothing is kept before somebody looks", () => {
  const { monitor } = createMonitor()
  monitor.emit({ type: "bind", address })
  monitor.watched = true
  monitor.emit({ type: "close", address })
  assert.deepEqual(takeUnread(monitor), [{ type: "close", address }])
})

test("of events that nobody reads the oldest are forgotten", () => {
  const { monitor } = createMonitor()
  monitor.watched = true
  for (let interval = 0; interval < 10_003; interval++) {
    monitor.emit({ type: "connect:retry", address, interval })
  }
  monitor.close()
  const unread = takeUnread(monitor)
  assert.equal(unread.length, 10_000)
  assert.deepEqual(unread[0], { type: "connect:retry", address, interval: 4 })
  assert.deepEqual(unread.at(-1), { type: "end" })
})

test("what a handler throws keeps neither another handler nor a later event from being told", () => {
  const { monitor, platform } = createMonitor()
  const calls: Event[] = []
  const wrong = new Error("a handler's own")
  monitor.watched = true
  monitor.on("bind", () => {
    throw wrong
  })
  monitor.on("bind", (event) => calls.push(event))
  monitor.on("close", (event) => calls.push(event))
  monitor.emit({ type: "bind", address })
  monitor.emit({ type: "close", address })
  assert.deepEqual(calls, [], "not from where an event happens")
  // In a task of its own: there it is the process's uncaught exception.
  assert.throws(() => platform.run(), wrong)
  assert.deepEqual(calls, [
    { type: "bind", address },
    { type: "close", address },
  ])
  monitor.emit({ type: "bind", address })
  assert.throws(() => platform.run(), wrong)
  assert.deepEqual(calls[2], { type: "bind", address })
})
