import assert from "node:assert/strict"
import { test } from "node:test"
import type { SocketType } from "#src/peer.js"
import { encodeRequest, requestNamesOf, requestOf } from "#src/wire/requests.js"

test("subscribers ask by commands where the peer knows them, a DISH always, and nobody else", () => {
  for (const type of ["SUB", "XSUB"] as const) {
    assert.deepEqual(requestNamesOf(type, true), ["CANCEL", "SUBSCRIBE"])
    assert.equal(requestNamesOf(type, false), undefined)
  }
  for (const topics of [true, false]) assert.deepEqual(requestNamesOf("DISH", topics), ["LEAVE", "JOIN"])
  for (const type of ["PUB", "XPUB", "RADIO", "DEALER"] as const)
    assert.equal(requestNamesOf(type, true), undefined)
})

test("a command asks a publisher for a topic, a RADIO for a group, and nobody for anything else", () => {
  const asked = (type: SocketType, name: string): string | undefined =>
    requestOf(type, name, Buffer.from("x")) &&
    Buffer.from(requestOf(type, name, Buffer.from("x")) as Buffer).toString()
  for (const type of ["PUB", "XPUB"] as const) {
    assert.equal(asked(type, "SUBSCRIBE"), "\x01x")
    assert.equal(asked(type, "CANCEL"), "\0x")
    for (const name of ["JOIN", "LEAVE", "PING", ""]) assert.equal(asked(type, name), undefined)
  }
  assert.equal(asked("RADIO", "JOIN"), "\x01x")
  assert.equal(asked("RADIO", "LEAVE"), "\0x")
  assert.equal(asked("RADIO", "SUBSCRIBE"), undefined)
  for (const type of ["SUB", "DISH", "DEALER"] as const) assert.equal(asked(type, "SUBSCRIBE"), undefined)
})

test("what stands for a request becomes its command", () => {
  const text = (request: string): string =>
    Buffer.from(encodeRequest(["LEAVE", "JOIN"], Buffer.from(request))).toString("latin1")
  assert.equal(text("\x01group"), "\x04JOINgroup")
  assert.equal(text("\0group"), "\x05LEAVEgroup")
})
