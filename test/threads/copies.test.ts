// A thread that has loaded this library more than once, as where two packages bring it along.
import assert from "node:assert/strict"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { test } from "node:test"
import { fileURLToPath, pathToFileURL } from "node:url"
import { Worker } from "node:worker_threads"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"

const PROGRAM = `
  const { workerData: [first, second], parentPort } = require("node:worker_threads")
  ;(async () => {
    const one = await import(first), other = await import(second)
    const idle = new one.Pull()
    idle.connect("inproc://copies-nobody")
    const pull = new other.Pull()
    await pull.bind("inproc://copies-other")
    parentPort.once("message", async () => {
      await pull.bind("inproc://copies")
      const [text] = await pull.receive()
      parentPort.postMessage([String(text), pull.stats().connections])
    })
    parentPort.postMessage("ready")
  })()`

test("of two copies in a thread the one that is bound is connected to, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-"))
  const entry = fileURLToPath(import.meta.resolve("puremq"))
  cpSync(dirname(entry), join(folder, "dist"), { recursive: true })
  cpSync(join(dirname(entry), "..", "package.json"), join(folder, "package.json"))
  const copy = pathToFileURL(join(folder, "dist", "puremq.js")).href
  const workerData = [pathToFileURL(entry).href, copy]
  const worker = new Worker(PROGRAM, { eval: true, workerData })
  const heard = (): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve))
  try {
    await within(heard(), "the thread to begin")
    using push = new zmq.Push({ linger: 0 })
    push.connect("inproc://copies")
    const answer = heard()
    worker.postMessage("bind")
    await push.send("x")
    assert.deepEqual(await within(answer, "the message"), ["x", 1])
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true })
  }
})
