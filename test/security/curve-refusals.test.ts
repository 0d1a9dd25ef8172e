// What a CURVE handshake refuses: wrong keys, what was said before or to others, and what was damaged on the way.
import assert from "node:assert/strict"
import { test } from "node:test"
import { createKeyPair } from "#src/security/crypto/backend.js"
import { makeNonce } from "#src/security/curve/nonce.js"
import { CurveServer } from "#src/security/curve/server.js"
import { backends, libsodium } from "./backends.js"
import { clientPair, curveClient, curveServer, halfway, serverKeys } from "./curve-stage.js"
import { codeOf, flipped, nextOf, serverProperties, shake } from "./stage.js"

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")

// ---- Wrong keys

test("a client with another key of the server's is refused at once", () => {
  const { publicKey } = createKeyPair(libsodium)
  const client = curveClient(libsodium, { serverKey: publicKey })
  assert.equal(
    codeOf(() => curveServer().handle(nextOf(client))),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
})

test("a server with another secret key cannot welcome", () => {
  const { client, body } = halfway(2)
  const other = new CurveServer(serverProperties, {
    backend: libsodium,
    secretKey: createKeyPair(libsodium).secretKey,
  })
  assert.equal(
    codeOf(() => other.handle(nextOf(curveClient()))),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
  // Nor is what was said to another client a welcome to this one.
  const stranger = curveClient()
  nextOf(stranger)
  assert.equal(
    codeOf(() => stranger.handle(body)),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
  client.handle(body)
})

test("a client whose keys do not belong together is refused at its vouch", () => {
  const { publicKey } = createKeyPair(libsodium)
  assert.equal(
    codeOf(() => shake(curveClient(libsodium, { publicKey }), curveServer())),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
})

for (const backend of backends) {
  test(`${backend.name}: keys of zero are refused on either side`, () => {
    const zero = Buffer.alloc(32)
    const client = curveClient(backend, { serverKey: zero })
    assert.equal(
      codeOf(() => client.next()),
      "ERR_ZMTP_CRYPTOGRAPHIC",
    )
    const { server, body } = halfway(1)
    body.fill(0, 80, 112)
    assert.equal(
      codeOf(() => server.handle(body)),
      "ERR_ZMTP_CRYPTOGRAPHIC",
    )
    // The permanent key is read where it has been vouched for.
    assert.equal(
      codeOf(() => shake(curveClient(backend, { publicKey: zero }), curveServer(backend))),
      "ERR_ZMTP_CRYPTOGRAPHIC",
    )
  })
}

// ---- What is sent again, or to somebody else

test("a HELLO that is sent again opens another connection, where its INITIATE is worth nothing", () => {
  const client = curveClient()
  const [hello, , initiate] = shake(client, curveServer()) as [Buffer, Buffer, Buffer]
  const server = curveServer()
  server.handle(hello)
  nextOf(server)
  assert.equal(
    codeOf(() => server.handle(initiate)),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
})

test("neither HELLO nor INITIATE is taken twice on one connection", () => {
  const { server, body } = halfway(1)
  server.handle(body)
  assert.equal(
    codeOf(() => server.handle(body)),
    "ERR_ZMTP_UNSPECIFIED",
  )
  nextOf(server)
  assert.equal(
    codeOf(() => server.handle(body)),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
  const later = halfway(3)
  later.server.handle(later.body)
  assert.equal(
    codeOf(() => later.server.handle(later.body)),
    "ERR_ZMTP_UNSPECIFIED",
  )
  nextOf(later.server)
  assert.equal(
    codeOf(() => later.server.handle(later.body)),
    "ERR_ZMTP_UNSPECIFIED",
  )
})

test("a cookie from another connection to the same server is refused", () => {
  const one = halfway(3)
  const other = halfway(3)
  other.body.copy(one.body, 9, 9, 105)
  assert.equal(
    codeOf(() => one.server.handle(one.body)),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
})

test("a vouch for another connection, or for another server, is a key exchange that failed", () => {
  const vouches: [what: string, vouched: (own: Uint8Array, server: Uint8Array) => Uint8Array[]][] = [
    ["another connection", (_, server) => [createKeyPair(libsodium).publicKey, server]],
    ["another server", (own) => [own, createKeyPair(libsodium).publicKey]],
  ]
  for (const [what, vouched] of vouches) {
    assert.equal(
      codeOf(() => initiateByHand(vouched)),
      "ERR_ZMTP_KEY_EXCHANGE",
      what,
    )
  }
  // By hand it is done right otherwise.
  initiateByHand((own, server) => [own, server])
})

test("a client's second number must be greater than its first", () => {
  for (const number of [0n, 1n]) {
    assert.equal(
      codeOf(() => initiateByHand((own, server) => [own, server], number)),
      "ERR_ZMTP_INVALID_SEQUENCE",
    )
  }
  initiateByHand((own, server) => [own, server], 0xffff_ffff_ffff_ffffn)
})

/** A handshake up to INITIATE whose vouch and second number are the caller's. */
function initiateByHand(vouched: (own: Uint8Array, server: Uint8Array) => Uint8Array[], number = 2n): void {
  const own = createKeyPair(libsodium)
  const first = libsodium.agree(serverKeys.publicKey, own.secretKey) as Uint8Array
  const nonce = Buffer.alloc(8)
  nonce.writeBigUInt64BE(1n)
  const signed = libsodium.seal(Buffer.alloc(64), makeNonce("CurveZMQHELLO---", nonce), first)
  const server = curveServer()
  server.handle(Buffer.concat([latin1("\x05HELLO\x01\x00"), Buffer.alloc(72), own.publicKey, nonce, signed]))
  const welcome = nextOf(server)
  const content = Buffer.from(
    libsodium.open(welcome.subarray(24), makeNonce("WELCOME-", welcome.subarray(8, 24)), first) ?? [],
  )
  const shortServerKey = content.subarray(0, 32)
  const random = libsodium.randomBytes(16)
  const vouch = libsodium.seal(
    Buffer.concat(vouched(own.publicKey, serverKeys.publicKey)),
    makeNonce("VOUCH---", random),
    libsodium.agree(shortServerKey, clientPair.secretKey) as Uint8Array,
  )
  nonce.writeBigUInt64BE(number)
  const box = libsodium.seal(
    Buffer.concat([clientPair.publicKey, random, vouch]),
    makeNonce("CurveZMQINITIATE", nonce),
    libsodium.agree(shortServerKey, own.secretKey) as Uint8Array,
  )
  server.handle(Buffer.concat([latin1("\x08INITIATE"), content.subarray(32), nonce, box]))
  assert.deepEqual(server.peerProperties, new Map())
}

// ---- What is damaged

const commands = ["HELLO", "WELCOME", "INITIATE", "READY"] as const

/** What the commands are refused as, if it is told that one has a wrong form. */
const malformed = {
  HELLO: "ERR_ZMTP_MALFORMED_COMMAND_HELLO",
  // As libzmq has it.
  WELCOME: "ERR_ZMTP_CRYPTOGRAPHIC",
  INITIATE: "ERR_ZMTP_MALFORMED_COMMAND_INITIATE",
  READY: "ERR_ZMTP_MALFORMED_COMMAND_READY",
}
const shortest = { HELLO: 200, WELCOME: 168, INITIATE: 257, READY: 30 }

/** The top bit of C', which X25519 does not look at. */
const IGNORED_BIT = 80 * 8 + 255

test("a client's short-term key whose top bit was changed on the way is found out by the vouch", () => {
  const client = curveClient()
  const server = curveServer()
  const hello = nextOf(client)
  hello[111] = (hello[111] as number) ^ 0x80
  server.handle(hello)
  client.handle(nextOf(server))
  assert.equal(
    codeOf(() => server.handle(nextOf(client))),
    "ERR_ZMTP_KEY_EXCHANGE",
  )
})

commands.forEach((name, index) => {
  const fromClient = index % 2 === 0
  const { client, server, body } = halfway(index + 1)
  /** As a refusal ends a connection, each attempt is one by the same side as it was. */
  const attempt = (damaged: Buffer): string => {
    const listener = fromClient ? server : client
    const copy = Object.assign(Object.create(Object.getPrototypeOf(listener)), listener)
    for (const field of ["received", "sent"]) {
      copy[field] = Object.assign(Object.create(Object.getPrototypeOf(copy[field])), copy[field])
    }
    // The keys are wiped where they have been used, and would be missed next time.
    for (const field of ["ownKeys"]) {
      if (copy[field] !== undefined)
        copy[field] = { ...copy[field], secretKey: Buffer.from(copy[field].secretKey) }
    }
    if (copy.cookieKey !== undefined) copy.cookieKey = Buffer.from(copy.cookieKey)
    return codeOf(() => copy.handle(damaged))
  }

  test(`a ${name} that is cut anywhere is refused`, () => {
    for (let length = 0; length < body.length; length++) {
      const code = attempt(body.subarray(0, length))
      if (length <= name.length) {
        const structural = fromClient
          ? "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"
          : "ERR_ZMTP_UNEXPECTED_COMMAND"
        assert.equal(code, structural, `${length} bytes`)
      } else if (length < shortest[name]) assert.equal(code, malformed[name], `${length} bytes`)
      else assert.equal(code, "ERR_ZMTP_CRYPTOGRAPHIC", `${length} bytes`)
    }
  })

  test(`a ${name} that is longer is refused`, () => {
    const fixed = name === "HELLO" || name === "WELCOME"
    for (const more of [1, 16, 1000]) {
      const code = attempt(Buffer.concat([body, Buffer.alloc(more)]))
      assert.equal(code, fixed ? malformed[name] : "ERR_ZMTP_CRYPTOGRAPHIC")
    }
  })

  test(`every bit of ${name} counts`, () => {
    for (const [bit, damaged] of flipped(body)) {
      const at = bit >> 3
      if (name === "HELLO" && bit === IGNORED_BIT) continue
      const code = attempt(damaged)
      if (at === 0) assert.match(code, /UNEXPECTED_COMMAND|COMMAND_UNSPECIFIED/)
      else if (at <= name.length) assert.equal(code, "ERR_ZMTP_UNEXPECTED_COMMAND")
      else if (name === "HELLO" && at < 80) assert.equal(code, malformed.HELLO)
      else assert.equal(code, "ERR_ZMTP_CRYPTOGRAPHIC", `bit ${bit}`)
    }
  })
})

test("an ERROR that is cut is malformed, and one that is due at no time is not taken", () => {
  for (const text of ["\x05ERROR", "\x05ERROR\x0340"]) {
    const { client } = halfway(2)
    assert.equal(
      codeOf(() => client.handle(latin1(text))),
      "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
    )
  }
  assert.equal(
    codeOf(() => curveClient().handle(latin1("\x05ERROR\x03400"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
  assert.equal(
    codeOf(() => curveServer().handle(latin1("\x05ERROR\x03400"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
})

test("commands of the other mechanisms are unexpected", () => {
  const { server } = halfway(1)
  assert.equal(
    codeOf(() => server.handle(latin1("\x05READY"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
  assert.equal(
    codeOf(() => server.handle(latin1("\x05HELLO\x01a\x01b"))),
    "ERR_ZMTP_MALFORMED_COMMAND_HELLO",
  )
  const { client } = halfway(1)
  assert.equal(
    codeOf(() => client.handle(latin1("\x05READY"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
})
