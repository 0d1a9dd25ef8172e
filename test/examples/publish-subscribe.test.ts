// Clone, Espresso, the last-value cache and the Suicidal Snail.
import assert from "node:assert/strict"
import { test } from "node:test"
import { anyPort, endpointsOf, example } from "./programs.js"

const anyPorts = [anyPort, anyPort, anyPort].join(",")

test("clone gives who comes late all that was changed, and the changes to come", async () => {
  await using server = example("clone/server", anyPorts)
  const addresses = (await endpointsOf(server)).join(",")
  await using anna = example("clone/replica", addresses, "--", "one=1", "two=2", "two=", "one=4")
  await anna.line(/^4: one=4$/)
  await using ben = example("clone/replica", addresses, "--", "five=5")
  for (const replica of [anna, ben]) await replica.line(/^5: five=5$/)
  assert.deepEqual(ben.lines, ["4: one=4", "5: five=5"])
  assert.deepEqual(anna.lines.slice(-2), ["4: one=4", "5: five=5"])
})

test("clone's backup serves on when the server is killed, and its clients go on with it", async () => {
  await using primary = example("clone/server", anyPorts)
  const first = (await endpointsOf(primary)).join(",")
  await using backup = example("clone/server", anyPorts, first)
  const second = (await endpointsOf(backup)).join(",")
  await using anna = example("clone/replica", first, second, "--", "one=1")
  await anna.line(/^1: one=1$/)
  await primary.kill()
  await backup.line(/silent, serving on with 1 entries$/)
  await anna.line(/^Clone hears nothing/)
  // Its number goes on from the other server's.
  await using ben = example("clone/replica", first, second, "--", "two=2")
  for (const replica of [anna, ben]) await replica.line(/^2: two=2$/)
  assert.equal(ben.lines.includes("1: one=1"), true)

  // The first comes back as backup of the second.
  await using returned = example("clone/server", first, second)
  await endpointsOf(returned)
  await using cleo = example("clone/replica", second, first, "--", "three=3")
  await cleo.line(/^3: three=3$/)
  await backup.kill()
  await returned.line(/silent, serving on with 3 entries$/)
})

test("espresso hears messages and subscriptions that go through the proxy", async () => {
  await using espresso = example("espresso/main", "6")
  await espresso.success()
  const of = (start: string): string[] => espresso.lines.filter((line) => line.startsWith(start))
  assert.equal(of("Received ").length, 6)
  assert.ok(of("Received ").every((line) => /^Received [AB]-\d+$/.test(line)))
  for (const topic of ["A", "B"]) {
    assert.ok(espresso.lines.includes(`Overheard: somebody subscribes to ${topic}`))
    assert.ok(espresso.lines.includes(`Overheard: somebody leaves ${topic}`))
  }
  for (const line of of("Received "))
    assert.ok(espresso.lines.includes(line.replace("Received", "Overheard:")))
})

test("a last-value cache gives who comes late the last value of its topic, the publisher gone", async () => {
  await using cache = example("last-value-cache/cache", anyPort, anyPort)
  const [subscribers = "", publishers = ""] = await endpointsOf(cache)
  await using publisher = example("last-value-cache/publisher", publishers, "500")
  await publisher.success()
  const heard = (i: number): RegExp => new RegExp(`^Received from topic 'topic-${i}': Value ${i}$`)
  await using first = example("subscriber", subscribers, "1", "topic-123")
  await first.success()
  await first.line(heard(123))
  // Of a topic that somebody else has already; and one who asks for many by their beginning.
  await using stays = example("subscriber", subscribers, "1000", "topic-321")
  await stays.line(heard(321))
  await using second = example("subscriber", subscribers, "1", "topic-321")
  await second.success()
  await using many = example("subscriber", subscribers, "100", "topic-4")
  await many.success()
  await many.line(heard(499))
})

test("a snail that cannot keep up gives up, one that can goes on", async () => {
  await using publisher = example("suicidal-snail/publisher", anyPort, "1")
  const [address = ""] = await endpointsOf(publisher)
  await using quick = example("suicidal-snail/subscriber", address, "0", "60000")
  await using slow = example("suicidal-snail/subscriber", address, "50", "500")
  assert.equal(await slow.exit(), 1)
  assert.match(slow.complaints, /^\d+ ms behind, giving up/)
  const before = quick.lines.length
  await quick.line(/ms behind$/, before + 10)
})
