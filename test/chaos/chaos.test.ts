// A part of the matrix that needs no root and takes a few seconds; all of it is `npm run test:chaos`.
import assert from "node:assert/strict"
import { test } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"
import { faults } from "./faults.js"
import { cellsOf, nameOf, pairings, playAll } from "./matrix.js"

const SEED = 1
/** Cells that are played at the same time. */
const AT_ONCE = 4

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

/** Fails with all that went wrong in the cells of some faults. */
async function strike(names: readonly string[], pairs: typeof pairings): Promise<void> {
  const some = faults.filter(({ name }) => names.includes(name))
  assert.equal(some.length, names.length)
  const rows = await playAll(cellsOf(some, pairs, SEED), AT_ONCE)
  const wrong = rows.flatMap(({ plan, outcome }) =>
    outcome.violations.map((text) => `${nameOf(plan)}: ${text}`),
  )
  assert.deepEqual(wrong, [])
  for (const { plan, outcome } of rows) {
    const ends = plan.fault.loses === "connection"
    assert.equal(outcome.reconnects > 0, ends, `${nameOf(plan)}: connected anew ${outcome.reconnects} times`)
  }
}

test("promises are kept through resets, half-open connections and killed processes", async () => {
  await strike(["cut by RST", "half-open", "SIGKILL of who binds"], pairings.slice(0, 1))
})

test("promises are kept with libzmq on either side through resets", { skip }, async () => {
  await strike(["cut by RST"], pairings.slice(1))
})
