// What an authenticator is asked, and what comes of its answers: the same with libzmq and here.
import assert from "node:assert/strict"
import { describe } from "node:test"
import { encodeCommand, encodeProperties } from "#src/wire/command.js"
import { codeOf, dial, here, onBoth } from "../wire/wire-stage.js"
import { COMMAND, frame, greeting, message } from "../wire/zmtp-bytes.js"
import { type Answer, authenticate, mechanisms, meet, plainClient, plainServer } from "./secured-stage.js"

/** What a peer's address is; libzmq tells of ipc who has the process, which Node cannot find out. */
function addressOf(library: string, transport: string, heard = ""): string {
  if (transport === "tcp") return "127.0.0.1"
  if (library === "puremq") return ""
  assert.match(heard, /^localhost:\d+:\d+:\d+$/)
  return heard
}

const good = { version: "1.0", id: "1", status: "200", text: "", user: "", metadata: "" }
const reply = (change: Partial<typeof good>): string[] => Object.values({ ...good, ...change })
const badReplies: readonly [what: string, answer: Answer, code: string][] = [
  ["another version", reply({ version: "2.0" }), "ERR_ZAP_BAD_VERSION"],
  ["another id", reply({ id: "2" }), "ERR_ZAP_BAD_REQUEST_ID"],
  ["no status", reply({ status: "" }), "ERR_ZAP_INVALID_STATUS_CODE"],
  ["an unknown status", reply({ status: "201" }), "ERR_ZAP_INVALID_STATUS_CODE"],
  ["a frame less", reply({}).slice(1), "ERR_ZAP_MALFORMED_REPLY"],
  ["a frame more", [...reply({}), ""], "ERR_ZAP_MALFORMED_REPLY"],
  ["metadata that is none", reply({ metadata: "abc" }), "ERR_ZAP_INVALID_METADATA"],
]

for (const transport of ["tcp", "ipc"] as const) {
  describe(transport, () => {
    onBoth((scenario) => {
      for (const [name, onServer, onClient, credentials] of mechanisms) {
        for (const type of ["Reply", "Router"] as const) {
          scenario(`${name}: a ${type} is asked, and lets the peer in`, async (stage) => {
            const context = stage.context()
            const requests = await authenticate(stage, context, "200", type)
            const options = { context, zapDomain: "a domain", ...onServer }
            const { server, client, served, connected } = await meet(stage, options, onClient)
            assert.deepEqual((await server.receive()).map(String), ["a client", "hello"])
            await server.send(["a client", "welcome"])
            assert.deepEqual((await client.receive()).map(String), ["welcome"])
            await served.next("handshake")
            await connected.next("handshake")
            const [request = []] = requests
            assert.equal(requests.length, 1)
            const [version, id, domain, address, routingId, mechanism] = request.map(String)
            assert.deepEqual(
              [version, id, domain, routingId, mechanism],
              ["1.0", "1", "a domain", "the server", name],
            )
            assert.equal(address, addressOf(stage.library, transport, address))
            assert.deepEqual(request.slice(6), credentials)
          })
        }

        for (const status of ["400", "500"]) {
          scenario(`${name}: ${status} keeps the peer out, and both sides hear of it`, async (stage) => {
            const context = stage.context()
            await authenticate(stage, context, status)
            const { served, connected } = await meet(stage, { context, ...onServer }, onClient)
            for (const events of [served, connected]) {
              const { error } = await events.next("handshake:error:auth")
              assert.equal(error.status, Number(status))
              assert.equal(error.message, status === "400" ? "Authentication failure" : "Internal error")
            }
            assert.ok(!served.types.includes("handshake"))
            assert.ok(!connected.types.includes("handshake"))
          })
        }

        scenario(`${name}: 300 keeps the peer out without a word`, async (stage) => {
          const context = stage.context()
          await authenticate(stage, context, "300")
          const { served, connected } = await meet(
            stage,
            { context, ...onServer },
            { ...onClient, handshakeInterval: 500 },
          )
          const { error } = await served.next("handshake:error:auth")
          assert.equal(error.status, 300)
          assert.equal(error.message, "Temporary error")
          await connected.next("handshake:error:other")
          await connected.next("connect:retry")
        })

        for (const [what, answer, code] of badReplies) {
          scenario(`${name}: a reply with ${what} keeps the peer out`, async (stage) => {
            const context = stage.context()
            await authenticate(stage, context, answer)
            const { served } = await meet(
              stage,
              { context, ...onServer },
              { ...onClient, handshakeInterval: 500 },
            )
            const event = await served.next("handshake:error:protocol")
            assert.equal(codeOf(event), code)
            assert.equal(event.error.message, "ZAP protocol error")
          })
        }
      }
    }, transport)
  })
}

