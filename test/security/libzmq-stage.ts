// libzmq's sockets, by way of npm zeromq, and mechanisms that talk to them by hand over plain TCP.

import assert from "node:assert/strict"
import { createRequire } from "node:module"
import type { TestContext } from "node:test"
import type { Mechanism } from "#src/security/mechanism.js"
import { encodeZ85 } from "#src/wire/z85.js"
import { fromRoot } from "../interop/package-root.js"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"
import { type MockPeer, MockServer } from "../wire/mock-peer.js"
import { COMMAND, frame, greeting, LONG } from "../wire/zmtp-bytes.js"
import { clientPair, serverKeys } from "./curve-stage.js"

const found = loadZeromq()
export const { skip }: { skip: string | false } = unlessMissing(typeof found === "string" ? found : undefined)

type ProtocolEvent = { readonly error: { readonly code: string } }
type AuthEvent = { readonly error: { readonly status: number } }
export interface Socket {
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
export function libzmq(): Zeromq {
  return createRequire(fromRoot("test/peers/package.json"))("zeromq") as Zeromq
}

/** What a ZAP handler of libzmq's answers to everybody. */
export async function answerZap(t: TestContext, context: object, status: string): Promise<string[][]> {
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

export function open(t: TestContext, name: "Dealer" | "Router", options: Record<string, unknown>): Socket {
  const socket = new (libzmq()[name])({ linger: 0, ...options })
  t.after(() => socket.close())
  return socket
}

/** Greets, and lets the mechanism talk until it is complete. */
export async function shake(peer: MockPeer, mechanism: Mechanism): Promise<void> {
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

/** A DEALER of libzmq's that has come to a server by hand. */
export async function meet(
  t: TestContext,
  options: Record<string, unknown>,
): Promise<{ dealer: Socket; peer: MockPeer }> {
  const server = await MockServer.listen()
  t.after(() => server.close())
  const dealer = open(t, "Dealer", { routingId: "a client", ...options })
  dealer.connect(server.address)
  return { dealer, peer: await server.accept() }
}

export const curveOptions = {
  curveServerKey: encodeZ85(serverKeys.publicKey),
  curvePublicKey: encodeZ85(clientPair.publicKey),
  curveSecretKey: encodeZ85(clientPair.secretKey),
}
export const curveServerOptions = { curveServer: true, curveSecretKey: encodeZ85(serverKeys.secretKey) }
