import assert from "node:assert/strict"
import { test } from "node:test"
import { attack } from "./attack.js"
import { Chance, freshSeed } from "./chance.js"

const STREAMS = 3000

for (const seed of [1, freshSeed()]) {
  test(`hostile streams are decoded or refused, and nothing else (seed ${seed})`, () => {
    const chance = new Chance(seed)
    let refused = 0
    let fruitful = 0
    for (let count = 0; count < STREAMS; count++) {
      const outcome = attack(chance)
      if (outcome.refused) refused++
      if (outcome.decoded !== "") fruitful++
    }
    // Were all streams refused at once, or none, the generator would have lost its teeth.
    assert.ok(refused > STREAMS / 10 && refused < STREAMS * 0.9, `${refused} refused`)
    assert.ok(fruitful > STREAMS / 4, `${fruitful} decoded`)
  })
}
