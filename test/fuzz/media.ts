// What a talk between a socket and a test goes over: the stream of ZMTP, or the packets of ZWS.
import assert from "node:assert/strict"
import { PacketSealer } from "#src/link/packet-protection.js"
import type { CryptoLoader } from "#src/security/crypto/loader.js"
import type { Protection } from "#src/security/mechanism.js"
import { GREETING_SIZE } from "#src/wire/greeting.js"
import { selectSubprotocol } from "#src/wire/zws.js"
import { COMMAND, frame, greeting } from "../wire/zmtp-bytes.js"
import { ZWS_COMMAND, zwsFlags, zwsPacket } from "../wire/zws-bytes.js"
import type { Chance } from "./chance.js"
import { framesOf } from "./frames.js"
import { PacketPlatform, SimulatedPacketConn } from "./packet-simulation.js"
import { SimulatedConn, SimulatedPlatform } from "./simulation.js"

/** The other end of a socket's connection. */
export interface Line {
  readonly closing: boolean
  readonly closed: boolean
  /** The connection ends, for `error` or in order. */
  close(error: Error | undefined): void
  /** Hands over as many bytes as the socket takes; how many those were. */
  deliver(bytes: Buffer): number
  /** The bodies of the commands that the socket has sent, of which the first were in the clear. */
  readonly commands: readonly Buffer[]
}

export interface Medium {
  readonly address: string
  createPlatform(cryptography: CryptoLoader | undefined): SimulatedPlatform
  /** Brings the socket that waits for one its connection, which speaks of `mechanism`; see SimulatedConn for `chance`. */
  meet(platform: SimulatedPlatform, mechanism: string, chance: Chance | undefined): Line
  /** What is said before the first command. */
  opening(mechanism: string): readonly Buffer[]
  /** A frame in the clear. */
  write(flags: number, body: Uint8Array | string): Buffer
  /** Another body behind the header of a command. */
  recommand(piece: Buffer, change: (body: Buffer) => Buffer): Buffer
  /** Hides what `write` gave. */
  seal(protection: Protection, written: Buffer): Uint8Array[]
  /** How what is said arrives, up to so many bytes at a time where the medium allows it. */
  portions(pieces: readonly Buffer[], most: number, chance: Chance): Iterable<Buffer>
}

export const stream: Medium = {
  address: "tcp://127.0.0.1:1",
  createPlatform: (cryptography) => new SimulatedPlatform(cryptography),
  meet: (platform, _mechanism, chance) => {
    const line = new StreamLine(platform, chance)
    if (platform.accept === undefined) platform.wanted.shift()?.opened(line)
    else platform.accept(line)
    return line
  },
  opening: (mechanism) => [greeting({ mechanism })],
  write: frame,
  // Of a short command's header, which may so be right for what its body is now.
  recommand: (piece, change) => frame(COMMAND, change(piece.subarray(2))),
  seal: (protection, written) => protection.sealer.seal([written]),
  *portions(pieces, most, chance) {
    const bytes = Buffer.concat(pieces)
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + chance.below(most)
      yield bytes.subarray(at, end)
      at = end
    }
  },
}

export const packets: Medium = {
  address: "ws://127.0.0.1:1",
  createPlatform: (cryptography) => new PacketPlatform(cryptography),
  meet: (platform, mechanism, chance) => {
    const line = new PacketLine(platform, true, chance)
    const terms = (platform as PacketPlatform).meet?.(line) ?? assert.fail("nobody is waited for")
    const chosen = selectSubprotocol(`ZWS2.0/${mechanism}`, terms.subprotocols)
    line.handler.upgraded(chosen ?? assert.fail(`${mechanism} is not spoken here`))
    return line
  },
  opening: () => [],
  write: (flags, body) => zwsPacket(zwsFlags(flags), body),
  recommand: (piece, change) => zwsPacket(ZWS_COMMAND, change(piece.subarray(1))),
  seal: (protection, written) => new PacketSealer(protection).seal([written]),
  portions: (pieces) => pieces,
}

class StreamLine extends SimulatedConn implements Line {
  get commands(): readonly Buffer[] {
    return framesOf(Buffer.concat(this.written).subarray(GREETING_SIZE)).map(({ body }) => body)
  }
}

class PacketLine extends SimulatedPacketConn implements Line {
  deliver(bytes: Buffer): number {
    if (this.closing || this.paused) return 0
    this.handler.packet(Buffer.from(bytes))
    return bytes.length
  }

  get commands(): readonly Buffer[] {
    return this.written.filter((one) => one[0] === ZWS_COMMAND).map((one) => one.subarray(1))
  }
}
