// What a connection keeps of a handshake that is over: nothing of what the peer said but what users can see.
import assert from "node:assert/strict"
import { setImmediate as turn } from "node:timers/promises"
import { collectGarbage } from "../memory/holdings.js"
import { here } from "../wire/wire-stage.js"
import { curveClient, curveServer } from "./secured-stage.js"

const CONNECTIONS = 50
/** Too long to be among a peer's properties. */
const LONG = "a".repeat(200_000)

async function heldBytes(): Promise<number> {
  for (let turns = 0; turns < 10; turns++) {
    await turn()
    collectGarbage()
  }
  return process.memoryUsage().arrayBuffers
}

for (const [name, onServer, onClient] of [
  ["NULL", {}, {}],
  ["CURVE", curveServer, curveClient],
] as const) {
  here(`${name}: metadata does not stay when the handshake is over`, async (stage) => {
    const server = stage.open("Pull", onServer as object)
    const address = await stage.bind(server)
    const clients = Array.from({ length: CONNECTIONS }, () =>
      stage.open("Push", { ...onClient, metadata: { "X-Long": LONG } } as object),
    )
    const before = await heldBytes()
    for (const client of clients) {
      client.connect(address)
      await client.send("hello")
      await server.receive()
    }
    const kept = (await heldBytes()) - before
    // What is ours to say stays with the socket.
    assert.ok(kept < CONNECTIONS * LONG.length * 0.5, `${kept} bytes are kept`)
  })
}