here("a message's sender tells whom the authenticator found it to be", async (stage) => {
  const context = stage.context()
  const metadata = encodeProperties(
    new Map([
      ["X-Role", Buffer.from("boss")],
      ["x-own", Buffer.from("vouched")],
    ]),
  )
  await authenticate(stage, context, reply({ user: "somebody", metadata: metadata as unknown as string }))
  const server = stage.open("Router", { context, ...plainServer })
  const client = stage.open("Dealer", {
    ...plainClient,
    metadata: { "X-Own": "claimed", "X-Other": "claimed" },
  })
  client.connect(await stage.bind(server))
  await client.send("hello")
  await server.receive()
  const { properties } = server.sender ?? assert.fail("There is no sender.")
  assert.equal(properties.get("User-Id"), "somebody")
  assert.equal(properties.get("X-Role"), "boss")
  assert.equal(properties.get("X-Own"), "vouched")
  assert.equal(properties.get("X-Other"), "claimed")
})

here("a peer cannot say of itself who it is to the authenticator", async (stage) => {
  const server = stage.open("Router")
  const mock = await dial(stage, await stage.bind(server))
  const claims = { "Socket-Type": "DEALER", "User-Id": "root", "Peer-Address": "10.0.0.1", "X-Fine": "yes" }
  await mock.send(greeting())
  const properties = new Map(Object.entries(claims).map(([name, value]) => [name, Buffer.from(value)]))
  await mock.send(frame(COMMAND, encodeCommand("READY", encodeProperties(properties))))
  await mock.send(message("hello"))
  await server.receive()
  const heard = server.sender?.properties
  assert.equal(heard?.get("User-Id"), undefined)
  assert.equal(heard?.get("Peer-Address"), "127.0.0.1")
  assert.equal(heard?.get("X-Fine"), "yes")
})

here("a question is withdrawn when the peer goes, or the socket", async (stage) => {
  const context = stage.context()
  const handler = stage.open("Router", { context })
  await handler.bind("inproc://zeromq.zap.01")
  const { server, client, served } = await meet(stage, { context, ...plainServer }, plainClient)
  const request = await handler.receive()
  client.close()
  await served.next("disconnect")
  // The answer has nobody to go to.
  handler.mandatory = true
  await assert.rejects(handler.send(request), { code: "EHOSTUNREACH" })
  server.close()
})

here("an authenticator that leaves while it is asked keeps the peer out", async (stage) => {
  const context = stage.context()
  await authenticate(stage, context, undefined)
  const { served } = await meet(stage, { context, ...plainServer }, plainClient)
  assert.equal(codeOf(await served.next("handshake:error:other")), "EFAULT")
})

for (const [name, onServer, onClient] of mechanisms) {
  here(
    `${name}: where a socket of another type is instead of an authenticator, none may come in`,
    async (stage) => {
      const context = stage.context()
      const dealer = stage.open("Dealer", { context })
      await dealer.bind("inproc://zeromq.zap.01")
      const { served } = await meet(stage, { context, ...onServer }, onClient)
      assert.equal(codeOf(await served.next("handshake:error:other")), "EFAULT")
    },
  )
}
