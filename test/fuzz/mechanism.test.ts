import assert from "node:assert/strict"
import { test } from "node:test"
import { attackMechanism } from "./attack-mechanism.js"
import { Chance, freshSeed } from "./chance.js"
import { packets, stream } from "./media.js"
import { roles } from "./true-talks.js"

const ENCOUNTERS = 2000

/** Shares are asked of its attacks alone: those of a fresh seed come by chance. */
const KNOWN_SEED = 1

for (const [name, medium] of Object.entries({ ZMTP: stream, ZWS: packets })) {
  for (const seed of [KNOWN_SEED, freshSeed()]) {
    test(`a socket with a mechanism survives, over ${name}, peers that take honest talks apart (seed ${seed})`, async () => {
      const chance = new Chance(seed)
      const counts = new Map<string, number>()
      for (let count = 0; count < ENCOUNTERS; count++) {
        for (const name of await attackMechanism(chance, medium))
          counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      if (seed !== KNOWN_SEED) return
      // Were all sent away, or none, or none heard in some role, the generator would have lost its teeth.
      for (const role of roles) {
        assert.ok(
          (counts.get(`${role} heard`) ?? 0) > ENCOUNTERS / 150,
          `${role}: ${JSON.stringify([...counts])}`,
        )
      }
      assert.ok((counts.get("handshake:error:protocol") ?? 0) > ENCOUNTERS / 10)
      assert.ok((counts.get("handshake:error:auth") ?? 0) > ENCOUNTERS / 60)
    })
  }
}
