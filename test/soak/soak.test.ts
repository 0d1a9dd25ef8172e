// How a soak judges and draws what its hosts tell; the soak itself is `npm run soak`.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import { drawSoak } from "./picture.js"
import { PromiseLedger } from "./promises.js"
import type { Pulse } from "./pulse.js"
import { judge, largestLoss } from "./soak.js"
import type { HostPulses, LaneResult } from "./troupe.js"
import { verdictsOf } from "./verdict.js"

const SECONDS = 1800
const late = { p50: 0.1, p99: 5, most: 30 }

/** Half an hour of a host whose memory is as given. */
function hostOf(memoryAt: (second: number) => number, others: Partial<Pulse> = {}): HostPulses {
  const pulse = (second: number): Pulse => ({
    second,
    rss: 100 << 20,
    heap: 10 << 20,
    external: 10 << 20,
    memory: memoryAt(second),
    files: 40,
    timers: 3,
    late,
    lateInAll: late,
    starved: 0,
    pending: 8,
    ...others,
  })
  const during = Array.from({ length: SECONDS }, (_, second) => pulse(second))
  return { side: "bind", during, atRest: pulse(SECONDS), promises: { made: 1000, pending: 0 } }
}

const missed = (host: HostPulses): string[] =>
  verdictsOf(host).flatMap(({ what, met }) => (met ? [] : [what.replace(/ of the bind side.*/, "")]))

test("a host that goes up and down around a level passes", () => {
  assert.deepEqual(missed(hostOf((second) => (20 + (second % 7)) * 2 ** 20)), [])
})

test("a host whose memory grows by more than a tenth after the first minutes fails", () => {
  assert.deepEqual(missed(hostOf((second) => (20 + (second / SECONDS) * 5) * 2 ** 20)), ["memory held"])
  assert.deepEqual(missed(hostOf((second) => (20 + (second / SECONDS) * 1) * 2 ** 20)), [])
})

test("a host that is late, or leaves promises, fails", () => {
  const steady = (): number => 20 << 20
  assert.deepEqual(missed(hostOf(steady, { lateInAll: { ...late, p99: 21 } })), ["event loop"])
  const lost = { ...hostOf(steady), promises: { made: 1000, pending: 1 } }
  assert.deepEqual(missed(lost), ["promises"])
})

/** What a lane comes to on which ten connections ended. */
function laneOf(others: Partial<LaneResult>, pattern: LaneResult["plan"]["pattern"] = "push"): LaneResult {
  return {
    name: "a lane",
    plan: { name: "a lane", pattern, transport: "ipc", relays: [] },
    ...{ sent: 1000, received: 900, gaps: 10, lost: 100, lostBytes: 1_000_000, largestGap: 100_000 },
    ...{ reopened: 0, abandoned: 0, ended: 10 },
    ...others,
  }
}

test("a lane may have a gap for each connection that ended, and in each direction that has its own", () => {
  assert.deepEqual(judge(laneOf({})), [])
  assert.match(
    judge(laneOf({ gaps: 11 })).join(),
    /^a lane: 11 gaps in 1 directions, but 10 connections ended$/,
  )
  assert.deepEqual(judge(laneOf({ gaps: 20 }, "dealer")), [])
  assert.match(judge(laneOf({ gaps: 21 }, "dealer")).join(), /21 gaps in 2 directions/)
  assert.deepEqual(judge(laneOf({ gaps: 1000 }, "publish")), [])
})

test("no gap of a lane may be larger than what can be on its way, however many there are", () => {
  const most = largestLoss("ipc")
  assert.deepEqual(judge(laneOf({ lostBytes: 10 * most, largestGap: most })), [])
  assert.match(
    judge(laneOf({ lostBytes: most + 1, largestGap: most + 1 })).join(),
    /^a lane: \d+ bytes were lost at once, more than \d+/,
  )
})

test("a lane on which nothing comes fails", () => {
  assert.match(judge(laneOf({ received: 0 })).join(), /^a lane: nothing was received$/)
})

test("the picture has a line for everything that was measured", () => {
  const svg = drawSoak("A soak", ["a machine"], [hostOf((second) => second)])
  assert.match(svg, /^<svg /)
  assert.equal(svg.match(/<polyline /g)?.length, 8)
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/)
})

test("a promise counts as pending until it is settled, however", async () => {
  const ledger = new PromiseLedger()
  ledger.watch()
  using push = new zmq.Push({ sendHighWaterMark: 1, linger: 0 })
  const pull = new zmq.Pull()
  await pull.bind("inproc://soak")
  push.connect("inproc://soak")
  await push.send("one")
  await pull.receive()
  assert.deepEqual([ledger.made, ledger.pending], [2, 0])
  const left = pull.receive()
  assert.equal(ledger.pending, 1)
  pull.close()
  await assert.rejects(left, { code: "EAGAIN" })
  assert.deepEqual([ledger.made, ledger.pending], [3, 0])
})
