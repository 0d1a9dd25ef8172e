// The mechanisms against libzmq, by way of npm zeromq: greeting, handshake and traffic over plain TCP, by hand.

import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { type TestContext, test } from "node:test"
import type { Verify } from "#src/security/authentication.js"
import { createKeyPair } from "#src/security/crypto/backend.js"
import { CurveClient, type CurveClientKeys } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import { type Mechanism, PeerRefusal, type Protection } from "#src/security/mechanism.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import { encodeZ85 } from "#src/wire/z85.js"
import { fromRoot } from "../interop/package-root.js"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import { MockPeer, MockServer, type ReceivedFrame } from "../wire/mock-peer.js"
import { COMMAND, frame, greeting, LONG, message } from "../wire/zmtp-bytes.js"
import { backends, libsodium } from "./backends.js"
import { clientKeys, clientPair, serverKeys } from "./curve-stage.js"
import { always, clientProperties, codeOf, nextOf, serverProperties, verdict } from "./stage.js"

const found = loadZeromq()
const { skip } = unlessMissing(typeof found === "string" ? found : undefined)

type ProtocolEvent = { readonly error: { readonly code: string } }
type AuthEvent = { readonly error: { readonly status: number } }
interface Socket {
  readonly lastEndpoint: string
  readonly events: {
    on(name: "handshake:error:protocol", listener: (event: ProtocolEvent) => void): void
    on(name: "handshake:error:auth", listener: (event: AuthEvent) => void): void
    on(name: "handshake" | "disconnect", listener: () => void): void
  }
  bind(address: string): Promise<void>
  connect(address: string): void
  send(frames: (string | Buffer)[]): Promise<void>
  receive(): Promise<Buffer[]>
  close(): void
}
type SocketClass = new (options: Record<string, unknown>) => Socket
interface Zeromq {
  readonly Dealer: SocketClass
  readonly Reply: SocketClass
  readonly Router: SocketClass
  readonly Context: new () => object
}

/** libzmq's own sockets: the two APIs have not yet the same options. */
function libzmq(): Zeromq {
  return createRequire(fromRoot("test/peers/package.json"))("zeromq") as Zeromq
}

/** What a ZAP handler of libzmq's answers to everybody. */
async function answerZap(t: TestContext, context: object, status: string): Promise<string[][]> {
  const requests: string[][] = []
  const handler = new (libzmq().Reply)({ context, linger: 0 })
  t.after(() => handler.close())
  await handler.bind("inproc://zeromq.zap.01")
  const serve = async (): Promise<void> => {
    for (;;) {
      const [version = "", id = "", ...rest] = await handler.receive()
      requests.push(rest.map(String))
      await handler.send([version, id, status, "", "someone", ""])
    }
  }
  serve().catch(() => {})
  return requests
}

function open(t: TestContext, name: "Dealer" | "Router", options: Record<string, unknown>): Socket {
  const socket = new (libzmq()[name])({ linger: 0, ...options })
  t.after(() => socket.close())
  return socket
}

/** Greets, and lets the mechanism talk until it is complete. */
async function shake(peer: MockPeer, mechanism: Mechanism): Promise<void> {
  await peer.send(greeting({ mechanism: mechanism.name }))
  assert.equal((await peer.take(64)).toString("latin1", 12, 32).replace(/\0+$/, ""), mechanism.name)
  for (;;) {
    for (let body = mechanism.next(); body !== undefined; body = mechanism.next()) {
      await peer.send(frame(COMMAND, body))
    }
    if (mechanism.complete || mechanism.failure !== undefined) return
    const { flags, body } = await peer.takeFrame()
    assert.equal(flags & ~LONG, COMMAND)
    mechanism.handle(body)
  }
}

/** Sends frames as the mechanism wants them. */
async function send(peer: MockPeer, protection: Protection | undefined, bytes: Buffer): Promise<void> {
  await peer.send(...(protection?.sealer.seal([bytes]) ?? [bytes]))
}

