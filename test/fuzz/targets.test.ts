import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance, freshSeed } from "./chance.js"
import { targets } from "./targets.js"

const KNOWN_SEED = 1
const ATTACKS = 300
/** Where an attack is a socket's whole life, or many boxes of CURVE's. */
const LONG_ATTACKS = 120
/**
 * What the attacks of a known seed come to, each kind now and then: else the generator has lost its teeth. The other
 * targets have tests of their own.
 */
const expected: Record<string, readonly string[]> = {
  packets: ["handshake", "handshake:error:protocol", "heard"],
  sealed: [
    "packets refused",
    "packets opened",
    "packets heard",
    "stream refused",
    "stream opened",
    "stream heard",
  ],
  greetings: ["1.0", "2.0", "3.x", "refused", "unfinished"],
  zap: ["question", "faulty question", "question lost", "answer", "answer refused"],
  socks: ["connected", "refused", "unfinished"],
  addresses: [
    "refused",
    "tcp to bind",
    "tcp to connect",
    "udp to bind",
    "udp to connect",
    "ws to bind",
    "ws to connect",
  ],
  options: ["taken", "refused"],
  z85: ["decoded", "refused"],
  certificates: ["read", "refused"],
}

for (const [name, classes] of Object.entries(expected)) {
  for (const seed of [KNOWN_SEED, freshSeed()]) {
    test(`${name}: any input is read or refused, and nothing else (seed ${seed})`, async () => {
      const chance = new Chance(seed)
      const attacks = name === "packets" || name === "sealed" ? LONG_ATTACKS : ATTACKS
      const counts = new Map<string, number>()
      for (let count = 0; count < attacks; count++) {
        for (const kind of (await targets.get(name)?.(chance)) ?? [])
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
      for (const kind of seed === KNOWN_SEED ? classes : []) {
        assert.ok((counts.get(kind) ?? 0) > 0, `${kind}: ${JSON.stringify([...counts])}`)
      }
    })
  }
}
