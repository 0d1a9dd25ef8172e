import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { type TestContext, test } from "node:test"
import { PlainClient } from "#src/security/plain-client.js"
import { decodeZapReply, encodeZapRequest } from "#src/security/zap.js"
import { encodeProperties } from "#src/wire/command.js"
import { fromRoot } from "../interop/package-root.js"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import { MockPeer } from "../wire/mock-peer.js"
import { COMMAND, frame, greeting } from "../wire/zmtp-bytes.js"
import { clientProperties, codeOf, nextOf } from "./stage.js"

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")
const frames = (...texts: string[]): Buffer[] => texts.map(latin1)
const context = { domain: "town", address: "127.0.0.1", routingId: latin1("me") }

test("a request is version, id, domain, address, routing id, mechanism and credentials", () => {
  assert.deepEqual(
    encodeZapRequest(context, { mechanism: "PLAIN", frames: frames("admin", "secret") }),
    frames("", "1.0", "1", "town", "127.0.0.1", "me", "PLAIN", "admin", "secret"),
  )
  assert.deepEqual(
    encodeZapRequest(
      { domain: "", address: "", routingId: Buffer.alloc(0) },
      { mechanism: "NULL", frames: [] },
    ),
    frames("", "1.0", "1", "", "", "", "NULL"),
  )
})

test("a reply is a verdict, with the user's id and metadata", () => {
  const properties = new Map([["Town", latin1("Leipzig")]])
  const reply = [
    ...frames("", "1.0", "1", "200", "welcome", "someone"),
    Buffer.from(encodeProperties(properties)),
  ]
  assert.deepEqual(decodeZapReply(reply), { status: 200, userId: latin1("someone"), properties })
  for (const status of ["300", "400", "500"]) {
    const verdict = decodeZapReply(frames("", "1.0", "1", status, "no", "", ""))
    assert.deepEqual(verdict, { status: Number(status), userId: Buffer.alloc(0), properties: new Map() })
  }
})

const wrongReplies: [what: string, reply: string[], code: string][] = [
  ["another version", ["2.0", "1", "200", "", "", ""], "ERR_ZAP_BAD_VERSION"],
  ["another request", ["1.0", "2", "200", "", "", ""], "ERR_ZAP_BAD_REQUEST_ID"],
  ["a status of its own", ["1.0", "1", "201", "", "", ""], "ERR_ZAP_INVALID_STATUS_CODE"],
  ["status 100", ["1.0", "1", "100", "", "", ""], "ERR_ZAP_INVALID_STATUS_CODE"],
  ["status 600", ["1.0", "1", "600", "", "", ""], "ERR_ZAP_INVALID_STATUS_CODE"],
  ["a longer status", ["1.0", "1", "2000", "", "", ""], "ERR_ZAP_INVALID_STATUS_CODE"],
  ["no status", ["1.0", "1", "", "", "", ""], "ERR_ZAP_INVALID_STATUS_CODE"],
  ["metadata that is none", ["1.0", "1", "200", "", "", "garbage"], "ERR_ZAP_INVALID_METADATA"],
  ["metadata with a refusal", ["1.0", "1", "400", "", "", "\x01"], "ERR_ZAP_INVALID_METADATA"],
  ["a frame less", ["1.0", "1", "200", "", ""], "ERR_ZAP_MALFORMED_REPLY"],
  ["a frame more", ["1.0", "1", "200", "", "", "", ""], "ERR_ZAP_MALFORMED_REPLY"],
]
const found = loadZeromq()
const { skip } = unlessMissing(typeof found === "string" ? found : undefined)

for (const [what, reply, code] of wrongReplies) {
  test(`${what} in a reply is ${code}`, () => {
    assert.equal(
      codeOf(() => decodeZapReply(frames("", ...reply))),
      code,
    )
  })

  test(`${what} in a reply is ${code} to libzmq`, { skip }, async (t) => {
    assert.equal(await codeOfLibzmq(t, reply), code)
  })
}

test("a reply that does not begin with an empty frame is none", () => {
  assert.equal(
    codeOf(() => decodeZapReply(frames("1", "1.0", "1", "200", "", "", ""))),
    "ERR_ZAP_UNSPECIFIED",
  )
  assert.equal(
    codeOf(() => decodeZapReply([])),
    "ERR_ZAP_MALFORMED_REPLY",
  )
})

interface ZapSocket {
  readonly lastEndpoint: string
  readonly events: {
    on(name: "handshake:error:protocol", listener: (event: { error: { code: string } }) => void): void
  }
  bind(address: string): Promise<void>
  send(parts: (string | Buffer)[]): Promise<void>
  receive(): Promise<Buffer[]>
  close(): void
}
type ZapSocketClass = new (options: Record<string, unknown>) => ZapSocket

/** What libzmq calls a handler's reply. */
async function codeOfLibzmq(t: TestContext, reply: string[]): Promise<string> {
  const zmq = createRequire(fromRoot("test/peers/package.json"))("zeromq") as {
    Reply: ZapSocketClass
    Router: ZapSocketClass
    Context: new () => object
  }
  const context = new zmq.Context()
  const handler = new zmq.Reply({ context, linger: 0 })
  const server = new zmq.Router({ context, linger: 0, plainServer: true })
  t.after(() => {
    handler.close()
    server.close()
  })
  await handler.bind("inproc://zeromq.zap.01")
  const told = new Promise<string>((resolve) => {
    server.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
  })
  await server.bind("tcp://127.0.0.1:*")
  const peer = await MockPeer.dial(server.lastEndpoint)
  t.after(() => peer.close())
  const client = new PlainClient(clientProperties, { username: latin1("admin"), password: latin1("secret") })
  await peer.send(greeting({ mechanism: "PLAIN" }), frame(COMMAND, nextOf(client)))
  assert.deepEqual(
    (await within(handler.receive(), "a request")).map(String),
    encodeZapRequest(
      { domain: "", address: "127.0.0.1", routingId: Buffer.alloc(0) },
      { mechanism: "PLAIN", frames: frames("admin", "secret") },
    )
      .slice(1)
      .map(String),
  )
  await handler.send(frames(...reply))
  return within(told, "an event")
}