/** The bytes of the next frames, which make `expected`. */
async function expectFrames(
  peer: MockPeer,
  protection: Protection | undefined,
  expected: Buffer,
): Promise<void> {
  const opened: Uint8Array[] = []
  const opener = protection?.createOpener(Infinity, (frames) => opened.push(frames))
  while (Buffer.concat(opened).length < expected.length) {
    const { flags, body }: ReceivedFrame = await peer.takeFrame()
    const bytes = frame(flags, body)
    if (opener === undefined) opened.push(bytes)
    else {
      assert.equal(flags & ~LONG, 0, "a MESSAGE frame has neither MORE nor COMMAND")
      opener.open(bytes)
    }
  }
  assert.ok(Buffer.concat(opened).equals(expected))
}

const bodies = ["", "a", "b".repeat(222), "c".repeat(223), "d".repeat(70_000), "e".repeat(3_000_000)]

/** A message of many sizes each way, from a DEALER by hand to a ROUTER. */
async function talkToRouter(
  peer: MockPeer,
  router: Socket,
  protection: Protection | undefined,
): Promise<void> {
  await send(peer, protection, message(...bodies))
  const received = await within(router.receive(), "a message at the ROUTER")
  assert.equal(received[0]?.toString(), "a client")
  assert.deepEqual(received.slice(1).map(String), bodies)
  await router.send(received)
  await expectFrames(peer, protection, message(...bodies))
}

/** The same, from a DEALER to a ROUTER by hand. */
async function talkToDealer(
  peer: MockPeer,
  dealer: Socket,
  protection: Protection | undefined,
): Promise<void> {
  await dealer.send([...bodies])
  await expectFrames(peer, protection, message(...bodies))
  await send(peer, protection, message(...bodies))
  assert.deepEqual((await within(dealer.receive(), "a message at the DEALER")).map(String), bodies)
}

const plain = { username: Buffer.from("admin"), password: Buffer.from("secret") }

test("PLAIN: our client and libzmq's server", { skip }, async (t) => {
  const context = new (libzmq().Context)()
  const requests = await answerZap(t, context, "200")
  const router = open(t, "Router", { context, plainServer: true, zapDomain: "town" })
  await router.bind("tcp://127.0.0.1:*")
  const peer = await MockPeer.dial(router.lastEndpoint)
  t.after(() => peer.close())
  const client = new PlainClient(clientProperties, plain)
  await shake(peer, client)
  assert.equal(client.peerProperties.get("Socket-Type")?.toString(), "ROUTER")
  await talkToRouter(peer, router, undefined)
  assert.deepEqual(requests, [["town", "127.0.0.1", "", "PLAIN", "admin", "secret"]])
})

for (const [status, reason] of [
  ["400", "400"],
  ["500", "500"],
  ["300", undefined],
] as const) {
  test(`PLAIN: our client, sent away by libzmq's server with ${status}`, { skip }, async (t) => {
    const context = new (libzmq().Context)()
    await answerZap(t, context, status)
    // With 300 libzmq keeps the connection until the handshake has taken too long.
    const router = open(t, "Router", { context, plainServer: true, handshakeInterval: 200 })
    await router.bind("tcp://127.0.0.1:*")
    const peer = await MockPeer.dial(router.lastEndpoint)
    t.after(() => peer.close())
    const outcome = shake(peer, new PlainClient(clientProperties, plain))
    if (reason === undefined) {
      await assert.rejects(outcome, /Instead of/)
      await peer.ended()
    } else {
      await assert.rejects(outcome, (thrown) => thrown instanceof PeerRefusal && thrown.reason === reason)
    }
  })
}

/** A DEALER of libzmq's that has come to a server by hand. */
async function meet(
  t: TestContext,
  options: Record<string, unknown>,
): Promise<{ dealer: Socket; peer: MockPeer }> {
  const server = await MockServer.listen()
  t.after(() => server.close())
  const dealer = open(t, "Dealer", { routingId: "a client", ...options })
  dealer.connect(server.address)
  return { dealer, peer: await server.accept() }
}

