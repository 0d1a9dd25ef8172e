// The commands that steer a proxy: what one of libzmq makes of them, and what ours does.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"
import { fromRoot } from "./package-root.js"
import { findPython, unlessMissing } from "./peer.js"
import { start } from "./process.js"

const python = findPython()

interface Steered {
  readonly endpoints: readonly string[]
  readonly ended: Promise<unknown>
}

async function steer({ endpoints, ended }: Steered): Promise<void> {
  await using context = new zmq.Context()
  const push = new zmq.Push({ context, linger: 0 })
  const pull = new zmq.Pull({ context })
  const steering = new zmq.Pair({ context })
  for (const [index, socket] of [push, pull, steering].entries()) socket.connect(endpoints[index] as string)
  const got = async (): Promise<string> => (await within(pull.receive(), "a message")).join(" ")
  // Each command is answered before the next one is obeyed.
  const statistics = async (): Promise<number[]> => {
    await steering.send("STATISTICS")
    const frames = await within(steering.receive(), "statistics")
    return frames.map((frame) => Number(new BigUint64Array(Uint8Array.from(frame).buffer)[0]))
  }

  assert.deepEqual(await statistics(), [0, 0, 0, 0, 0, 0, 0, 0])
  await push.send(["two", "parts!"])
  assert.equal(await got(), "two parts!")
  await push.send("one")
  assert.equal(await got(), "one")
  assert.deepEqual(await statistics(), [2, 12, 0, 0, 0, 0, 2, 12])
  await steering.send("PAUSE")
  await statistics()
  await push.send("later")
  // That nothing comes can be seen by waiting alone.
  await delay(100)
  assert.equal(pull.tryReceive(), undefined)
  assert.deepEqual(await statistics(), [2, 12, 0, 0, 0, 0, 2, 12])
  await steering.send("RESUME")
  assert.equal(await got(), "later")
  assert.deepEqual(await statistics(), [3, 17, 0, 0, 0, 0, 3, 17])
  await steering.send("TERMINATE")
  await within(ended, "the proxy to end")
}

test(
  "a PAIR steers a proxy of libzmq",
  unlessMissing(typeof python === "string" ? python : undefined),
  async () => {
    assert.ok(typeof python !== "string")
    await using program = start(python.command, "-u", fromRoot("test/interop/steered_proxy.py"))
    const [, ...endpoints] = await program.line(/^bound (\S+) (\S+) (\S+)$/)
    await steer({ endpoints, ended: program.line(/^ended$/) })
  },
)

test("a PAIR steers a proxy of puremq", async () => {
  await using context = new zmq.Context()
  const sockets = [new zmq.Pull({ context }), new zmq.Push({ context }), new zmq.Pair({ context })] as const
  for (const socket of sockets) await socket.bind("tcp://127.0.0.1:*")
  const [frontEnd, backEnd, control] = sockets
  const ended = zmq.proxy(frontEnd, backEnd, { control })
  await steer({ endpoints: sockets.map(({ lastEndpoint }) => lastEndpoint as string), ended })
})
