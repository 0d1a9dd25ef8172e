// What somebody between two peers of CURVE can do to their messages, without a key: over TCP and over WebSockets.
import assert from "node:assert/strict"
import { PacketSealer, packetOpener } from "#src/link/packet-protection.js"
import { NonceCounter, NonceGuard } from "#src/security/curve/nonce.js"
import { CurveProtection } from "#src/security/curve/protection.js"
import { PacketDecoder } from "#src/wire/zws.js"
import { libsodium } from "../security/backends.js"
import { COMMAND, frame, MORE } from "../wire/zmtp-bytes.js"
import { zwsFlags, zwsPacket } from "../wire/zws-bytes.js"
import type { Chance } from "./chance.js"
import { framesOf } from "./frames.js"
import { isRefused } from "./refusals.js"
import { injure, noise } from "./streams.js"

const limits = { frameBytes: 4000, messageBytes: 8000, messageFrames: 4 }
const key = Buffer.alloc(32, 7)
const otherKey = Buffer.alloc(32, 8)

function protection(side: "client" | "server", chosen: Uint8Array = key): CurveProtection {
  return new CurveProtection(libsodium, Buffer.from(chosen), side, new NonceCounter(), new NonceGuard())
}

/** The pieces with up to three left out, doubled, exchanged or changed; often as they are. */
function tampered(chance: Chance, pieces: Uint8Array[], forged: () => Uint8Array[]): Buffer[] {
  const said: Buffer[] = pieces.map((piece) => Buffer.from(piece))
  for (let count = chance.below(4); count > 0; count--) {
    const at = chance.below(said.length + 1)
    const piece = said[at] ?? Buffer.alloc(0)
    switch (chance.below(6)) {
      case 0:
        said.splice(at, 1)
        break
      case 1:
        said.splice(chance.below(said.length + 1), 0, piece)
        break
      case 2: {
        const other = chance.below(said.length + 1)
        said[at] = said[other] ?? piece
        if (other < said.length) said[other] = piece
        break
      }
      case 3:
        said.splice(at, 0, ...forged().map((one) => Buffer.from(one)))
        break
      case 4:
        said[at] = piece.subarray(0, chance.below(piece.length + 1))
        break
      default:
        said[at] = injure(chance, Buffer.from(piece))
    }
  }
  return said
}

/** Throws unless all that is heard was said, in that order and no more often, and the rest is refused. */
export function attackSealed(chance: Chance): string[] {
  const bodies = Array.from({ length: 1 + chance.below(6) }, (_, number) => ({
    flags: chance.of([0, 0, MORE, COMMAND]),
    body: Buffer.concat([
      Buffer.of(number),
      noise(chance, chance.of([0, 1, 20, 60])),
      Buffer.alloc(chance.of([0, 0, 300, 3900, 4000])),
    ]),
  }))
  const heard: string[] = []
  const isPackets = chance.below(2) === 0
  const refused = isRefused(() => {
    if (isPackets) sendPackets(chance, bodies, heard)
    else sendStream(chance, bodies, heard)
  })
  // A command in the midst of a message is heard before it.
  for (const kind of ["command", "frame"]) {
    const said = bodies.map(({ flags, body }) => describe(flags & COMMAND, body))
    let next = 0
    for (const one of heard.filter((words) => words.startsWith(kind))) {
      const at = said.indexOf(one, next)
      assert.ok(at >= next, `this was never said, or not then: ${one}`)
      next = at + 1
    }
  }
  const where = isPackets ? "packets" : "stream"
  return [`${where} ${refused ? "refused" : "opened"}`, ...(heard.length > 0 ? [`${where} heard`] : [])]
}

interface Said {
  readonly flags: number
  readonly body: Buffer
}

function describe(isCommand: number, body: Uint8Array): string {
  return `${isCommand ? "command" : "frame"} ${Buffer.from(body).toString("latin1")}`
}

function sendPackets(chance: Chance, bodies: readonly Said[], heard: string[]): void {
  const packets = bodies.map(({ flags, body }) => zwsPacket(zwsFlags(flags), body))
  const seal = (by: CurveProtection): Uint8Array[] => new PacketSealer(by).seal(packets)
  const receiver = protection("server")
  const decoder = new PacketDecoder(
    {
      message: (message) => heard.push(...message.map((one) => describe(0, one))),
      command: (body) => heard.push(describe(COMMAND, body)),
    },
    limits,
  )
  decoder.refusesParts = false
  decoder.protect(packetOpener(receiver, limits))
  for (const packet of tampered(chance, seal(protection("client")), () => forgers(chance, seal))) {
    decoder.decode(Buffer.from(packet))
  }
}

function sendStream(chance: Chance, bodies: readonly Said[], heard: string[]): void {
  const frames = bodies.map(({ flags, body }) => frame(flags, body))
  const seal = (by: CurveProtection): Uint8Array[] => frames.flatMap((one) => by.sealer.seal([one]))
  const opened: Buffer[] = []
  const receiver = protection("server")
  const opener = receiver.createOpener(limits.frameBytes, (one) => void opened.push(Buffer.from(one)))
  const pieces = tampered(chance, seal(protection("client")), () => forgers(chance, seal))
  const stream = Buffer.concat(pieces)
  const longest = chance.of([3, 100, 5000])
  try {
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + chance.below(longest)
      opener.open(stream.subarray(at, end))
      at = end
    }
  } finally {
    for (const { flags, body } of framesOf(Buffer.concat(opened))) heard.push(describe(flags & COMMAND, body))
  }
}

/** Who has another key, or is the other side. */
function forgers(chance: Chance, seal: (by: CurveProtection) => Uint8Array[]): Uint8Array[] {
  return seal(chance.of([() => protection("client", otherKey), () => protection("server")])())
}
