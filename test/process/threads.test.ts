// Threads that have sockets end as they would without, and none ends while it waits.
import assert from "node:assert/strict"
import { test } from "node:test"
import { endsQuietly, runScene } from "./scenes.js"

const scenes: Record<string, [title: string, lines: string[]]> = {
  idle: ["sockets that are open let a worker end", ["idle"]],
  idleWithPeer: ["sockets with peers in other threads let all threads end", ["received welcome"]],
  receive: ["a pending receive keeps a worker alive until its message comes", ["received message"]],
  late: [
    "what a worker has sent keeps it alive until somebody takes it",
    ["sent", "received sent before anybody was there", "ended"],
  ],
  twoWorkers: [
    "two workers talk to each other while the main thread does nothing",
    ["Hello from the worker!", "Hello back!"],
  ],
  nested: ["a worker talks to a worker of its own", ["Hello from the worker!", "Hello back!"]],
  alone: ["a program of one thread talks to itself", ["received question"]],
}

for (const [scene, [title, lines]] of Object.entries(scenes)) {
  test(title, async () => {
    await using program = runScene("threads", scene)
    await endsQuietly(program)
    assert.deepEqual(program.lines.sort(), lines.sort())
  })
}

test("a program of one thread loads nothing for others", async () => {
  await using program = runScene("lone", "")
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["hello", "loaded 0"])
})
