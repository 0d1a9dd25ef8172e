// What top counts, and how it bounds what it remembers.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Tally } from "#src/cli/tally.js"

const { signal } = new AbortController()
const message = (topic: string): Buffer[] => [Buffer.from(topic), Buffer.alloc(9)]

test("messages and bytes are counted by endpoint and topic, the busiest first", async () => {
  const tally = new Tally(String)
  for (const topic of ["a", "b", "b"]) tally.add("one", message(topic))
  tally.add("two", message("a"))
  tally.add("two", message("a"))
  tally.add("two", message("a"))
  const { rows, messagesPerSecond, bytesPerSecond } = await tally.after(10, signal)
  assert.deepEqual(
    rows.map(({ endpoint, topic, messages }) => [endpoint, topic, messages]),
    [
      ["two", "a", 3],
      ["one", "b", 2],
      ["one", "a", 1],
    ],
  )
  assert.ok(Math.abs(bytesPerSecond / messagesPerSecond - 10) < 1e-9)
  const again = await tally.after(10, signal)
  assert.deepEqual([again.messagesPerSecond, again.bytesPerSecond], [0, 0])
  assert.equal(again.rows[0]?.messages, 3)
})

test("topics beyond ten thousand are counted together", async () => {
  const tally = new Tally(String)
  for (let topic = 0; topic < 20_000; topic++) tally.add("one", message(`${topic}`))
  tally.add("two", message("new"))
  const { rows } = await tally.after(1, signal)
  assert.equal(rows.length, 10_002)
  assert.deepEqual(
    rows.slice(0, 1).map(({ topic, messages }) => [topic, messages]),
    [["(others)", 10_000]],
  )
})
