// All that a hostile or broken peer might say from its first byte on: greeting, handshake, traffic, and injuries.
import { isCompatible, type SocketType } from "#src/peer.js"

import { command, error, frame, greeting, MORE, message, ping, properties } from "../wire/zmtp-bytes.js"
import type { Chance } from "./chance.js"
import { injure, noise, wellFormed } from "./streams.js"

/** The types that speak ZMTP. */
export type TalkingType = Exclude<SocketType, "STREAM" | "DGRAM">

export const socketTypes: readonly TalkingType[] = [
  "PAIR",
  "PUB",
  "SUB",
  "REQ",
  "REP",
  "DEALER",
  "ROUTER",
  "PULL",
  "PUSH",
  "XPUB",
  "XSUB",
  "SERVER",
  "CLIENT",
  "RADIO",
  "DISH",
  "GATHER",
  "SCATTER",
  "PEER",
  "CHANNEL",
]

/** What a peer of a socket of type `own` sends. */
export function nextConversation(chance: Chance, own: TalkingType): Buffer {
  const kind = chance.below(16)
  if (kind === 0) return noise(chance, chance.below(200))
  const opening = nextGreeting(chance)
  if (kind === 1) return Buffer.concat([opening, noise(chance, chance.below(100))])
  const handshake = nextHandshake(chance, own)
  const traffic = Array.from({ length: chance.below(6) }, () => nextTraffic(chance))
  switch (kind) {
    case 2:
      return injure(chance, Buffer.concat([opening, handshake, ...traffic]))
    case 3:
    case 4:
      return Buffer.concat([opening, injure(chance, handshake), ...traffic])
    case 5:
    case 6:
    case 7:
      return Buffer.concat([opening, handshake, injure(chance, Buffer.concat(traffic))])
    default:
      return Buffer.concat([opening, handshake, ...traffic])
  }
}

function nextGreeting(chance: Chance): Buffer {
  if (chance.below(8) > 0) return greeting({ minor: chance.below(2) })
  const odd = greeting({
    major: chance.of([0, 1, 2, 3, 3, 4, 255]),
    minor: chance.below(256),
    mechanism: chance.of(["NULL", "NULL", "PLAIN", "CURVE", "", "NULLX", "x".repeat(20)]),
    asServer: chance.below(2),
    filler: chance.of([0, 0xff]),
  })
  return chance.below(2) === 0 ? odd : injure(chance, odd)
}

/** What comes behind its greeting. */
export function nextHandshake(chance: Chance, own: TalkingType): Buffer {
  const fitting = socketTypes.filter((type) => isCompatible(own, type))
  const socketType =
    chance.below(16) === 0 ? chance.of(["", "PUL", "STREAM", ...socketTypes]) : chance.of(fitting)
  switch (chance.below(24)) {
    case 0:
      return error(chance.of(["", "400", "300", "no", "999", "x".repeat(255)]))
    case 1:
      return command("READY")
    case 2:
      return nextTraffic(chance)
    case 3:
      return Buffer.concat([command("READY", properties(["Socket-Type", socketType])), error("400")])
    default: {
      const pairs: [string, Uint8Array | string][] = [["Socket-Type", socketType]]
      if (chance.below(2) === 0) pairs.push(["Identity", noise(chance, chance.of([0, 1, 5, 255, 256]))])
      if (chance.below(4) === 0)
        pairs.push([chance.of(["X-Any", "x", "identity"]), noise(chance, chance.below(300))])
      if (chance.below(8) === 0) pairs.reverse()
      return command("READY", properties(...pairs))
    }
  }
}

/** A message, a command, or more of both, in good order. */
export function nextTraffic(chance: Chance): Buffer {
  const topic = chance.of(["", "a", "ab", "abc", "b", "\0", "\x01"])
  switch (chance.below(14)) {
    case 0:
      return command("SUBSCRIBE", topic)
    case 1:
      return command("CANCEL", topic)
    case 2:
      return message(`\x01${topic}`)
    case 3:
      return message(`\0${topic}`)
    case 4:
      return ping(chance.below(3), topic)
    case 5:
      return message("", topic)
    case 6:
      return message("hop", "", topic)
    case 7:
      return message(topic, "body")
    case 8:
      return Buffer.concat([frame(MORE, topic), ping(0), frame(0, topic)])
    case 9:
      return error("in the middle")
    case 10:
      return command(
        chance.of(["JOIN", "LEAVE"]),
        chance.of([topic, topic, "x".repeat(255), "x".repeat(256)]),
      )
    case 11:
      return message(chance.of([topic, "x".repeat(255), "x".repeat(256)]), "body")
    default:
      return wellFormed(chance)
  }
}
