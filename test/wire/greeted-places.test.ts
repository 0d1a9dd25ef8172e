// How a peer is greeted at an address where somebody was before.
import assert from "node:assert/strict"
import { once } from "node:events"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { test } from "node:test"
import { Context, Push } from "puremq"
import { within } from "../suites/deadline.js"
import { greeting, ready } from "./zmtp-bytes.js"

/** The first bytes that come, and the connection. */
async function heard(connection: Socket): Promise<Buffer> {
  const [bytes] = (await within(once(connection, "data"), "the first bytes")) as [Buffer]
  return bytes
}

test("who spoke ZMTP 3 is greeted whole when we come again, until one who is older is there", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const context = new Context()
  const push = new Push({ context, linger: 0, reconnectInterval: 1 })
  const next = async (): Promise<Socket> => {
    const [connection] = (await within(once(server, "connection"), "a connection")) as [Socket]
    connection.on("error", () => {})
    return connection
  }
  try {
    const first = next()
    push.connect(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const modern = await first
    assert.equal((await heard(modern)).length, 10)
    modern.write(Buffer.concat([greeting(), ready("PULL")]))
    await push.send("hello")
    let all = Buffer.alloc(0)
    while (!all.includes("hello")) all = Buffer.concat([all, await heard(modern)])

    const second = next()
    modern.destroy()
    const again = await second
    assert.equal((await heard(again)).length, 64)

    // It is told too much, and we come again at once with less.
    const third = next()
    again.write(Buffer.from("0100", "hex"))
    const older = await third
    assert.equal((await heard(older)).length, 10)
    older.write(Buffer.from("0100", "hex"))
    await push.send("old")
    assert.deepEqual(await heard(older), Buffer.from(`0400${Buffer.from("old").toString("hex")}`, "hex"))
  } finally {
    push.close()
    await context.term()
    server.close()
  }
})
