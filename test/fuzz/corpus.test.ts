import assert from "node:assert/strict"
import { test } from "node:test"
import { ByteChance } from "./byte-chance.js"
import { keptInputs } from "./corpus.js"
import { targets } from "./targets.js"

for (const [name, attack] of targets) {
  test(`${name}: what guided fuzzing has kept is read or refused, and nothing else`, async () => {
    const inputs = keptInputs(name)
    assert.ok(inputs.length > 0, `there is no test/fuzz/corpus/${name}.txt`)
    const classes = new Set<string>()
    for (const [at, bytes] of inputs.entries()) {
      try {
        for (const kind of await attack(new ByteChance(bytes))) classes.add(kind)
      } catch (error) {
        throw new Error(`input ${at} of ${name} fails`, { cause: error })
      }
    }
    // Inputs that are kept for what they reach do not all come to the same.
    assert.ok(classes.size > 1, `all of it comes to ${[...classes]}`)
  })
}
