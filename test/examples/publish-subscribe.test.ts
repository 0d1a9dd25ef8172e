// Clone, Espresso, the last-value cache and the Suicidal Snail.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { CloneClient } from "../../examples/clone/client.js"
import { ALIVE, END, type Entry, toFrames } from "../../examples/clone/protocol.js"
import { within } from "../suites/deadline.js"
import { anyPort, endpointsOf, example } from "./programs.js"

// On a busy machine a server that is alive must not seem to be silent.
process.env.HEARTBEAT_INTERVAL = "500"

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
  await backup.line(/^Backs up 1: one=1$/)
  await primary.kill()
  await backup.line(/silent, serving on with 1 entries$/)
  await anna.line(/^Clone hears nothing/)
  // Its number goes on from the other server's.
  await using ben = example("clone/replica", first, second, "--", "two=2")
  for (const replica of [anna, ben]) await replica.line(/^2: two=2$/)
  assert.equal(ben.lines.includes("1: one=1"), true)

  // The first comes back as backup of the second.
  await using returned = example("clone/server", first, second)
  await using cleo = example("clone/replica", second, first, "--", "three=3")
  await cleo.line(/^3: three=3$/)
  await returned.line(/^Backs up 3: three=3$/)
  await backup.kill()
  await returned.line(/silent, serving on with 3 entries$/)
})

test("clone's backup numbers on from the last change, also where that took a key away", async () => {
  await using primary = example("clone/server", anyPorts)
  const first = (await endpointsOf(primary)).join(",")
  await using anna = example("clone/replica", first, "--", "gone=1", "one=2")
  await anna.line(/^2: one=2$/)
  await using _ben = example("clone/replica", first, "--", "gone=")
  await anna.line(/^3: gone=$/)
  await using backup = example("clone/server", anyPorts, first)
  const second = (await endpointsOf(backup)).join(",")
  await backup.line(/^Backs up 2: one=2$/)
  await primary.kill()
  await backup.line(/silent, serving on with 1 entries$/)
  await using cleo = example("clone/replica", second, "--", "four=4")
  await cleo.line(/^4: four=4$/)
  assert.equal(
    cleo.lines.some((line) => line.includes("gone")),
    false,
  )
})

test("a clone's client that missed a change takes another snapshot", async () => {
  using snapshots = new zmq.Router()
  using updates = new zmq.XPublisher({ verbosity: "allSubs", linger: 0 })
  using changes = new zmq.Pull()
  for (const socket of [snapshots, updates, changes]) await socket.bind(anyPort)
  const addresses = [snapshots, updates, changes].map((socket) => socket.lastEndpoint).join(",")
  using client = new CloneClient([addresses])
  const entries = client.updates()

  const alive = updates.send.bind(updates, toFrames({ key: ALIVE, sequence: 0, value: "" }))
  const giveSnapshot = async (...wanted: Entry[]): Promise<void> => {
    // Both subscriptions, then a sign of life, then the client asks.
    for (let i = 0; i < 2; i++) await within(updates.receive(), "a subscription")
    await alive()
    const [name = "", word] = await within(snapshots.receive(), "the question for a snapshot")
    assert.equal(`${word}`, "ICANHAZ?")
    for (const entry of wanted) await snapshots.send([name, ...toFrames(entry)])
  }

  const first = entries.next()
  await giveSnapshot({ key: END, sequence: 7, value: "" })
  await updates.send(toFrames({ key: "a", sequence: 7, value: "old" }))
  await updates.send(toFrames({ key: "a", sequence: 8, value: "new" }))
  assert.deepEqual((await within(first, "change 8")).value, { key: "a", sequence: 8, value: "new" })
  assert.equal(client.get("a"), "new")

  const next = entries.next()
  await updates.send(toFrames({ key: "a", sequence: 10, value: "newest" }))
  for (let i = 0; i < 2; i++) await within(updates.receive(), "the end of a subscription")
  await giveSnapshot({ key: "b", sequence: 9, value: "missed" }, { key: END, sequence: 10, value: "" })
  assert.deepEqual((await within(next, "change 9")).value, { key: "b", sequence: 9, value: "missed" })
  assert.equal(client.get("a"), undefined)
  assert.equal(client.sequence, 10)
  await entries.return(undefined)
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
