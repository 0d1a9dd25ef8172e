import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import * as zmq from "puremq"

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
