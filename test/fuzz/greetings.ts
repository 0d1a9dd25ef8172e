// Greetings of all versions, in pieces.
import assert from "node:assert/strict"
import { ProtocolError } from "#src/errors.js"
import {
  decodeGreeting,
  encodeGreeting,
  GREETING_SIZE,
  tellable,
  type Version,
  versionOf,
} from "#src/wire/greeting.js"
import type { Chance } from "./chance.js"
import { injure, noise } from "./streams.js"

function nextGreeting(chance: Chance): Buffer {
  switch (chance.below(6)) {
    case 0:
      return noise(chance, GREETING_SIZE)
    case 1: {
      // The routing id of ZMTP 1.0, short and long.
      const id = noise(chance, chance.below(255))
      return Buffer.concat([Buffer.of(id.length + 1, chance.of([0, 0x7e, 1])), id])
    }
    case 2: {
      const head = Buffer.alloc(10)
      head[0] = 0xff
      head.writeUInt16BE(chance.of([0, 1, 255, 256, 257]), 7)
      return head
    }
    case 3:
      return Buffer.concat([
        encodeGreeting("NULL").subarray(0, 10),
        Buffer.of(chance.below(4), chance.below(13)),
      ])
    default:
      return Buffer.from(
        encodeGreeting(chance.of(["NULL", "PLAIN", "CURVE", "", "A".repeat(20)]), chance.below(256)),
      )
  }
}

/** What the bytes are; "refused" where they cannot begin a connection. */
function judge(bytes: Buffer): Version | "refused" | undefined {
  try {
    return versionOf(bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return "refused"
    throw error
  }
}

/** Throws unless a verdict stands, however the bytes come, and what we greet with is read as it was meant. */
export function attackGreetings(chance: Chance): string[] {
  const mechanism = chance.of(["NULL", "PLAIN", "CURVE", "A".repeat(20)])
  const own = encodeGreeting(mechanism, chance.below(256), chance.below(2) === 0)
  assert.deepEqual(decodeGreeting(own), { major: 3, minor: 1, mechanism })
  const whole = nextGreeting(chance)
  const greeting = chance.below(2) === 0 ? injure(chance, whole) : whole
  let verdict: ReturnType<typeof judge>
  let told = 0
  for (let heard = 0; heard <= greeting.length; heard++) {
    const now = judge(greeting.subarray(0, heard))
    if (verdict !== undefined) assert.equal(now, verdict, "more bytes make another greeting")
    verdict = now
    const due = tellable(greeting.subarray(0, heard))
    assert.ok(due >= told && due <= GREETING_SIZE)
    told = due
  }
  if (verdict === "3.x" && greeting.length >= GREETING_SIZE) {
    assert.ok(decodeGreeting(greeting).mechanism.length <= 20)
  }
  return [verdict ?? "unfinished"]
}
