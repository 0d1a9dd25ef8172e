// Conversations as honest peers lead them, kept in pieces, to be taken apart and put together anew. The socket's own
// random numbers are the same each time, so that what an honest peer once said to it is as good the next time; and the
// keys that two have in common are looked up, since a million handshakes would otherwise be mostly curve arithmetic.
import assert from "node:assert/strict"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { DealerPattern } from "#src/patterns/dealer.js"
import { RepPattern } from "#src/patterns/rep.js"
import type { CryptoBackend } from "#src/security/crypto/backend.js"
import { CryptoLoader } from "#src/security/crypto/loader.js"
import { CurveClient } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import type { Mechanism } from "#src/security/mechanism.js"
import { NullMechanism } from "#src/security/null.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import { InprocTransport } from "#src/transports/inproc.js"
import { encodeZ85 } from "#src/wire/z85.js"
import { libsodium, sodiumNative } from "../security/backends.js"
import { clientKeys, clientPair, serverKeys } from "../security/curve-stage.js"
import { always, predictable } from "../security/stage.js"
import { COMMAND, MORE } from "../wire/zmtp-bytes.js"
import type { Chance } from "./chance.js"
import { type Line, type Medium, packets, stream } from "./media.js"
import type { SimulatedPlatform } from "./simulation.js"

/** The fast one, where the machine has it. */
const fast = typeof sodiumNative === "string" ? libsodium : sodiumNative
export const username = "admin"
export const password = "secret"
const credentials = { username: Buffer.from(username), password: Buffer.from(password) }
const properties = new Map([["Socket-Type", Buffer.from("DEALER")]])

/** What a socket is, and what its peer is not. */
export const roles = [
  "NULL server",
  "NULL client",
  "PLAIN server",
  "PLAIN client",
  "CURVE server",
  "CURVE client",
] as const
export type TalkRole = (typeof roles)[number]

const settings: Record<TalkRole, readonly (readonly [name: string, value: unknown])[]> = {
  "NULL server": [["zapDomain", "a domain"]],
  "NULL client": [["zapDomain", "a domain"]],
  "PLAIN server": [["plainServer", true]],
  "PLAIN client": [
    ["plainUsername", username],
    ["plainPassword", password],
  ],
  "CURVE server": [
    ["curveServer", true],
    ["curveSecretKey", encodeZ85(serverKeys.secretKey)],
  ],
  "CURVE client": [
    ["curvePublicKey", encodeZ85(clientPair.publicKey)],
    ["curveSecretKey", encodeZ85(clientPair.secretKey)],
    ["curveServerKey", encodeZ85(serverKeys.publicKey)],
  ],
}

function peerOf(role: TalkRole): Mechanism {
  switch (role) {
    case "PLAIN server":
      return new PlainClient(properties, credentials)
    case "PLAIN client":
      return new PlainServer(properties, always(200))
    case "CURVE server":
      return new CurveClient(properties, libsodium, clientKeys)
    case "CURVE client":
      return new CurveServer(properties, { backend: libsodium, secretKey: serverKeys.secretKey })
    default:
      return new NullMechanism(properties)
  }
}

/** Who answers to all that one process asks about peers, or nobody. */
export interface Judge {
  /** What he was asked, but for version and id. */
  readonly questions: string[][]
  /** Gives one answer, if there is a question. */
  answer(status: string): void
  readonly core: SocketCore
}

/** A socket, and a connection of it that has just been made. */
export interface Scene {
  readonly platform: SimulatedPlatform
  readonly core: SocketCore
  readonly line: Line
  readonly judge: Judge | undefined
}

const agreed = new Map<string, Uint8Array | undefined>()
let recording = false

/** The fast library, which does not work out the same key twice; `seed` is what its random bytes begin with. */
function remembering(seed: number): CryptoBackend {
  const look = (key: string, find: () => Uint8Array | undefined): Uint8Array | undefined => {
    const known = agreed.get(key)
    // Whoever gets it wipes it.
    if (known !== undefined) return known.slice()
    const found = find()
    if (recording) agreed.set(key, found?.slice())
    return found
  }
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")
  return {
    ...predictable(fast, seed),
    publicKey: (secret) => look(text(secret), () => fast.publicKey(secret)) as Uint8Array,
    agree: (key, secret) => look(text(key) + text(secret), () => fast.agree(key, secret)),
  }
}

/** Seeds of the socket's random numbers: what was said to one is worth nothing to another. */
const seeds = [3, 91]
const loaders = seeds.map((seed) => {
  const loader = new CryptoLoader()
  return () => {
    loader.loaded = remembering(seed)
    return loader
  }
})

