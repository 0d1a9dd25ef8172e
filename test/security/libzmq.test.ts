// The mechanisms against libzmq: greeting, handshake and traffic, in both roles.

import assert from "node:assert/strict"
import { test } from "node:test"
import type { Verify } from "#src/security/authentication.js"
import { CurveClient } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import { PeerRefusal, type Protection } from "#src/security/mechanism.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import { within } from "../suites/deadline.js"
import { MockPeer, type ReceivedFrame } from "../wire/mock-peer.js"
import { frame, LONG, message } from "../wire/zmtp-bytes.js"
import { backends, libsodium } from "./backends.js"
import { clientKeys, clientPair, serverKeys } from "./curve-stage.js"
import {
  answerZap,
  curveOptions,
  curveServerOptions,
  libzmq,
  meet,
  open,
  type Socket,
  shake,
  skip,
} from "./libzmq-stage.js"
import { always, clientProperties, serverProperties, verdict } from "./stage.js"

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
