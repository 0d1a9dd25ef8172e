import assert from "node:assert/strict"
import { test } from "node:test"
import { attackWebSocket } from "./attack-web-socket.js"
import { Chance, freshSeed } from "./chance.js"

const ROUNDS = 200

/** Shares are asked of its attacks alone: those of a fresh seed come by chance. */
const KNOWN_SEED = 1

for (const seed of [KNOWN_SEED, freshSeed()]) {
  test(`a socket over ws survives peers that go wrong anywhere (seed ${seed})`, async () => {
    const events = await attackWebSocket(new Chance(seed), ROUNDS)
    const count = (type: string): number => events.filter((event) => event === type).length
    // Nobody is told of twice, and the honest peer has come once.
    assert.equal(count("honest"), 1)
    assert.equal(count("accept"), ROUNDS + 1)
    assert.ok(count("disconnect") >= ROUNDS, `${count("disconnect")} disconnects`)
    if (seed !== KNOWN_SEED) return
    // Were all sent away, or none, the generator would have lost its teeth.
    assert.ok(count("handshake") > ROUNDS / 10, `${count("handshake")} shook hands`)
    assert.ok(count("handshake:error:protocol") > ROUNDS / 10, "too few were refused")
  })
}
