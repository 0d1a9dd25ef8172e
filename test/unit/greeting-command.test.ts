import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ProtocolError } from "#src/errors.js"
import {
  beginsAsSign,
  decodeCommand,
  decodeErrorReason,
  decodePing,
  decodeProperties,
  encodeCommand,
  encodeErrorReason,
  encodePing,
  encodeProperties,
} from "#src/wire/command.js"
import { Encoder } from "#src/wire/encoder.js"
import {
  decodeGreeting,
  decodeOldType,
  encodeGreeting,
  encodeOldType,
  GREETING_SIZE,
  isOldType,
  tellable,
  type Version,
  versionOf,
} from "#src/wire/greeting.js"
import { requestNamesOf } from "#src/wire/requests.js"
import { SlabPool } from "#src/wire/slab-pool.js"

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")

test("the greeting is 64 bytes: signature, version, mechanism, as-server, filler", () => {
  const expected = [
    "ff", // signature: first byte
    "0000000000000001", // signature: padding, in which a ZMTP 1.0 peer sees a length
    "7f", // signature: last byte
    "0301", // version 3.1
    "4e554c4c00000000000000000000000000000000", // mechanism "NULL" in 20 bytes
    "00", // as-server
    "00".repeat(31), // filler
  ]
  const bytes = encodeGreeting("NULL")
  assert.equal(hexOf(bytes), expected.join(""))
  assert.equal(bytes.length, GREETING_SIZE)
})

test("a greeting tells version and mechanism, whatever the peer's padding", () => {
  const bytes = encodeGreeting("CURVE")
  bytes.fill(0xaa, 1, 9)
  bytes[10] = 4
  bytes[11] = 2
  assert.deepEqual(decodeGreeting(bytes), { major: 4, minor: 2, mechanism: "CURVE" })
  bytes.fill(0x41, 12, 32)
  assert.equal(decodeGreeting(bytes).mechanism, "A".repeat(20))
  // What stands behind a NUL is part of the name, so that it differs from the name before it.
  bytes.fill(0, 13, 31)
  assert.equal(decodeGreeting(bytes).mechanism, `A${"\0".repeat(18)}A`)
})

test("a greeting that is cut short is a protocol error", () => {
  for (const size of [0, 10, GREETING_SIZE - 1]) {
    assert.throws(() => decodeGreeting(encodeGreeting("NULL").subarray(0, size)), ProtocolError)
  }
})

test("our own greeting is read as version 3.1", () => {
  assert.deepEqual(decodeGreeting(encodeGreeting("NULL")), { major: 3, minor: 1, mechanism: "NULL" })
})

test("a greeting tells a peer of ZMTP 1.0 how long our routing id is", () => {
  assert.equal(hexOf(encodeGreeting("NULL", 2).subarray(0, 10)), `ff${"0000000000000003"}7f`)
  assert.equal(hexOf(encodeGreeting("NULL", 255).subarray(0, 10)), `ff${"0000000000000100"}7f`)
})

const openings: [what: string, hex: string, version: Version, at: number][] = [
  ["no routing id", "0100", "1.0", 2],
  ["a routing id", "037e6d65", "1.0", 2],
  ["the longest routing id in a short frame", "fe00", "1.0", 2],
  ["a routing id in a long frame", "ff000000000000000300", "1.0", 10],
  ["the longest routing id", "ff00000000000001007e", "1.0", 10],
  ["revision 0", "ff00000000000000017f0005", "1.0 with greeting", 11],
  ["revision 1", "ff00000000000000017f0105", "2.0", 11],
  ["revision 2", "ff00000000000000017f0205", "3.x", 11],
  ["version 3", "ffaaaaaaaaaaaaaaaaff0300", "3.x", 11],
  ["version 255", "ff000000000000000001ff00", "3.x", 11],
]
for (const [what, hex, version, at] of openings) {
  test(`${what} is known to be of ZMTP ${version} after ${at} bytes, and not before`, () => {
    const bytes = Buffer.from(hex, "hex")
    for (let length = 0; length < at; length++) assert.equal(versionOf(bytes.subarray(0, length)), undefined)
    for (let length = at; length <= bytes.length; length++) {
      assert.equal(versionOf(bytes.subarray(0, length)), version)
    }
    if (version !== "3.x") assert.throws(() => decodeGreeting(Buffer.alloc(64, bytes)), ProtocolError)
  })
}

