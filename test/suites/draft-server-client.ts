// SERVER and CLIENT: whom messages come from and go to, and what is refused.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { asReceiver, asSender, type DraftSocket, openDraft } from "./draft-library.js"
import { type Setting, scenario } from "./stage.js"
import { assertTurns, fill, hasCode, numbers, offer, takeMany, takesNothing } from "./talk.js"

const MANY = 100_000

export function serverClientScenarios(setting: Setting): void {
  scenario(setting, "SERVER answers each CLIENT by its number", async (stage) => {
    const server = openDraft(stage, "Server")
    const address = await stage.bind(server)
    const clients = numbers(3).map((name) => ({ name, client: openDraft(stage, "Client") }))
    for (const { client, name } of clients) {
      client.connect(address)
      await client.send(`question ${name}`)
    }
    const ids = new Map<string, number>()
    for (const _ of clients) {
      const [question, { routingId }] = await hear(server)
      ids.set(question.slice(-1), routingId)
    }
    assert.equal(new Set(ids.values()).size, 3)
    for (const id of ids.values()) assert.ok(Number.isInteger(id) && id > 0 && id < 2 ** 32, `${id}`)
    for (const { name } of [...clients].reverse()) {
      await server.send(`answer ${name}`, { routingId: ids.get(name) as number })
    }
    for (const { client, name } of clients) assert.deepEqual(await takeMany(client, 1), [`answer ${name}`])
    // The number stays the client's.
    const [first] = clients
    await first?.client.send("again")
    assert.deepEqual(await hear(server), ["again", { routingId: ids.get("0") }])
  })

  scenario(setting, "either may say any number of things in a row", async (stage) => {
    const [server, client] = [openDraft(stage, "Server"), openDraft(stage, "Client")]
    client.connect(await stage.bind(server))
    for (const number of numbers(200)) await client.send(number)
    let id = 0
    for (const number of numbers(200)) {
      const [text, { routingId }] = await hear(server)
      assert.equal(text, number)
      id = routingId
    }
    for (const number of numbers(200)) await server.send(number, { routingId: id })
    assert.deepEqual(await takeMany(client, 200), numbers(200))
  })

  scenario(setting, "neither sends messages of several frames, and an array of one is one", async (stage) => {
    const [server, client] = [openDraft(stage, "Server"), openDraft(stage, "Client")]
    client.connect(await stage.bind(server))
    const several = ["a", "b"] as unknown as string
    await assert.rejects(async () => client.send(several), { code: "EINVAL" })
    await client.send(["one"] as unknown as string)
    const [text, from] = await hear(server)
    assert.equal(text, "one")
    await assert.rejects(async () => server.send(several, from), { code: "EINVAL" })
    await server.send(["two"] as unknown as string, from)
    assert.deepEqual(await takeMany(client, 1), ["two"])
    await takesNothing(client, "a CLIENT that was told one thing")
  })

  scenario(setting, "SERVER refuses a number that nobody has, and no number", async (stage) => {
    const server = openDraft(stage, "Server")
    await stage.bind(server)
    await assert.rejects(async () => server.send("x", { routingId: 12345 }), { code: "EHOSTUNREACH" })
    const { send } = server as unknown as { send(...args: unknown[]): Promise<void> }
    await assert.rejects(async () => send.call(server, "x", {}), { code: "EINVAL" })
    await assert.rejects(async () => send.call(server, "x"), TypeError)
    await assert.rejects(async () => send.call(server), TypeError)
  })

  scenario(setting, "a CLIENT that left is EHOSTUNREACH", async (stage) => {
    const [server, client] = [openDraft(stage, "Server"), openDraft(stage, "Client")]
    client.connect(await stage.bind(server))
    await client.send("hello")
    const [, from] = await hear(server)
    client.close()
    await eventually(async () => {
      // For libzmq a peer is there until it is seen that no more comes from it.
      await takesNothing(asReceiver(server), "a SERVER whose client leaves")
      try {
        await offer({ send: (text) => server.send(text as string, from), sendTimeout: 0 }, "lost")
        return false
      } catch (error) {
        return hasCode(error, "EHOSTUNREACH")
      }
    }, "the SERVER to hear that its client left")
  })

  scenario(setting, "CLIENT sends to its servers in turn, and hears them in turn", async (stage) => {
    const servers = [openDraft(stage, "Server"), openDraft(stage, "Server")]
    const client = openDraft(stage, "Client")
    for (const server of servers) client.connect(await stage.bind(server))
    for (const number of numbers(4)) await client.send(number)
    const ids: { routingId: number }[] = []
    for (const [at, server] of servers.entries()) {
      for (const count of [0, 1]) {
        const [text, from] = await hear(server)
        assert.equal(text, String(at + 2 * count))
        ids[at] = from
      }
    }
    const sends = servers.map((server, at) => () => server.send(String(at), ids[at] as never))
    await assertTurns(sends, async () => (await takeMany(client, 1))[0] as string)
  })

  scenario(setting, "SERVER hears its clients in turn", async (stage) => {
    const server = openDraft(stage, "Server")
    const address = await stage.bind(server)
    const clients = [openDraft(stage, "Client"), openDraft(stage, "Client")]
    for (const client of clients) client.connect(address)
    const sends = clients.map((client, at) => () => client.send(String(at)))
    await assertTurns(sends, async () => (await hear(server))[0])
  })

  scenario(
    setting,
    "CLIENT waits for a server, and keeps what it says for one that binds late",
    async (stage) => {
      const client = openDraft(stage, "Client")
      assert.equal(await offer(asSender(client), "refused"), false)
      const address = await stage.vacant()
      client.connect(address)
      assert.ok(await offer(asSender(client), "kept"))
      const server = openDraft(stage, "Server")
      await stage.bindTo(server, address)
      assert.equal((await hear(server))[0], "kept")
    },
  )

  scenario(setting, "SERVER waits for a CLIENT that does not read", async (stage) => {
    const marks = { sendHighWaterMark: 5, receiveHighWaterMark: 5 }
    const [server, client] = [openDraft(stage, "Server", marks), openDraft(stage, "Client", marks)]
    client.connect(await stage.bind(server))
    await client.send("hello")
    const [, from] = await hear(server)
    const load = Buffer.alloc(10_000)
    const sender = {
      send: () => server.send(load, from),
      get sendTimeout() {
        return server.sendTimeout
      },
      set sendTimeout(value) {
        server.sendTimeout = value
      },
    }
    const accepted = await fill(sender, MANY)
    assert.ok(accepted >= 5, `${accepted} were accepted`)
    // A SERVER of libzmq claims to be always ready, so zeromq.js does not wait.
    const waiting = setting.library.name === "puremq" ? server.send("more", from) : undefined
    for (let count = 0; count < accepted; count += 1) {
      assert.equal((await within(client.receive(), "a message"))[0]?.length, load.length)
    }
    if (waiting === undefined) return
    await within(waiting, "send() to go on when the client read")
    assert.deepEqual(await takeMany(client, 1), ["more"])
  })
}

/** The next message of a SERVER as text, and whom it is from. */
export async function hear(server: DraftSocket<"Server">): Promise<[string, { routingId: number }]> {
  const [body, from] = await within(server.receive(), "a message to the SERVER")
  return [body.toString(), from]
}
