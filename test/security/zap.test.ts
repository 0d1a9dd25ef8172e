import assert from "node:assert/strict"
import { test } from "node:test"
import { decodeZapReply, encodeZapRequest } from "#src/security/zap.js"
import { encodeProperties } from "#src/wire/command.js"
import { unlessMissing } from "../interop/peer.js"
import { startNode } from "../interop/process.js"
import { eventually } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import { codeOf } from "./stage.js"

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
}

test("that is what libzmq calls those replies, and our request is its own", { skip }, async () => {
  const replies = JSON.stringify(wrongReplies.map(([, reply]) => reply))
  const url = new URL("../process/programs/zap-codes.js", import.meta.url)
  await using program = startNode(url, replies)
  const last = wrongReplies.length - 1
  await eventually(async () => program.lines.length > last, "libzmq's codes")
  const request = encodeZapRequest(
    { domain: "", address: "127.0.0.1", routingId: Buffer.alloc(0) },
    { mechanism: "PLAIN", frames: frames("admin", "secret") },
  )
  assert.deepEqual(
    program.lines.map((line) => JSON.parse(line)),
    // A REP takes the empty frame off.
    wrongReplies.map(([, , code]) => ({ request: request.slice(1).map(String), code })),
  )
})

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
