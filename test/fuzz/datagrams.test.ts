import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance, freshSeed } from "./chance.js"
import { attackWithDatagrams } from "./datagrams.js"

const ATTACKS = 3000

/** Shares are asked of its attacks alone: those of a fresh seed come by chance. */
const KNOWN_SEED = 1

for (const seed of [KNOWN_SEED, freshSeed()]) {
  test(`hostile datagrams are delivered or dropped, and nothing else (seed ${seed})`, () => {
    const chance = new Chance(seed)
    let delivered = 0
    let dropped = 0
    for (let count = 0; count < ATTACKS; count++) {
      const outcome = attackWithDatagrams(chance)
      delivered += outcome.delivered
      dropped += outcome.dropped
    }
    if (seed !== KNOWN_SEED) return
    // Were all dropped, or none, the generator would have lost its teeth.
    assert.ok(delivered > ATTACKS, `${delivered} delivered`)
    assert.ok(dropped > ATTACKS / 2, `${dropped} dropped`)
  })
}
