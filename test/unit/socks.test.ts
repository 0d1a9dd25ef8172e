// What is said to a SOCKS5 proxy, byte by byte (RFC 1928, RFC 1929).
import assert from "node:assert/strict"
import { test } from "node:test"
import { SocksHandshake } from "#src/transports/socks.js"

const nobody = { username: null, password: null }

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes as Uint8Array).toString("hex")
}

/** The proxy says this; what is said next. */
function answer(handshake: SocksHandshake, bytes: string): string {
  assert.equal(bytes.length / 2, handshake.needed)
  handshake.take(Buffer.from(bytes, "hex"))
  const next = handshake.next()
  return next === undefined ? "" : hex(next)
}

for (const [host, address] of [
  ["192.0.2.1", "01c0000201"],
  ["2001:db8::1", "0420010db8000000000000000000000001"],
  ["fe80::1%eth0", "04fe800000000000000000000000000001"],
  ["example.org", "030b6578616d706c652e6f7267"],
] as const) {
  test(`a connection to ${host}, asked for by nobody in particular`, () => {
    const handshake = new SocksHandshake({ host, port: 5555 }, nobody)
    assert.equal(hex(handshake.next()), "050100")
    assert.equal(handshake.next(), undefined)
    assert.equal(handshake.needed, 2)
    assert.equal(answer(handshake, "0500"), `050100${address}15b3`)
    assert.equal(handshake.needed, 5)
    assert.equal(answer(handshake, "05000001c0"), "")
    assert.equal(handshake.needed, 5)
    assert.equal(handshake.complete, false)
    assert.equal(answer(handshake, "00020115b3"), "")
    assert.equal(handshake.complete, true)
    assert.equal(handshake.needed, 0)
  })
}

test("the address that the proxy tells may be of any type", () => {
  for (const [start, rest] of [
    ["0500000401", 15 + 2],
    ["0500000300", 0 + 2],
    ["05000003ff", 255 + 2],
  ] as const) {
    const handshake = new SocksHandshake({ host: "a", port: 1 }, nobody)
    handshake.next()
    answer(handshake, "0500")
    answer(handshake, start)
    assert.equal(handshake.needed, rest)
    answer(handshake, "00".repeat(rest))
    assert.equal(handshake.complete, true)
  }
})

test("a user tells his name and password", () => {
  const handshake = new SocksHandshake({ host: "a", port: 1 }, { username: "ü", password: "pass" })
  assert.equal(hex(handshake.next()), "050102")
  assert.equal(answer(handshake, "0502"), "0102c3bc0470617373")
  assert.equal(answer(handshake, "0100"), "050100030161" + "0001")
})

test("a user whose name nobody asks for does not tell it", () => {
  const handshake = new SocksHandshake({ host: "a", port: 1 }, { username: "user", password: null })
  handshake.next()
  assert.equal(answer(handshake, "0500"), "0501000301610001")
})

for (const [what, said, message] of [
  ["another version", ["0400"], /SOCKS5/],
  ["no method that we know", ["05ff"], /another way/],
  ["a method that we did not offer", ["0502"], /another way/],
  ["a reply of another version", ["0500", "0400000100"], /SOCKS5/],
  ["a refusal", ["0500", "0505000100"], /refused/],
  ["an unknown refusal", ["0500", "0563000100"], /it said 99/],
  ["an unknown address", ["0500", "0500000500"], /unknown type, 5/],
] as const) {
  test(`what is wrong when the proxy says ${what}`, () => {
    const handshake = new SocksHandshake({ host: "a", port: 1 }, nobody)
    handshake.next()
    const [last, ...before] = [...said].reverse()
    for (const bytes of before.reverse()) answer(handshake, bytes)
    assert.throws(() => answer(handshake, last as string), message)
  })
}

test("a wrong password", () => {
  const handshake = new SocksHandshake({ host: "a", port: 1 }, { username: "user", password: "wrong" })
  handshake.next()
  answer(handshake, "0502")
  assert.throws(() => answer(handshake, "0101"), /name and password/)
})

test("a host name that is too long for SOCKS5", () => {
  const handshake = new SocksHandshake({ host: "a".repeat(256), port: 1 }, nobody)
  handshake.next()
  assert.throws(() => answer(handshake, "0500"), /255/)
})
