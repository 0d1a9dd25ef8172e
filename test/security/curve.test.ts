import assert from "node:assert/strict"
import { test } from "node:test"
import type { Credentials, Verdict } from "#src/security/authentication.js"
import { PeerRejection } from "#src/security/authentication.js"
import { createKeyPair } from "#src/security/crypto/backend.js"
import { CurveClient } from "#src/security/curve/client.js"
import { makeNonce } from "#src/security/curve/nonce.js"
import { CurveServer } from "#src/security/curve/server.js"
import { PeerRefusal } from "#src/security/mechanism.js"
import { decodeProperties } from "#src/wire/command.js"
import { backends, libsodium, noble } from "./backends.js"
import {
  clientKeys,
  clientPair,
  curveClient,
  curveServer,
  halfway,
  linked,
  openAll,
  sealAll,
  serverKeys,
  watched,
} from "./curve-stage.js"
import {
  always,
  clientProperties,
  codeOf,
  nextOf,
  predictable,
  serverProperties,
  shake,
  verdict,
} from "./stage.js"

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")

/** The commands of a handshake whose keys and nonces are always the same. */
function fixedHandshake(clientBackend: (typeof backends)[number], serverBackend = clientBackend): Buffer[] {
  const pair = (seed: number) => {
    const secretKey = Buffer.alloc(32, seed)
    return { publicKey: noble.publicKey(secretKey), secretKey }
  }
  const server = pair(1)
  const keys = { ...pair(2), serverKey: server.publicKey }
  return shake(
    new CurveClient(clientProperties, predictable(clientBackend, 3), keys),
    new CurveServer(serverProperties, {
      backend: predictable(serverBackend, 77),
      secretKey: server.secretKey,
    }),
  )
}

for (const one of backends) {
  for (const other of backends) {
    test(`${one.name} shakes hands with ${other.name} in the bytes that @noble makes`, () => {
      assert.deepEqual(
        fixedHandshake(one, other).map((body) => body.toString("hex")),
        fixedHandshake(noble).map((body) => body.toString("hex")),
      )
    })
  }
}

test("HELLO, WELCOME, INITIATE, READY, and each side has the other's metadata", () => {
  const client = curveClient()
  const server = curveServer()
  assert.equal(client.name, "CURVE")
  assert.equal(server.name, "CURVE")
  const said = shake(client, server)
  assert.ok(client.complete && server.complete)
  assert.deepEqual(client.peerProperties, serverProperties)
  assert.deepEqual(server.peerProperties, clientProperties)
  assert.deepEqual(
    said.map((body) => body.subarray(1, 1 + (body[0] as number)).toString()),
    ["HELLO", "WELCOME", "INITIATE", "READY"],
  )
})

