import assert from "node:assert/strict"
import { test } from "node:test"
import { ProtocolError } from "#src/errors.js"
import type { Frame } from "#src/message.js"
import {
  decodeCommand,
  decodeErrorReason,
  decodePing,
  decodeProperties,
  encodeCommand,
  encodeErrorReason,
  encodePing,
  encodeProperties,
} from "#src/wire/command.js"

test("READY has the bytes of RFC 37", () => {
  const body = encodeCommand(
    "READY",
    encodeProperties(new Map([["Socket-Type", Buffer.from("PUB") as Frame]])),
  )
  assert.equal(body.toString("latin1"), "\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB")
  const { name, data } = decodeCommand(body)
  assert.equal(name, "READY")
  assert.deepEqual([...decodeProperties(data)], [["Socket-Type", Buffer.from("PUB")]])
})

test("a PING tells its time to live and its context, of which 16 bytes are echoed", () => {
  const body = encodePing(0x0102, Buffer.alloc(20, 7))
  assert.equal(body.subarray(0, 7).toString("latin1"), "\x04PING\x01\x02")
  assert.deepEqual(decodePing(decodeCommand(body).data), { timeToLive: 0x0102, context: Buffer.alloc(16, 7) })
})

test("an ERROR tells its reason", () => {
  assert.equal(decodeErrorReason(encodeErrorReason("400") as Frame), "400")
})

for (const [what, decode] of [
  ["a command without a name", () => decodeCommand(Buffer.from([0]) as Frame)],
  ["a name that does not fit", () => decodeCommand(Buffer.from([5, 0x52]) as Frame)],
  ["a property without a value", () => decodeProperties(Buffer.from("\x01a\x00") as Frame)],
  ["a value that does not fit", () => decodeProperties(Buffer.from("\x01a\x00\x00\x00\x09b") as Frame)],
  ["a property without a name", () => decodeProperties(Buffer.from("\x00\x00\x00\x00\x00") as Frame)],
  ["a reason that does not fit", () => decodeErrorReason(Buffer.from("\x09no") as Frame)],
  ["a PING without a time to live", () => decodePing(Buffer.from([1]) as Frame)],
] as const) {
  test(`${what} is a protocol error`, () => {
    assert.throws(decode, ProtocolError)
  })
}