/** A new socket with the random numbers of `world`, whose peer has just come; with `chance` some writes take their time. */
export function beginScene(medium: Medium, role: TalkRole, world: number, chance: Chance | undefined): Scene {
  const platform = medium.createPlatform(loaders[world]?.())
  const context = new ContextCore(platform, new Map([["inproc", new InprocTransport()]]))
  const judge = role === "PLAIN server" || role.startsWith("NULL") ? judgeOf(context) : undefined
  const core = new SocketCore(context, "DEALER", (options) => new DealerPattern(options))
  core.monitor.watched = true
  for (const [name, value] of [
    ["linger", 0],
    ["handshakeInterval", 1000],
    ["maxMessageSize", 4000],
    ...settings[role],
  ] as const) {
    core.setOption(name as never, value as never)
  }
  if (role.endsWith("server")) core.endpoints.bindSync(medium.address)
  else core.endpoints.connect(medium.address)
  const line = medium.meet(platform, mechanismOf(role), chance)
  platform.run()
  return { platform, core, line, judge }
}

function mechanismOf(role: TalkRole): string {
  return role.split(" ", 1)[0] as string
}

function judgeOf(context: ContextCore): Judge {
  const core = new SocketCore(context, "REP", () => new RepPattern())
  core.endpoints.bindSync("inproc://zeromq.zap.01")
  const questions: string[][] = []
  return {
    core,
    questions,
    answer: (status) => {
      const [version, id, ...rest] = (core.pattern.canReceive && core.traffic.tryReceive()) || []
      if (version === undefined || id === undefined) return
      questions.push(rest.map((part) => part.toString("latin1")))
      const mine = rest.map(String)
      const right = mine[3] !== "PLAIN" || (mine[4] === username && mine[5] === password)
      core.traffic.trySend([
        version,
        id,
        Buffer.from(right ? status : "400"),
        Buffer.alloc(0),
        Buffer.from("x"),
        Buffer.alloc(0),
      ])
    },
  }
}

/** What an honest peer said. */
export interface TrueTalk {
  /** Greeting, commands, and messages, each whole. */
  readonly pieces: readonly Buffer[]
  /** The bodies of its messages' frames, in order. */
  readonly said: readonly string[]
}

/** Three talks with the socket of either world: same keys, other connections. */
export type Talks = Readonly<Record<TalkRole, readonly (readonly TrueTalk[])[]>>

const recorded = new Map<Medium, Talks>([stream, packets].map((medium) => [medium, recordAll(medium)]))

/** What honest peers say over a medium. */
export function talksOver(medium: Medium): Talks {
  return recorded.get(medium) as Talks
}

function recordAll(medium: Medium): Talks {
  recording = true
  const all = Object.fromEntries(
    roles.map((role) => [
      role,
      seeds.map((_, world) => [0, 1, 2].map((number) => record(medium, role, world, number))),
    ]),
  ) as Record<TalkRole, TrueTalk[][]>
  recording = false
  return all
}

function record(medium: Medium, role: TalkRole, world: number, number: number): TrueTalk {
  const scene = beginScene(medium, role, world, undefined)
  const { line, platform, core, judge } = scene
  const peer = peerOf(role)
  const pieces: Buffer[] = []
  const say = (bytes: Buffer): void => {
    pieces.push(bytes)
    line.deliver(bytes)
    for (let turn = 0; turn < 4; turn++) {
      platform.run()
      judge?.answer("200")
    }
  }
  for (const piece of medium.opening(peer.name)) say(piece)
  let heard = 0
  for (let turn = 0; turn < 6; turn++) {
    for (let body = peer.next(); body !== undefined; body = peer.next()) say(medium.write(COMMAND, body))
    const command = line.commands[heard]
    if (peer.complete || command === undefined) continue
    heard++
    peer.handle(Buffer.from(command))
  }
  assert.ok(peer.complete, role)
  const said: string[] = []
  for (const [flags, times] of [
    [0, 1],
    [MORE, 1],
    [0, 1],
    [0, 100],
    [MORE, 1],
    [0, 1],
  ] as const) {
    const body = `${world}/${number}: word ${said.length} `.repeat(times)
    said.push(body)
    const one = medium.write(flags, body)
    say(Buffer.concat(peer.protection === undefined ? [one] : medium.seal(peer.protection, one)))
  }
  const received = Array.from({ length: 4 }, () => core.traffic.tryReceive() ?? []).flat()
  assert.deepEqual(received.map(String), said, role)
  core.close()
  judge?.core.close()
  platform.run()
  return { pieces, said }
}
