// What a hostile or broken peer of ZMTP 1.0 or 2.0 might say, and what it is said.
import assert from "node:assert/strict"
import { isCompatible } from "#src/peer.js"
import { encodeOldType } from "#src/wire/greeting.js"
import { frame, MORE, oldFrame } from "../wire/zmtp-bytes.js"
import type { Chance } from "./chance.js"
import { socketTypes, type TalkingType } from "./conversations.js"
import { injure, noise } from "./streams.js"

type Framing = (flags: number, body: Uint8Array | string) => Buffer

/** A greeting or none, a routing id, messages; some of it injured. */
export function nextOldConversation(chance: Chance, own: TalkingType): Buffer {
  const revision = chance.of([undefined, undefined, 0, 1, 1])
  const framing = revision === 1 ? frame : oldFrame
  const id = framing(chance.of([0, 0, 0, 0x7e, 1]), noise(chance, chance.of([0, 0, 1, 5, 254, 255, 256])))
  const traffic = Buffer.concat(Array.from({ length: chance.below(6) }, () => nextMessage(chance, framing)))
  const opening = revision === undefined ? id : Buffer.concat([nextGreeting(chance, own, revision), id])
  switch (chance.below(8)) {
    case 0:
      return Buffer.concat([injure(chance, opening), traffic])
    case 1:
    case 2:
      return Buffer.concat([opening, injure(chance, traffic)])
    case 3:
      return Buffer.concat([opening, traffic, noise(chance, chance.below(40))])
    default:
      return Buffer.concat([opening, traffic])
  }
}

function nextGreeting(chance: Chance, own: TalkingType, revision: number): Buffer {
  const type = chance.of(socketTypes.filter((peer) => isCompatible(own, peer)))
  const number = chance.below(16) === 0 ? chance.below(256) : encodeOldType(type)
  return Buffer.concat([Buffer.from("ff00000000000000017f", "hex"), Buffer.of(revision, number)])
}

function nextMessage(chance: Chance, framing: Framing): Buffer {
  const topic = chance.of(["", "a", "ab", "b", "\0a", "\x01a", "\x01"])
  const large = Buffer.alloc(chance.of([252, 253, 254, 255, 256, 3000, 4000, 4001]), chance.below(256))
  const frames = chance.of([[topic], ["", topic], ["hop", "", topic], [topic, large], [large]])
  return Buffer.concat(frames.map((body, at) => framing(at < frames.length - 1 ? MORE : 0, body)))
}

/** How a peer is to be spoken to that has said `heard`; undefined: as one of ZMTP 3, or not at all. */
export function oldVersionOf(heard: Buffer): "1.0" | "1.0 with greeting" | "2.0" | undefined {
  if (heard.length > 0 && heard[0] !== 0xff) return "1.0"
  if (heard.length > 9 && (heard.readUInt8(9) & 1) === 0) return "1.0"
  if (heard.length <= 10) return undefined
  return heard[10] === 0 ? "1.0 with greeting" : heard[10] === 1 ? "2.0" : undefined
}

/** What we write behind the signature is what the version has, and frames alone. */
export function checkWrittenTo(
  version: "1.0" | "1.0 with greeting" | "2.0",
  bytes: Buffer,
  type: TalkingType,
): void {
  let at = 10
  if (version !== "1.0") {
    // Our version, our type, and when the peer has said its own, a routing id of no bytes.
    const opening = Buffer.concat([
      Buffer.of(3, encodeOldType(type)),
      version === "2.0" ? frame(0, "") : oldFrame(0, ""),
    ])
    const said = bytes.subarray(10, 14)
    assert.equal(said.toString("hex"), opening.toString("hex", 0, said.length))
    at = Math.min(12, bytes.length)
  }
  while (at < bytes.length) at = version === "2.0" ? endOfFrame(bytes, at) : endOfOldFrame(bytes, at)
  assert.equal(at, bytes.length, "a frame was cut")
}

function endOfFrame(bytes: Buffer, at: number): number {
  const flags = bytes.readUInt8(at)
  assert.ok(flags <= 3, "flags that 2.0 does not know")
  return flags & 2 ? at + 9 + Number(bytes.readBigUInt64BE(at + 1)) : at + 2 + bytes.readUInt8(at + 1)
}

function endOfOldFrame(bytes: Buffer, at: number): number {
  const length = bytes.readUInt8(at)
  assert.ok(length > 0, "a frame of 1.0 without a length")
  const isLong = length === 255
  assert.ok(bytes.readUInt8(at + (isLong ? 9 : 1)) <= 1, "flags that 1.0 does not know")
  return isLong ? at + 9 + Number(bytes.readBigUInt64BE(at + 1)) : at + 1 + length
}