test("every byte of the four commands is where RFC 26 has it", () => {
  const [hello, welcome, initiate, ready] = fixedHandshake(libsodium) as [Buffer, Buffer, Buffer, Buffer]
  const serverKey = noble.publicKey(Buffer.alloc(32, 1))
  const shortSecret = Buffer.from(predictable(noble, 3).randomBytes(32))
  const shortKey = Buffer.from(noble.publicKey(shortSecret))
  const open = (box: Uint8Array, prefix: string, nonce: Uint8Array, theirs: Uint8Array, ours: Uint8Array) => {
    const key = noble.agree(theirs, ours) as Uint8Array
    return Buffer.from(noble.open(box, makeNonce(prefix, nonce), key) ?? assert.fail(prefix))
  }

  assert.equal(hello.length, 200)
  // 05 "HELLO" | 01 00 | 72 zeroes
  assert.deepEqual(
    hello.subarray(0, 80),
    Buffer.concat([latin1("\x05HELLO"), Buffer.from([1, 0]), Buffer.alloc(72)]),
  )
  assert.deepEqual(hello.subarray(80, 112), shortKey)
  // The client's first number.
  assert.equal(hello.readBigUInt64BE(112), 1n)
  const signed = open(
    hello.subarray(120),
    "CurveZMQHELLO---",
    hello.subarray(112, 120),
    shortKey,
    Buffer.alloc(32, 1),
  )
  assert.deepEqual(signed, Buffer.alloc(64))

  assert.equal(welcome.length, 168)
  assert.deepEqual(welcome.subarray(0, 8), latin1("\x07WELCOME"))
  const welcomed = open(welcome.subarray(24), "WELCOME-", welcome.subarray(8, 24), serverKey, shortSecret)
  const shortServerKey = welcomed.subarray(0, 32)
  const cookie = welcomed.subarray(32)
  assert.equal(cookie.length, 96)

  assert.equal(initiate.length, 257 + (1 + 11 + 4 + 6) + (1 + 8 + 4 + 8))
  assert.deepEqual(initiate.subarray(0, 9), latin1("\x08INITIATE"))
  assert.deepEqual(initiate.subarray(9, 105), cookie)
  // His second.
  assert.equal(initiate.readBigUInt64BE(105), 2n)
  const inside = open(
    initiate.subarray(113),
    "CurveZMQINITIATE",
    initiate.subarray(105, 113),
    shortServerKey,
    shortSecret,
  )
  assert.deepEqual(inside.subarray(0, 32), Buffer.from(noble.publicKey(Buffer.alloc(32, 2))))
  const vouch = open(
    inside.subarray(48, 128),
    "VOUCH---",
    inside.subarray(32, 48),
    shortServerKey,
    Buffer.alloc(32, 2),
  )
  assert.deepEqual(vouch, Buffer.concat([shortKey, serverKey]))
  assert.deepEqual(decodeProperties(inside.subarray(128)), clientProperties)

  assert.deepEqual(ready.subarray(0, 6), latin1("\x05READY"))
  // The server's first.
  assert.equal(ready.readBigUInt64BE(6), 1n)
  const answered = open(
    ready.subarray(14),
    "CurveZMQREADY---",
    ready.subarray(6, 14),
    shortServerKey,
    shortSecret,
  )
  assert.deepEqual(decodeProperties(answered), serverProperties)
})

test("after the handshake the numbers go on: 3 is the client's next, 2 the server's", () => {
  const { client, server } = linked()
  assert.equal(client.sealer.sealFrame(0, Buffer.from("a")).readBigUInt64BE(8), 3n)
  assert.equal(server.sealer.sealFrame(0, Buffer.from("a")).readBigUInt64BE(8), 2n)
})

test("no two handshakes have a byte of their keys, nonces or cookies in common", () => {
  const [one, other] = [shake(curveClient(), curveServer()), shake(curveClient(), curveServer())]
  for (const [index, from, to] of [
    [0, 80, 112],
    [1, 8, 24],
    [2, 9, 105],
  ] as const) {
    assert.notDeepEqual(one[index]?.subarray(from, to), other[index]?.subarray(from, to))
  }
})

// ---- The authenticator

test("the authenticator gets the client's permanent key, and the server waits for it before READY", () => {
  const asked: Credentials[] = []
  let answer: ((verdict: Verdict | Error) => void) | undefined
  const client = curveClient()
  const server = curveServer(libsodium, (credentials, reply) => {
    asked.push(credentials)
    answer = reply
    return () => {}
  })
  let progress = 0
  server.onProgress = () => progress++
  const said = shake(client, server)
  assert.equal(said.length, 3)
  assert.deepEqual(asked, [{ mechanism: "CURVE", frames: [Buffer.from(clientPair.publicKey)] }])
  assert.ok(!server.complete)
  assert.equal(
    codeOf(() => server.handle(said[2] as Buffer)),
    "ERR_ZMTP_UNSPECIFIED",
  )
  const properties = new Map([["Town", Buffer.from("Leipzig")]])
  answer?.(verdict(200, "someone", properties))
  assert.equal(progress, 1)
  client.handle(nextOf(server))
  assert.ok(client.complete && server.complete)
  assert.equal(server.verdict?.userId.toString(), "someone")
  assert.deepEqual(server.verdict?.properties, properties)
})

