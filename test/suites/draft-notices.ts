// What SERVER and CLIENT are told when peers come and go.
import assert from "node:assert/strict"
import { adjust } from "./by-number.js"
import { within } from "./deadline.js"
import { openDraft } from "./draft-library.js"
import { hear } from "./draft-server-client.js"
import { type Setting, scenario } from "./stage.js"
import { takeMany } from "./talk.js"

export function messageScenarios(setting: Setting): void {
  scenario(setting, "SERVER and CLIENT greet each other, and SERVER is told who left", async (stage) => {
    const server = adjust(stage, openDraft(stage, "Server"), {
      helloMessage: "hello from the server",
      disconnectMessage: "left",
    })
    const client = adjust(stage, openDraft(stage, "Client"), { helloMessage: "hello from the client" })
    client.connect(await stage.bind(server))
    assert.deepEqual(await takeMany(client, 1), ["hello from the server"])
    const [hello, from] = await hear(server)
    assert.equal(hello, "hello from the client")
    await server.send("welcome", from)
    assert.deepEqual(await takeMany(client, 1), ["welcome"])
    client.close()
    assert.deepEqual(await hear(server), ["left", from])
  })

  if (setting.transport === "inproc") return
  scenario(setting, "CLIENT is told of a connection that was lost", async (stage) => {
    const server = openDraft(stage, "Server")
    const client = adjust(stage, openDraft(stage, "Client"), { hiccupMessage: "lost" })
    client.connect(await stage.bind(server))
    await client.send("hello")
    await hear(server)
    const left = stage.next(client, "disconnect")
    server.close()
    await within(left, "the server to leave")
    assert.deepEqual(await takeMany(client, 1), ["lost"])
  })
}