const wrongOpenings: [what: string, hex: string][] = [
  ["a frame without a length", "00"],
  ["a routing id with more to follow", "0501"],
  ["text", "4f50"],
  ["a long routing id of no length", "ff000000000000000000"],
  ["a routing id of 256 bytes", "ff00000000000001017e"],
  ["a routing id of 2^56 bytes", "ff010000000000000000"],
  ["a routing id of 2^56 bytes and two", "ff010000000000000300"],
  ["a routing id of 2^16 bytes and two", "ff000000000001000300"],
  ["a long routing id with odd flags", "ff000000000000000302"],
]
for (const [what, hex] of wrongOpenings) {
  test(`${what} is refused as soon as it is there, and not before`, () => {
    const bytes = Buffer.from(hex, "hex")
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(versionOf(bytes.subarray(0, length)), undefined)
    }
    assert.throws(() => versionOf(bytes), { name: "ProtocolError", code: "ERR_ZMTP_UNSPECIFIED" })
  })
}

test("a peer is told the signature, then our version, and the rest when it has told its own", () => {
  const bytes = encodeGreeting("NULL")
  for (let length = 0; length <= bytes.length; length++) {
    const expected = length < 10 ? 10 : length === 10 ? 11 : 64
    assert.equal(tellable(bytes.subarray(0, length)), expected)
  }
})

test("socket types have the numbers of RFC 15", () => {
  const types = [
    "PAIR",
    "PUB",
    "SUB",
    "REQ",
    "REP",
    "DEALER",
    "ROUTER",
    "PULL",
    "PUSH",
    "XPUB",
    "XSUB",
  ] as const
  for (const [number, type] of types.entries()) {
    assert.equal(encodeOldType(type), number)
    assert.equal(decodeOldType(number), type)
  }
  assert.equal(decodeOldType(11), "")
  for (const type of types) assert.equal(isOldType(type), true)
  for (const type of ["SERVER", "DISH", "STREAM"] as const) assert.equal(isOldType(type), false)
})

test("READY carries its properties: name and value, each with its length", () => {
  const properties = new Map([
    ["Socket-Type", Buffer.from("DEALER")],
    ["Identity", Buffer.alloc(0)],
  ])
  const expected = [
    "05" + "5245414459", // "READY"
    "0b" + "536f636b65742d54797065", // "Socket-Type"
    "00000006" + "4445414c4552", // "DEALER"
    "08" + "4964656e74697479", // "Identity"
    "00000000", // no bytes
  ]
  const body = encodeCommand("READY", encodeProperties(properties))
  assert.equal(hexOf(body), expected.join(""))
  const { name, data } = decodeCommand(body)
  assert.equal(name, "READY")
  assert.deepEqual(decodeProperties(data), properties)
})

const anyProperties = fc
  .array(
    fc.tuple(
      fc.string({ minLength: 1, maxLength: 255 }).filter((name) => /^[\x20-\x7e]+$/.test(name)),
      fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value)),
    ),
    { maxLength: 5 },
  )
  .map((pairs) => new Map(pairs))

test("properties survive, and no cut of them but between two is taken for properties", () => {
  fc.assert(
    fc.property(anyProperties, (properties) => {
      const bytes = Buffer.from(encodeProperties(properties))
      assert.deepEqual(decodeProperties(bytes), properties)
      const ends = new Set([0])
      let end = 0
      for (const [name, value] of properties) ends.add((end += 1 + name.length + 4 + value.length))
      assert.equal(end, bytes.length)
      for (let length = 0; length <= bytes.length; length++) {
        if (ends.has(length)) decodeProperties(bytes.subarray(0, length))
        else assert.throws(() => decodeProperties(bytes.subarray(0, length)), ProtocolError)
      }
    }),
    { numRuns: 50 },
  )
})

test("a property name that its length byte cannot tell is not encoded", () => {
  assert.equal(encodeProperties(new Map([["a".repeat(255), Buffer.alloc(1)]])).length, 261)
  assert.throws(() => encodeProperties(new Map([["", Buffer.alloc(1)]])), RangeError)
  assert.throws(() => encodeProperties(new Map([["a".repeat(256), Buffer.alloc(1)]])), RangeError)
})

