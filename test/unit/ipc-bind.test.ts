import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"

test("a bind over a folder fails and leaves nothing behind", () => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-"))
  const taken = join(folder, "taken")
  mkdirSync(taken)
  const socket = new zmq.Pull()
  try {
    assert.throws(() => socket.bindSync(`ipc://${taken}`), zmq.ZmqError)
    assert.deepEqual(readdirSync(folder), ["taken"])
  } finally {
    socket.close()
    rmSync(folder, { recursive: true })
  }
})

test("a socket whose file is out of reach when it closes says so, and is closed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-"))
  const home = join(folder, "home")
  mkdirSync(home)
  const socket = new zmq.Pull()
  const failed = new Promise<zmq.EventOfType<"close:error">>((resolve) =>
    socket.events.on("close:error", resolve),
  )
  try {
    socket.bindSync(`ipc://${join(home, "socket")}`)
    renameSync(home, join(folder, "moved"))
    symlinkSync("home", home)
    await within(socket[Symbol.asyncDispose](), "the socket to be closed")
    assert.equal((await within(failed, "the event")).address, `ipc://${join(home, "socket")}`)
  } finally {
    socket.close()
    rmSync(folder, { recursive: true })
  }
})
