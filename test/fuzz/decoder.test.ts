import assert from "node:assert/strict"
import { test } from "node:test"
import { attack } from "./attack.js"
import { Chance, freshSeed } from "./chance.js"

const STREAMS = 3000

/** Shares are asked of its attacks alone: those of a fresh seed come by chance. */
const KNOWN_SEED = 1

for (const seed of [KNOWN_SEED, freshSeed()]) {
  test(`hostile streams are decoded or refused, and nothing else (seed ${seed})`, () => {
    const chance = new Chance(seed)
    let refused = 0
    let fruitful = 0
    for (let count = 0; count < STREAMS; count++) {
      const outcome = attack(chance)
      if (outcome.refused) refused++
      if (outcome.decoded !== "") fruitful++
    }
    if (seed !== KNOWN_SEED) return
    // Were all streams refused at once, or none, the generator would have lost its teeth.
    assert.ok(refused > STREAMS / 10 && refused < STREAMS * 0.9, `${refused} refused`)
    assert.ok(fruitful > STREAMS / 4, `${fruitful} decoded`)
  })
}
