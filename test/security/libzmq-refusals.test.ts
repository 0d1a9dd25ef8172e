// What libzmq calls what is wrong, and that we call it the same.

import assert from "node:assert/strict"
import { test } from "node:test"
import { createKeyPair } from "#src/security/crypto/backend.js"
import { CurveClient, type CurveClientKeys } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import { within } from "../suites/deadline.js"
import { MockPeer } from "../wire/mock-peer.js"
import { COMMAND, frame, greeting } from "../wire/zmtp-bytes.js"
import { libsodium } from "./backends.js"
import { clientKeys, serverKeys } from "./curve-stage.js"
import { curveOptions, curveServerOptions, meet, open, shake, skip } from "./libzmq-stage.js"
import { clientProperties, codeOf, nextOf, serverProperties } from "./stage.js"

type Damage = readonly [what: string, damage: (body: Buffer) => Buffer]

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")
const flip =
  (at: number) =>
  (body: Buffer): Buffer => {
    const index = at < 0 ? body.length + at : at
    body[index] = (body[index] as number) ^ 1
    return body
  }
const anyDamage: readonly Damage[] = [
  ["one byte of the name", flip(2)],
  ["a byte less", (body) => body.subarray(0, -1)],
  ["a byte more", (body) => Buffer.concat([body, Buffer.alloc(1)])],
  ["nothing but the name", (body) => body.subarray(0, 1 + (body[0] as number))],
  ["one bit of the box", flip(-1)],
]
const serverDamage: readonly Damage[] = [
  ...anyDamage,
  ["READY of NULL", () => latin1("\x05READY")],
  ["a name that does not fit", () => latin1("\x09INITIATE")],
  ["no name", () => latin1("\x00")],
]

const damages: Record<"HELLO" | "INITIATE" | "WELCOME" | "READY", readonly Damage[]> = {
  HELLO: [
    ...serverDamage,
    ["another version", flip(6)],
    ["another minor version", flip(7)],
    ["C'", flip(80)],
  ],
  INITIATE: [
    ...serverDamage,
    ["the cookie's nonce", flip(9)],
    ["the cookie", flip(30)],
    ["the number", flip(112)],
    ["256 bytes", (body) => body.subarray(0, 256)],
  ],
  WELCOME: [...anyDamage, ["an ERROR that is cut", () => latin1("\x05ERROR\x0340")]],
  READY: [
    ...anyDamage,
    ["29 bytes", (body) => body.subarray(0, 29)],
    ["another WELCOME's name", () => latin1("\x07WELCOM")],
    ["an ERROR without a reason", () => latin1("\x05ERROR")],
  ],
}

/** The code that our own server or client has for the same damage. */
function ourCode(name: keyof typeof damages, damage: Damage[1]): string {
  const client = new CurveClient(clientProperties, libsodium, clientKeys)
  const server = new CurveServer(serverProperties, { backend: libsodium, secretKey: serverKeys.secretKey })
  for (const turn of ["HELLO", "WELCOME", "INITIATE", "READY"]) {
    const fromClient = turn === "HELLO" || turn === "INITIATE"
    const body = nextOf(fromClient ? client : server)
    const listener = fromClient ? server : client
    if (turn === name) return codeOf(() => listener.handle(damage(body)))
    listener.handle(body)
  }
  assert.fail(name)
}

for (const name of ["HELLO", "INITIATE"] as const) {
  for (const [what, damage] of damages[name]) {
    test(`CURVE: in ${name}, ${what} is the same to libzmq's server and ours`, { skip }, async (t) => {
      const router = open(t, "Router", curveServerOptions)
      const told = new Promise<string>((resolve) => {
        router.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
      })
      await router.bind("tcp://127.0.0.1:*")
      const peer = await MockPeer.dial(router.lastEndpoint)
      t.after(() => peer.close())
      const client = new CurveClient(clientProperties, libsodium, clientKeys)
      await peer.send(greeting({ mechanism: "CURVE" }))
      await peer.take(64)
      let body = nextOf(client)
      if (name === "INITIATE") {
        await peer.send(frame(COMMAND, body))
        client.handle((await peer.takeFrame()).body)
        body = nextOf(client)
      }
      await peer.send(frame(COMMAND, damage(body)))
      assert.equal(ourCode(name, damage), await within(told, "an event"))
    })
  }
}

