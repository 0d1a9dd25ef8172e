import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance, freshSeed } from "./chance.js"
import { targets } from "./targets.js"

const ATTACKS = 400
/** Where one attack is a whole life of a socket. */
const LONG_ATTACKS = 150
/** What each has to come to now and then: else its generator has lost its teeth. The others have tests of their own. */
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
  for (const seed of [1, freshSeed()]) {
    test(`${name}: any input is read or refused, and nothing else (seed ${seed})`, async () => {
      const chance = new Chance(seed)
      const attacks = name === "packets" ? LONG_ATTACKS : ATTACKS
      const counts = new Map<string, number>()
      for (let count = 0; count < attacks; count++) {
        for (const kind of (await targets.get(name)?.(chance)) ?? [])
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
      for (const kind of classes) {
        assert.ok((counts.get(kind) ?? 0) >= attacks / 300, `${kind}: ${JSON.stringify([...counts])}`)
      }
    })
  }
}
