// `useFd`: a listening file that comes from whoever started the process.
import assert from "node:assert/strict"
import { once } from "node:events"
import { existsSync, linkSync, mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { Pull, Push } from "puremq"
import { endpointOf, endsQuietly, runSceneWith } from "./scenes.js"

/** The number of a server's file: what systemd would hand over. */
function fileOf(server: Server): number {
  return (server as unknown as { _handle: { fd: number } })._handle.fd
}

const linux = { skip: process.platform === "win32" ? "Windows has no such files" : false }

for (const [scheme, path] of [
  ["tcp", ""],
  ["ws", "/"],
] as const) {
  test(`a process goes on with a listening file over ${scheme}`, linux, async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const { port } = server.address() as { port: number }
    await using program = runSceneWith([fileOf(server)], "inherited", "listening", `${scheme}://127.0.0.1:*`)
    const endpoint = await endpointOf(program)
    server.close()
    assert.equal(endpoint, `${scheme}://127.0.0.1:${port}${path}`)
    using push = new Push({ linger: 0 })
    push.connect(endpoint)
    await push.send("hello")
    await program.line(/^received hello$/)
    await endsQuietly(program)
  })
}

test("a process goes on with a listening file over ipc", linux, async () => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-"))
  try {
    const path = join(folder, "socket")
    const server = createServer().listen(path)
    await once(server, "listening")
    await using program = runSceneWith([fileOf(server)], "inherited", "listening", `ipc://${path}`)
    assert.equal(await endpointOf(program), `ipc://${path}`)
    // Else it would accept, too; and it takes its path away when it closes.
    const other = join(folder, "other")
    linkSync(path, other)
    server.close()
    using push = new Push({ linger: 0 })
    push.connect(`ipc://${other}`)
    await push.send("hello")
    await program.line(/^received hello$/)
    await endsQuietly(program)
    assert.ok(existsSync(other))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test("a number that is no listening file is an error of bind", async () => {
  using pull = new Pull({ useFd: 2 ** 20 })
  await assert.rejects(pull.bind("tcp://127.0.0.1:*"), { name: "ZmqError", address: "tcp://127.0.0.1:*" })
})
