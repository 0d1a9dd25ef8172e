import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { decodeZapReply, encodeZapRequest } from "#src/security/zap.js"
import { encodeZapReply, readZapRequest } from "#src/security/zap-handler.js"

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")
const frames = (...texts: string[]): Buffer[] => texts.map(latin1)
const me = latin1("me")

test("what our servers ask is read by our handler", () => {
  const request = encodeZapRequest(
    { domain: "tówn", address: "::1", routingId: latin1("id") },
    { mechanism: "PLAIN", frames: frames("ada", "secret") },
  )
  assert.deepEqual(readZapRequest([me, ...request]), {
    envelope: [me, Buffer.alloc(0)],
    id: latin1("1"),
    domain: "tówn",
    address: "::1",
    mechanism: "PLAIN",
    credentials: frames("ada", "secret"),
    fault: undefined,
  })
})

test("what our handler replies is read by our servers, a refusal without user and metadata", () => {
  const to = { envelope: [me, Buffer.alloc(0)], id: latin1("1") }
  const properties = new Map([["X-Town", latin1("Leipzig")]])
  for (const status of [200, 300, 400, 500] as const) {
    const [first, ...reply] = encodeZapReply(to, { status, text: "why", userId: "ada", properties })
    assert.equal(first, me)
    assert.deepEqual(
      decodeZapReply(reply),
      status === 200
        ? { status, userId: latin1("ada"), properties }
        : { status, userId: Buffer.alloc(0), properties: new Map() },
    )
  }
})

test("any frames are a request, a faulty one, or none", () => {
  const known = fc.constantFrom(...frames("", "1.0", "1", "NULL", "PLAIN", "CURVE", "127.0.0.1"))
  const frame = fc.oneof(known, known, fc.uint8Array({ maxLength: 40 }).map(Buffer.from))
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), (message) => {
      const request = readZapRequest(message)
      const delimiter = message.findIndex(({ length }) => length === 0)
      if (request === undefined) {
        assert.ok(delimiter < 1 || message.length - delimiter < 3)
        return
      }
      assert.deepEqual(request.envelope, message.slice(0, delimiter + 1))
      assert.equal(request.id, message[delimiter + 2])
      if (request.fault !== undefined) return
      const wanted = { NULL: 0, PLAIN: 2, CURVE: 1 }[request.mechanism]
      assert.equal(request.credentials.length, wanted)
      assert.equal(message.length, delimiter + 7 + (wanted ?? 0))
    }),
  )
})
