// Plain TCP.
import assert from "node:assert/strict"
import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { type TestContext, test } from "node:test"
import { ANY, cli } from "./command-line.js"

async function serve(t: TestContext, handle: (socket: Socket) => void): Promise<string> {
  const server: Server = createServer(handle).listen(0, "127.0.0.1")
  await once(server, "listening")
  t.after(() => server.close())
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test("input goes as it is, what comes back is written as it is, until the peer hangs up", async (t) => {
  const bytes = Buffer.from(Array.from({ length: 1024 }, (_, byte) => byte % 256))
  const endpoint = await serve(t, (socket) => {
    const got: Buffer[] = []
    socket.on("data", (chunk) => {
      got.push(chunk)
      if (Buffer.concat(got).length === bytes.length) socket.end(Buffer.concat([bytes, ...got]))
    })
  })
  await using stream = cli(`stream ${endpoint}`).end(bytes)
  await stream.success()
  assert.deepEqual(stream.output, Buffer.concat([bytes, bytes]))
})

test("with --bind input waits for somebody, and goes to who spoke last", async () => {
  await using stream = cli(`stream -b ${ANY} -v`)
  const port = Number((await stream.endpoint()).replace(/.*:/, ""))
  stream.write("welcome\n")
  const one = connect(port, "127.0.0.1").setEncoding("utf8")
  assert.deepEqual(await once(one, "data"), ["welcome\n"])
  const two = connect(port, "127.0.0.1").setEncoding("utf8")
  two.write("two\n")
  await stream.said(/two/)
  stream.write("hello two\n")
  assert.deepEqual(await once(two, "data"), ["hello two\n"])
  one.write("one\n")
  await stream.said(/one/)
  stream.write("hello one\n")
  assert.deepEqual(await once(one, "data"), ["hello one\n"])
  one.destroy()
  two.destroy()
})

test("with a format pieces come with their peer's id, and go to it", async (t) => {
  const endpoint = await serve(t, (socket) => void socket.on("data", (data) => socket.write(`<${data}>`)))
  await using stream = cli(`stream ${endpoint} --json -n 2`)
  stream.write('["peer","one"]\n')
  await stream.said(/\["peer","<one>"\]\n/)
  stream.end('"two"\n')
  assert.equal(await stream.success(), '["peer","<one>"]\n["peer","<two>"]\n')
})

test("a message of three frames is none", async (t) => {
  const endpoint = await serve(t, () => {})
  const { code, complaints } = await cli(`stream ${endpoint} --json`).end('["a","b","c"]\n').ended()
  assert.match(complaints, /A message to send has one frame or two/)
  assert.equal(code, 1)
})
