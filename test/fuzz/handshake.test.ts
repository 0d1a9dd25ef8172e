import assert from "node:assert/strict"
import { test } from "node:test"
import { attackHandshake } from "./attack-handshake.js"
import { Chance, freshSeed } from "./chance.js"

const ENCOUNTERS = 2000

/** Shares are asked of its attacks alone: those of a fresh seed come by chance. */
const KNOWN_SEED = 1

for (const seed of [KNOWN_SEED, freshSeed()]) {
  test(`a socket survives hostile peers, whoever they pretend to be (seed ${seed})`, async () => {
    const chance = new Chance(seed)
    let shaken = 0
    let refused = 0
    let fruitful = 0
    for (let count = 0; count < ENCOUNTERS; count++) {
      const { events, received } = await attackHandshake(chance)
      if (events.includes("handshake")) shaken++
      if (events.some((event) => event.startsWith("handshake:error:protocol"))) refused++
      if (received.length > 0) fruitful++
    }
    if (seed !== KNOWN_SEED) return
    // Were all sent away, or none, or were none of them heard, the generator would have lost its teeth.
    assert.ok(shaken > ENCOUNTERS / 4, `${shaken} shook hands`)
    assert.ok(refused > ENCOUNTERS / 20, `${refused} were refused`)
    assert.ok(fruitful > ENCOUNTERS / 10, `${fruitful} were heard`)
  })
}
