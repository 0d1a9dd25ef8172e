// What runs in browsers too is run where there is no Buffer.
import assert from "node:assert/strict"
import { test } from "node:test"
import { startNode } from "../interop/process.js"

test("CURVE needs no Buffer, with libsodium or @noble", async () => {
  await using program = startNode(new URL("programs/bufferless.js", import.meta.url))
  await program.success()
  assert.deepEqual(program.lines, ["libsodium PAIR 0,1,97", "noble PAIR 0,1,97"])
})
