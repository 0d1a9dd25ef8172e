import assert from "node:assert/strict"
import { test } from "node:test"
import { startNode } from "./process.js"

test("the demo plays every pattern, sees every message and says so", async () => {
  await using demo = startNode(new URL("../../examples/demo.js", import.meta.url))
  await demo.success()

  for (const heading of ["Request-reply", "Publish-subscribe", "Push-pull", "Pair", "Router-dealer"]) {
    assert.ok(
      demo.lines.some((line) => line.startsWith(`${heading} (`)),
      heading,
    )
  }
  const summaries = demo.lines.filter((line) => line.startsWith("ok: "))
  assert.equal(summaries[0], "ok: 5 requests, 5 replies")
  assert.match(
    summaries[1] ?? "",
    /^ok: 6 messages of the 2 topics asked for, none of the \d+ about the weather$/,
  )
  assert.equal(summaries[2], "ok: 9 tasks, 3 + 3 + 3 for 3 workers, 9 reports")
  assert.equal(summaries[3], "ok: 3 messages one way, their sum the other way")
  assert.equal(summaries[4], "ok: 6 requests, 6 answers to 3 dealers, the quick ones first")
  assert.equal(summaries.length, 5)
  assert.equal(demo.lines.at(-1), "All patterns ok.")
  // Piped output carries no colours, and every line names its speaker.
  assert.ok(!demo.lines.some((line) => line.includes("\u001b")))
  assert.ok(demo.lines.includes("    client | Received reply: World from Hello 4"))
})