test("PLAIN: libzmq's client and our server", { skip }, async (t) => {
  const { dealer, peer } = await meet(t, { plainUsername: "admin", plainPassword: "secret" })
  const asked: string[] = []
  const server = new PlainServer(serverProperties, ({ frames }, answer) => {
    asked.push(...frames.map(String))
    answer(verdict(200))
    return () => {}
  })
  await shake(peer, server)
  assert.deepEqual(asked, ["admin", "secret"])
  assert.equal(server.peerProperties.get("Identity")?.toString(), "a client")
  await talkToDealer(peer, dealer, undefined)
})

test("PLAIN: libzmq's client takes an ERROR of RFC 24 for a protocol error, and stops", {
  skip,
}, async (t) => {
  const { dealer, peer } = await meet(t, { plainUsername: "admin", plainPassword: "wrong" })
  const told = new Promise<string>((resolve) => {
    dealer.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
  })
  await shake(peer, new PlainServer(serverProperties, always(400)))
  assert.equal(await within(told, "an event"), "ERR_ZMTP_UNEXPECTED_COMMAND")
  await peer.ended()
})

const curveOptions = {
  curveServerKey: encodeZ85(serverKeys.publicKey),
  curvePublicKey: encodeZ85(clientPair.publicKey),
  curveSecretKey: encodeZ85(clientPair.secretKey),
}
const curveServerOptions = { curveServer: true, curveSecretKey: encodeZ85(serverKeys.secretKey) }

for (const backend of backends) {
  test(`CURVE with ${backend.name}: our client and libzmq's server`, { skip }, async (t) => {
    const context = new (libzmq().Context)()
    const requests = await answerZap(t, context, "200")
    const router = open(t, "Router", { context, ...curveServerOptions, zapDomain: "town" })
    await router.bind("tcp://127.0.0.1:*")
    const peer = await MockPeer.dial(router.lastEndpoint)
    t.after(() => peer.close())
    const client = new CurveClient(clientProperties, backend, clientKeys)
    await shake(peer, client)
    assert.equal(client.peerProperties.get("Socket-Type")?.toString(), "ROUTER")
    await talkToRouter(peer, router, client.protection)
    assert.equal(requests.length, 1)
    assert.deepEqual(requests[0]?.slice(0, 4), ["town", "127.0.0.1", "", "CURVE"])
  })

  test(`CURVE with ${backend.name}: libzmq's client and our server`, { skip }, async (t) => {
    const { dealer, peer } = await meet(t, curveOptions)
    const asked: Buffer[] = []
    const verify: Verify = ({ frames }, answer) => {
      asked.push(...frames)
      return always(200)({ mechanism: "CURVE", frames }, answer)
    }
    const server = new CurveServer(serverProperties, { backend, secretKey: serverKeys.secretKey, verify })
    await shake(peer, server)
    assert.deepEqual(asked, [Buffer.from(clientPair.publicKey)])
    assert.equal(server.peerProperties.get("Identity")?.toString(), "a client")
    await talkToDealer(peer, dealer, server.protection)
  })
}

for (const status of [300, 400, 500] as const) {
  test(`CURVE: libzmq's client hears of ${status} from our server as from its own`, { skip }, async (t) => {
    const { dealer, peer } = await meet(t, curveOptions)
    const statuses: number[] = []
    dealer.events.on("handshake:error:auth", ({ error }) => statuses.push(error.status))
    const parted = new Promise<void>((resolve) => dealer.events.on("disconnect", resolve))
    const settings = { backend: libsodium, secretKey: serverKeys.secretKey, verify: always(status) }
    await shake(peer, new CurveServer(serverProperties, settings))
    peer.finish()
    await within(parted, "the end of the connection")
    assert.deepEqual(statuses, status === 300 ? [] : [status])
  })
}

// ---- What libzmq calls what is wrong

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