for (const status of [400, 500] as const) {
  test(`${status} is told by ERROR in the clear, and both sides know why they part`, () => {
    const client = curveClient()
    const server = curveServer(libsodium, always(status))
    assert.throws(
      () => shake(client, server),
      (thrown) => thrown instanceof PeerRefusal && thrown.reason === String(status),
    )
    assert.ok(server.failure instanceof PeerRejection)
    assert.equal(server.failure.status, status)
    assert.equal(server.next(), undefined)
    assert.ok(!client.complete && !server.complete && server.protection === undefined)
  })
}

test("300 parts without a word", () => {
  const server = curveServer(libsodium, always(300))
  assert.equal(shake(curveClient(), server).length, 3)
  assert.ok(server.failure instanceof PeerRejection)
  assert.equal(server.next(), undefined)
})

test("who only knows the server's key is let in where nobody asks, and sent away where somebody does", () => {
  const stranger = createKeyPair(libsodium)
  const open = curveServer()
  shake(curveClient(libsodium, stranger), open)
  assert.ok(open.complete)
  const closed = curveServer(libsodium, (credentials, answer) => {
    const known = credentials.frames[0]?.equals(clientPair.publicKey)
    answer(verdict(known ? 200 : 400))
    return () => {}
  })
  assert.throws(() => shake(curveClient(libsodium, stranger), closed), PeerRefusal)
})

// ---- Ends

test("a connection that has ended has no keys left, and seals and opens nothing", () => {
  const { backend, secrets } = watched()
  const client = curveClient(backend)
  const server = curveServer(backend)
  shake(client, server)
  const left = (): number => secrets.filter((key) => key.some((byte) => byte !== 0)).length
  // c', s' and the cookie's key; what C' has in common with S and S', and C with S', on either side.
  assert.equal(secrets.length, 3 + 6)
  // What only the handshake needed is gone already.
  assert.equal(left(), 2)
  const { protection } = client
  assert.ok(protection !== undefined)
  client.close()
  assert.equal(left(), 1)
  server.close()
  assert.equal(left(), 0)
  assert.equal(client.protection, undefined)
  assert.deepEqual(protection.sealer.seal([Buffer.from([0, 1, 0x61])]), [])
  assert.throws(() => protection.sealer.sealFrame(0, Buffer.from("a")))
  // The permanent ones are the socket's, which goes on.
  assert.ok(clientKeys.secretKey.some((byte) => byte !== 0))
  assert.ok(serverKeys.secretKey.some((byte) => byte !== 0))
})

test("a handshake that fails or is given up leaves no keys either", () => {
  for (let count = 1; count <= 4; count++) {
    const { backend, secrets } = watched()
    const client = curveClient(backend)
    const server = curveServer(backend)
    let body = nextOf(client)
    for (let said = 1; said < count; said++) {
      const listener = said % 2 === 0 ? client : server
      listener.handle(body)
      body = nextOf(listener)
    }
    body[body.length - 1] = (body[body.length - 1] as number) ^ 1
    assert.throws(() => (count % 2 === 0 ? client : server).handle(body))
    client.close()
    server.close()
    assert.ok(
      secrets.every((key) => key.every((byte) => byte === 0)),
      `${count} commands`,
    )
  }
})

test("a connection may end at any time of the handshake, more than once", () => {
  for (let count = 1; count <= 4; count++) {
    const { client, server } = halfway(count)
    for (const mechanism of [client, server]) {
      mechanism.close()
      mechanism.close()
      assert.equal(mechanism.next(), undefined)
      assert.ok(!mechanism.complete)
    }
  }
  curveClient().close()
  curveServer().close()
})

test("what one side seals the other opens", () => {
  const { client, server } = linked()
  const frames = Buffer.from([1, 1, 0x61, 0, 0])
  assert.deepEqual(openAll(server, [sealAll(client.sealer, [frames])]), frames)
  assert.deepEqual(openAll(client, [sealAll(server.sealer, [frames])]), frames)
})
