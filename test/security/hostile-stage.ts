// Peers of bytes at sockets with mechanisms: they know the keys, and say what they like.

import assert from "node:assert/strict"
import type { Frame } from "#src/message.js"
import { CurveClient } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import type { Mechanism } from "#src/security/mechanism.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import type { Stage } from "../suites/stage.js"
import type { MockPeer } from "../wire/mock-peer.js"
import { type Meeting, meet } from "../wire/wire-stage.js"
import { COMMAND, frame, greeting, LONG } from "../wire/zmtp-bytes.js"
import { libsodium } from "./backends.js"
import { clientKeys, serverKeys } from "./curve-stage.js"
import * as secured from "./secured-stage.js"
import { always, clientProperties, nextOf, serverProperties } from "./stage.js"

/** The mechanisms that have a client and a server. */
export const sided = ["PLAIN", "CURVE"] as const
export type Sided = (typeof sided)[number]

/** Which of the two the socket under test is. */
export type Side = "server" | "client"
export const sides: readonly Side[] = ["server", "client"]

const options: Record<Sided, Record<Side, Record<string, unknown>>> = {
  PLAIN: { server: secured.plainServer, client: secured.plainClient },
  CURVE: { server: secured.curveServer, client: secured.curveClient },
}

/** The other side's mechanism. */
export function makeMechanism(name: Sided, side: Side): Mechanism {
  if (name === "PLAIN") {
    return side === "client"
      ? new PlainClient(clientProperties, {
          username: Buffer.from(secured.plainClient.plainUsername),
          password: Buffer.from(secured.plainClient.plainPassword),
        })
      : new PlainServer(serverProperties, always(200))
  }
  return side === "client"
    ? new CurveClient(clientProperties, libsodium, clientKeys)
    : new CurveServer(serverProperties, { backend: libsodium, secretKey: serverKeys.secretKey })
}

export type SecuredMeeting = Meeting<"Router" | "Dealer">

/** A ROUTER that binds as server, or a DEALER that connects as client, and a mock that is its peer. */
export async function meetSecured(
  stage: Stage,
  name: Sided,
  side: Side,
  more: Record<string, unknown> = {},
): Promise<SecuredMeeting> {
  const context = stage.context()
  if (side === "server") await secured.authenticate(stage, context, "200")
  const all = { context, ...options[name][side], ...more }
  return side === "server"
    ? ((await meet(stage, "binds", "Router", { routingId: "the server", ...all })) as SecuredMeeting)
    : ((await meet(stage, "connects", "Dealer", { routingId: "a client", ...all })) as SecuredMeeting)
}

/** One mechanism's talk with a socket, step by step. */
export class Talk {
  readonly mock: MockPeer
  readonly mechanism: Mechanism
  /** What the socket said last. */
  heard: Buffer = Buffer.alloc(0)

  private constructor(mock: MockPeer, mechanism: Mechanism) {
    this.mock = mock
    this.mechanism = mechanism
  }

  /** Both have greeted. */
  static async begin(mock: MockPeer, mechanism: Mechanism): Promise<Talk> {
    await mock.send(greeting({ mechanism: mechanism.name }))
    const heard = await mock.take(64)
    assert.equal(heard.toString("latin1", 12, 32).replace(/\0+$/, ""), mechanism.name)
    return new Talk(mock, mechanism)
  }

  /** What is ours to say next. */
  next(): Frame {
    return nextOf(this.mechanism)
  }

  /** Says what is due, or something else. */
  async say(body: Uint8Array = this.next(), flags = COMMAND): Promise<void> {
    await this.mock.send(frame(flags, body))
  }

  /** Takes what the socket says. */
  async listen(): Promise<void> {
    const { flags, body } = await this.mock.takeFrame()
    assert.equal(flags & ~LONG, COMMAND)
    this.heard = body
    this.mechanism.handle(body)
  }

  /** Goes on until `count` commands have been said, by both sides together, and heard; four are all. */
  async goOn(count: number): Promise<this> {
    const listensFirst = this.mechanism instanceof PlainServer || this.mechanism instanceof CurveServer
    for (let said = 0; said < count; said++) {
      if ((said % 2 === 0) === listensFirst) await this.listen()
      else await this.say()
    }
    return this
  }

  /** A message as it goes over the wire once the handshake is over. */
  sealed(...frames: (string | Uint8Array)[]): Buffer {
    const plain = frames.map((body, at) => frame(at < frames.length - 1 ? 1 : 0, body))
    const { protection } = this.mechanism
    return Buffer.concat(protection === undefined ? plain : protection.sealer.seal(plain))
  }
}

/** Another peer, which is honest, and its handshake is over. */
export async function beginHonest({ again }: SecuredMeeting, name: Sided, side: Side): Promise<Talk> {
  const other = side === "server" ? "client" : "server"
  return await (await Talk.begin(await again(), makeMechanism(name, other))).goOn(4)
}

/** An honest peer is served, whoever was there before. */
export async function serveHonest(
  meeting: SecuredMeeting,
  name: Sided,
  side: Side,
  begun: Promise<Talk> = beginHonest(meeting, name, side),
): Promise<void> {
  const { socket } = meeting
  const talk = await begun
  await talk.mock.send(talk.sealed("an honest word"))
  const message = await socket.receive()
  assert.equal(message.at(-1)?.toString(), "an honest word")
  assert.equal(message.length, side === "server" ? 2 : 1)
}
