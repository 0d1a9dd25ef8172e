// The watch over test files (scripts/test.mjs) sees what a file leaves open, and names it.
import assert from "node:assert/strict"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { start } from "../interop/process.js"

const script = fileURLToPath(new URL("leaking.js", import.meta.url))

test("a file that closes its sockets, or loses them, ends well", async () => {
  for (const scene of ["nothing", "lost"]) {
    await using program = start(process.execPath, script, scene)
    await program.success()
    assert.equal(program.complaints, "")
  }
})

for (const [scene, names] of [
  ["listener", [/a listener at 127\.0\.0\.1 port \d+/]],
  [
    "connection",
    [
      /a listener at/,
      /a connection to 127\.0\.0\.1 port \d+/,
      /a connection accepted at 127\.0\.0\.1 port \d+/,
    ],
  ],
  ["timer", [/a timer of \d+ ms, made\n {4}at /]],
  ["datagrams", [/a socket of datagrams/]],
  ["pending", [/a listener on an AbortSignal/]],
] as const) {
  test(`a file that leaves a ${scene} open fails, and says so`, async () => {
    await using program = start(process.execPath, script, scene)
    assert.equal(await program.exit(), 1)
    for (const name of names) assert.match(program.complaints, name)
  })
}
