// The suite of this folder on each runtime that the machine has.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { pageBugs, playInBrowser } from "./browser.js"
import { complaintOf, findRuntimes, playOn } from "./runtimes.js"

const required = process.env.PUREMQ_PEERS === "required"

describe("runtimes", { concurrency: 3 }, () => {
  for (const runtime of findRuntimes()) {
    if ("missing" in runtime) {
      test(`on ${runtime.name}`, { skip: !required && `Without ${runtime.name}: ${runtime.missing}` }, () =>
        assert.fail(runtime.missing),
      )
      continue
    }
    test(`on ${runtime.name} (${runtime.version})`, async (t) => {
      const outcomes = await playOn(runtime)
      for (const { name, skipped } of outcomes) if (skipped) t.diagnostic(`${name}: ${skipped}`)
      assert.ok(outcomes.length > 30, `${outcomes.length} checks`)
      assert.deepEqual(
        outcomes.flatMap((outcome) => complaintOf(runtime, outcome) ?? []),
        [],
      )
    })
  }

  test("on a page in Chromium", async (t) => {
    const played = await playInBrowser()
    if ("missing" in played) {
      if (required) assert.fail(played.missing)
      t.skip(played.missing)
      return
    }
    t.diagnostic(`Chromium ${played.version}`)
    for (const { name, skipped } of played.outcomes) if (skipped) t.diagnostic(`${name}: ${skipped}`)
    assert.ok(played.outcomes.length > 10, `${played.outcomes.length} checks`)
    assert.deepEqual(
      played.outcomes.flatMap((outcome) => complaintOf({ bugs: pageBugs }, outcome) ?? []),
      [],
    )
  })
})
