// What a peer may send behind a mechanism that hides messages: the same as without one.
import assert from "node:assert/strict"
import { take } from "../suites/talk.js"
import { EventLog, far, here } from "../wire/wire-stage.js"
import { curveClient, curveServer } from "./secured-stage.js"

const excesses: [what: string, options: Record<string, number>, message: string[]][] = [
  ["a frame that is too long", { maxMessageSize: 100 }, ["a".repeat(101)]],
  ["a frame longer than a message may be", { maxMultipartSize: 100 }, ["a".repeat(101)]],
  ["a large frame longer than a message may be", { maxMultipartSize: 300_000 }, ["a".repeat(300_001)]],
  ["a message that is too long", { maxMultipartSize: 100 }, ["a".repeat(60), "a".repeat(60)]],
  ["too many frames", { maxMessageFrames: 3 }, ["a", "b", "c", "d"]],
]

for (const [what, options, message] of excesses) {
  here(`CURVE: ${what} ends its connection, and tells why`, async (stage) => {
    const server = stage.open("Pull", { ...curveServer, ...options } as object)
    const client = stage.open("Push", { ...curveClient, ...far } as object)
    const events = stage.keep(new EventLog(server))
    client.connect(await stage.bind(server))
    await client.send("right")
    await client.send(message)
    assert.deepEqual(await take(server), ["right"])
    const { reason } = await events.next("disconnect")
    assert.equal(reason?.code, "EMSGSIZE")
  })
}
