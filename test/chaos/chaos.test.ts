// A part of the matrix that needs no root and takes a few seconds; all of it is `npm run test:chaos`.
import assert from "node:assert/strict"
import { test } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"
import { faults } from "./faults.js"
import { nameOf, pairings, playAll, roundsOf } from "./matrix.js"
import type { PatternName } from "./protocol.js"

const SEED = 1
/** Rounds that are played at the same time. */
const AT_ONCE = 4

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

type Some = readonly [fault: string, ...patterns: PatternName[]]

/** Fails with all that went wrong in some rounds. */
async function strike(pairs: typeof pairings, ...some: readonly Some[]): Promise<void> {
  const plans = some.flatMap(([fault, ...patterns]) =>
    roundsOf(
      faults.filter(({ name }) => name === fault),
      pairs,
      SEED,
    ).filter(({ pattern }) => patterns.includes(pattern)),
  )
  assert.equal(plans.length, pairs.length * some.reduce((total, { length }) => total + length - 1, 0))
  const rows = await playAll(plans, AT_ONCE)
  const wrong = rows.flatMap(({ plan, outcome }) =>
    outcome.violations.map((text) => `${nameOf(plan)}: ${text}`),
  )
  assert.deepEqual(wrong, [])
  for (const { plan, outcome } of rows) {
    assert.ok(outcome.reconnects + outcome.retries > 0, `${nameOf(plan)} felt nothing`)
  }
}

test("promises are kept through half-open connections, resets and killed processes", async () => {
  await strike(
    pairings.slice(0, 1),
    ["half-open", "publish"],
    ["cut by RST", "dealer", "request"],
    ["SIGKILL of who binds", "push"],
  )
})

test("promises are kept with libzmq on either side through resets", { skip }, async () => {
  await strike(pairings.slice(1), ["cut by RST", "push"])
})