for (const name of ["WELCOME", "READY"] as const) {
  for (const [what, damage] of damages[name]) {
    test(`CURVE: in ${name}, ${what} is the same to libzmq's client and ours`, { skip }, async (t) => {
      const { dealer, peer } = await meet(t, curveOptions)
      const told = new Promise<string>((resolve) => {
        dealer.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
      })
      const server = new CurveServer(serverProperties, {
        backend: libsodium,
        secretKey: serverKeys.secretKey,
      })
      await peer.send(greeting({ mechanism: "CURVE" }))
      await peer.take(64)
      server.handle((await peer.takeFrame()).body)
      let body = nextOf(server)
      if (name === "READY") {
        await peer.send(frame(COMMAND, body))
        server.handle((await peer.takeFrame()).body)
        body = nextOf(server)
      }
      await peer.send(frame(COMMAND, damage(body)))
      assert.equal(ourCode(name, damage), await within(told, "an event"))
    })
  }
}

const strangers: [what: string, keys: Partial<CurveClientKeys>][] = [
  ["another key of the server's", { serverKey: createKeyPair(libsodium).publicKey }],
  ["keys that do not belong together", { publicKey: createKeyPair(libsodium).publicKey }],
  ["a permanent key of zero", { publicKey: Buffer.alloc(32) }],
]
for (const [what, keys] of strangers) {
  test(`CURVE: a client with ${what} is the same to libzmq's server and ours`, { skip }, async (t) => {
    const router = open(t, "Router", curveServerOptions)
    const told = new Promise<string>((resolve) => {
      router.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
    })
    await router.bind("tcp://127.0.0.1:*")
    const peer = await MockPeer.dial(router.lastEndpoint)
    t.after(() => peer.close())
    const client = (): CurveClient => new CurveClient(clientProperties, libsodium, { ...clientKeys, ...keys })
    await assert.rejects(shake(peer, client()), /Instead of/)
    const one = client()
    const server = new CurveServer(serverProperties, { backend: libsodium, secretKey: serverKeys.secretKey })
    const ours = codeOf(() => {
      server.handle(nextOf(one))
      one.handle(nextOf(server))
      server.handle(nextOf(one))
    })
    assert.equal(ours, await within(told, "an event"))
  })
}

const wrongMessages: [what: string, damage: (body: Buffer) => Buffer][] = [
  ["another command", () => latin1("\x04PING\0\0")],
  ["a message in the clear", () => latin1("hello, this is more than thirty-three bytes")],
  ["32 bytes", (body) => body.subarray(0, 32)],
  [
    "a number that was there before",
    (body) => Buffer.concat([body.subarray(0, 15), Buffer.of(2), body.subarray(16)]),
  ],
  ["one bit of the box", flip(-1)],
]
for (const [what, damage] of wrongMessages) {
  test(`CURVE: for a MESSAGE, ${what} is the same to libzmq's server and ours`, { skip }, async (t) => {
    const router = open(t, "Router", curveServerOptions)
    const told = new Promise<string>((resolve) => {
      router.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
    })
    await router.bind("tcp://127.0.0.1:*")
    const peer = await MockPeer.dial(router.lastEndpoint)
    t.after(() => peer.close())
    const client = new CurveClient(clientProperties, libsodium, clientKeys)
    await shake(peer, client)
    await peer.send(frame(0, damage(client.protection?.sealer.sealFrame(0, latin1("hi")) ?? assert.fail())))

    const one = new CurveClient(clientProperties, libsodium, clientKeys)
    const server = new CurveServer(serverProperties, { backend: libsodium, secretKey: serverKeys.secretKey })
    for (const [speaker, listener] of [
      [one, server],
      [server, one],
      [one, server],
      [server, one],
    ] as const) {
      listener.handle(nextOf(speaker))
    }
    const sealed = one.protection?.sealer.sealFrame(0, latin1("hi")) ?? assert.fail()
    const opener = server.protection?.createOpener(Infinity, () => assert.fail("It is wrong."))
    const ours = codeOf(() => opener?.open(frame(0, damage(sealed))))
    assert.equal(ours, await within(told, "an event"))
  })
}
