// Short forms of what `npm run test:flood` does at full strength.
import assert from "node:assert/strict"
import { test } from "node:test"
import { type Flood, type FloodResult, flood } from "./flood.js"

const small = { maxHandshakes: 50, maxMessageFrames: 5000, maxSubscriptions: 5000, sendHighWaterMark: 100 }
const floods: readonly (Omit<Flood, "milliseconds"> & { readonly tells: string | undefined })[] = [
  { attack: "silence", connections: 150, tells: "handshake:error:other ENOBUFS" },
  { attack: "half-a-greeting", connections: 150, tells: "handshake:error:other ENOBUFS" },
  { attack: "trickle", connections: 150, tells: "handshake:error:other ENOBUFS" },
  { attack: "half-a-command", connections: 150, tells: "handshake:error:other ENOBUFS" },
  { attack: "too-large-a-frame", connections: 20, tells: "disconnect EMSGSIZE" },
  { attack: "an-announcement", connections: 150, tells: undefined },
  { attack: "endless-message", connections: 5, tells: "disconnect EMSGSIZE" },
  { attack: "endless-subscriptions", connections: 2, tells: "disconnect ENOBUFS" },
  { attack: "come-and-go", connections: 20, tells: "disconnect" },
  { attack: "unread-replies", connections: 10, tells: undefined },
  { attack: "unread-publications", connections: 10, tells: undefined },
]

for (const { tells, ...one } of floods) {
  test(`honest peers are served while others attack: ${one.attack}`, { timeout: 120_000 }, async () => {
    const result: FloodResult = await flood({ ...one, limits: small, milliseconds: 1500 })
    assert.ok(result.newcomers > 0, "no newcomer was served")
    assert.ok(result.risen <= result.bound, `memory rose by ${result.risen}, not ${result.bound} at most`)
    if (tells !== undefined) {
      assert.ok(
        Object.keys(result.seen).some((name) => name.startsWith(tells)),
        JSON.stringify(result.seen),
      )
    }
  })
}