const malformed: [what: string, decode: () => unknown, code: string][] = [
  ["an empty command", () => decodeCommand(Buffer.alloc(0)), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  [
    "a command without a name",
    () => decodeCommand(Buffer.from("\x00READY")),
    "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED",
  ],
  [
    "a command whose name is cut",
    () => decodeCommand(Buffer.from("\x05READ")),
    "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED",
  ],
  [
    "a property without a name",
    () => decodeProperties(Buffer.from("\x00\x00\x00\x00\x01a")),
    "ERR_ZMTP_INVALID_METADATA",
  ],
  [
    "a property without a name or value",
    () => decodeProperties(Buffer.from("\x00\x00\x00\x00\x00")),
    "ERR_ZMTP_INVALID_METADATA",
  ],
  [
    "a property without a value",
    () => decodeProperties(Buffer.from("\x01a\x00")),
    "ERR_ZMTP_INVALID_METADATA",
  ],
  [
    "a value that does not fit",
    () => decodeProperties(Buffer.from("\x01a\x00\x00\x00\x09b")),
    "ERR_ZMTP_INVALID_METADATA",
  ],
  [
    "a value of 2^32 - 1 bytes",
    () => decodeProperties(Buffer.from("0161ffffffff62", "hex")),
    "ERR_ZMTP_INVALID_METADATA",
  ],
  [
    "a PING without a time to live",
    () => decodePing(Buffer.from([1])),
    "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED",
  ],
  ["an ERROR without a reason", () => decodeErrorReason(Buffer.alloc(0)), "ERR_ZMTP_MALFORMED_COMMAND_ERROR"],
  [
    "an ERROR whose reason is cut",
    () => decodeErrorReason(Buffer.from("\x04nop")),
    "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
  ],
]
for (const [what, decode, code] of malformed) {
  test(`${what} is a protocol error`, () => {
    assert.throws(decode, { name: "ProtocolError", code })
  })
}

test("a command needs no data", () => {
  assert.deepEqual(decodeCommand(Buffer.from("\x05READY")), { name: "READY", data: Buffer.alloc(0) })
})

test("SUBSCRIBE and CANCEL are command frames that carry the topic", () => {
  const encoder = new Encoder(new SlabPool())
  encoder.requestNames = requestNamesOf("SUB", true)
  const written = (message: Buffer[]): string => {
    encoder.push(message)
    return textOf(Buffer.concat(encoder.take()?.chunks ?? []))
  }
  // 04 command | 0c length | 09 "SUBSCRIBE" | topic
  assert.equal(written([Buffer.from("\x01ab")]), "\x04\x0c\x09SUBSCRIBEab")
  // 04 command | 09 length | 06 "CANCEL" | topic
  assert.equal(written([Buffer.from("\x00ab")]), "\x04\x09\x06CANCELab")
  assert.equal(written([Buffer.from("\x01")]), "\x04\x0a\x09SUBSCRIBE")
  // 06 long command | 8 bytes of length | 09 "SUBSCRIBE" | topic
  const topic = "t".repeat(290)
  assert.equal(
    written([Buffer.from(`\x01${topic}`)]),
    `\x06\x00\x00\x00\x00\x00\x00\x01\x2c\x09SUBSCRIBE${topic}`,
  )
  // What is no subscription stays a message.
  assert.equal(written([Buffer.from("\x02ab")]), "\x00\x03\x02ab")
  assert.equal(written([Buffer.alloc(0)]), "\x00\x00")
  assert.equal(written([Buffer.from("\x01a"), Buffer.from("b")]), "\x01\x02\x01a\x00\x01b")
})

test("without subscription commands a subscription is a message", () => {
  const encoder = new Encoder(new SlabPool())
  encoder.push([Buffer.from("\x01ab")])
  assert.equal(textOf(Buffer.concat(encoder.take()?.chunks ?? [])), "\x00\x03\x01ab")
})

test("PING carries a time to live in network order and a context, PONG the context", () => {
  // 04 "PING" | 012c: 300 tenths of a second | "ctx"
  const ping = encodePing(300, Buffer.from("ctx"))
  assert.equal(hexOf(ping), `04${hexOf(Buffer.from("PING"))}012c637478`)
  const { name, data } = decodeCommand(ping)
  assert.equal(name, "PING")
  const { timeToLive, context } = decodePing(data)
  assert.equal(timeToLive, 300)
  // 04 "PONG" | "ctx"
  assert.equal(textOf(encodeCommand("PONG", context)), "\x04PONGctx")
  assert.equal(decodePing(decodeCommand(encodePing(65_535, Buffer.alloc(0))).data).timeToLive, 65_535)
})

test("a PING's context is read up to 16 bytes", () => {
  const context = Buffer.from("0123456789abcdef")
  assert.deepEqual(decodePing(decodeCommand(encodePing(0, context)).data).context, context)
  const longer = Buffer.concat([context, Buffer.from("g")])
  assert.deepEqual(decodePing(decodeCommand(encodePing(0, longer)).data).context, context)
})

test("an ERROR's reason has at most 255 bytes", () => {
  assert.equal(textOf(encodeErrorReason("no")), "\x02no")
  assert.equal(decodeErrorReason(Buffer.from(encodeErrorReason("x".repeat(300)))), "x".repeat(255))
})

test("PING and PONG are signs of life, as far as their first bytes tell, and nothing else is", () => {
  for (const name of ["PING", "PONG"]) {
    const whole = Buffer.from(encodeCommand(name, Buffer.from("data")))
    for (let length = 0; length <= whole.length; length++)
      assert.ok(beginsAsSign(whole.subarray(0, length)), name)
  }
  for (const bytes of [
    "\x05PING",
    "\x04PI_G",
    "\x04PINX",
    "\x04PENG",
    "\x04READ",
    "\x05READY",
    "\0",
    "PING",
    "\x04pin",
  ]) {
    assert.ok(!beginsAsSign(Buffer.from(bytes)), bytes)
  }
})
