import assert from "node:assert/strict"
import { test } from "node:test"
import { churn } from "./churn.js"

test("threads that come and go leave no peers behind (npm run test:threads has more of them)", async () => {
  const { left, received } = await churn(40)
  assert.equal(left, 0)
  assert.ok(received > 0)
})
