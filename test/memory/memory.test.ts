// Short forms of what `npm run test:memory` does at length.
import assert from "node:assert/strict"
import { test } from "node:test"
import { LARGEST_CHUNK } from "#src/wire/chunk-plan.js"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq } from "../suites/library.js"
import { keep } from "./kept.js"
import { publish, route } from "./neighbours.js"
import { publishProxied, routeProxied, streamProxied } from "./proxied.js"
import { stall } from "./stalled.js"

const milliseconds = 100
/** What a collector may leave for later in so short a time. */
const ALLOWED_RISE = 8 << 20
const windows = process.platform === "win32"

const zeromq = loadZeromq()
const missing = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

for (const transport of ["tcp", "ipc", "ws"] as const) {
  const skip = windows && transport === "ipc" && "Windows has no ipc://*"
  for (const reader of [puremq, zeromq]) {
    if (typeof reader === "string") {
      test(`a PULL of zeromq stalls over ${transport}`, missing, () => {})
      continue
    }
    test(`a PULL of ${reader.name} that stalls over ${transport} bounds what PUSH takes`, {
      skip,
    }, async () => {
      const { accepted, risen } = await stall({
        transport,
        size: 4096,
        mark: 10,
        milliseconds,
        reader,
      })
      assert.ok(accepted > 10, `${accepted} were taken, less than the mark`)
      assert.ok(risen <= ALLOWED_RISE, `memory rose by ${risen} bytes while nothing moved`)
    })
  }

  const plan = { transport, size: 65_536, mark: 10, milliseconds }
  const kinds = {
    "SUB of a PUB": publish,
    "DEALER of a ROUTER": (neighbours: typeof plan) => route(neighbours, false),
    "DEALER of a mandatory ROUTER": (neighbours: typeof plan) => route(neighbours, true),
  }
  for (const [name, play] of Object.entries(kinds)) {
    test(`one ${name} stalls over ${transport}, the other one gets all`, { skip }, async () => {
      const { kept, bound, sent, risen } = await play(plan)
      assert.ok(kept <= bound && kept < sent, `${kept} of ${sent} were kept, not ${bound} at most`)
      assert.ok(risen <= ALLOWED_RISE, `memory rose by ${risen} bytes`)
    })
  }
}

const devices = { queue: routeProxied, streamer: streamProxied, forwarder: publishProxied }
for (const [name, play] of Object.entries(devices)) {
  test(`a ${name} with a slow side loses nothing and holds no more than its marks allow`, async () => {
    const { received, risen } = await play({ count: 50_000, mark: 100 })
    assert.equal(received, 50_000)
    assert.ok(risen <= ALLOWED_RISE, `memory rose by ${risen} bytes`)
  })
}

test("frames that a user keeps hold no more than a chunk each", async () => {
  const { kept, each } = await keep(200, 50e6, [64, 1024, 65_536])
  assert.equal(kept, 200)
  assert.ok(each <= 1.1 * LARGEST_CHUNK, `${Math.round(each)} bytes for each`)
})
