import assert from "node:assert/strict"
import { test } from "node:test"
import { orderOfRound } from "../../bench/order.js"
import type { PeerName } from "../../bench/peer.js"
import { mergeResults, type Results, summarize } from "../../bench/results.js"
import { median } from "../../bench/statistics.js"

const rates = { title: "rates", unit: "msg/s", targets: { libzmq: 1.3 } } as const
const times = { title: "times", unit: "us", targets: { libzmq: 1 / 0.85 } } as const

function runs(byPeer: Partial<Record<PeerName, (number | null)[]>>): Map<PeerName, (number | null)[]> {
  return new Map(Object.entries(byPeer) as [PeerName, (number | null)[]][])
}

test("a median lies in the middle, and there is none of nothing", () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.equal(median([]), null)
})

test("a ratio is the median of the ratios of the rounds, not the ratio of the medians", () => {
  const { ratios } = summarize(rates, runs({ puremq: [10, 40, 30], libzmq: [10, 10, 20] }))
  assert.deepEqual(ratios, [{ of: "puremq", to: "libzmq", median: 1.5, min: 1, max: 4, target: 1.3 }])
})

test("of two latencies the smaller one is the faster one", () => {
  const { ratios } = summarize(times, runs({ puremq: [10], libzmq: [20] }))
  assert.deepEqual(ratios, [{ of: "puremq", to: "libzmq", median: 2, min: 2, max: 2, target: 1.176 }])
})

test("a failed run leaves its round out, and nothing but failed runs leave no figure", () => {
  const { peers, ratios } = summarize(
    rates,
    runs({ puremq: [10, null, 30], libzmq: [10, 10, 10], zeromq: [null, null, null] }),
  )
  assert.deepEqual(peers.puremq, { runs: [10, null, 30], median: 20 })
  assert.deepEqual(peers.zeromq, { runs: [null, null, null], median: null })
  assert.deepEqual(ratios, [
    { of: "puremq", to: "libzmq", median: 2, min: 1, max: 3, target: 1.3 },
    { of: "puremq", to: "zeromq", median: null, min: null, max: null, target: null },
  ])
})

test("peers are listed in one order, whoever ran first", () => {
  const { peers, ratios } = summarize(
    rates,
    runs({ pyzmq: [1], libzmq: [1], "puremq-lts": [1], puremq: [1] }),
  )
  assert.deepEqual(Object.keys(peers), ["puremq", "puremq-lts", "libzmq", "pyzmq"])
  assert.deepEqual(
    ratios.map(({ of, to }) => `${of}/${to}`),
    ["puremq/libzmq", "puremq-lts/libzmq", "puremq/pyzmq"],
  )
})

test("new cases take the places of old ones where the setting is the same", () => {
  const setting = { machine: "a machine", versions: { puremq: "puremq 1" }, rounds: 1 }
  const results = (run: number, ...titles: string[]): Results => ({
    ...setting,
    cases: titles.map((title) => summarize({ ...rates, title }, runs({ puremq: [run] }))),
  })
  const old = results(1, "a", "b", "c")
  const merged = mergeResults(old, results(2, "b", "d"))
  assert.ok("cases" in merged)
  assert.deepEqual(
    merged.cases.map(({ title, peers }) => [title, peers.puremq?.median]),
    [
      ["a", 1],
      ["b", 2],
      ["c", 1],
      ["d", 2],
    ],
  )
  for (const other of [{ machine: "another" }, { versions: { puremq: "puremq 2" } }, { rounds: 2 }]) {
    assert.ok("refused" in mergeResults(old, { ...results(2, "b"), ...other }))
  }
})

test("the order of the peers changes so that all of them change neighbours", () => {
  for (const items of [["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d", "e"]]) {
    const before = new Map<string, Set<string>>(items.map((item) => [item, new Set()]))
    const firsts = new Set<string>()
    for (let round = 0; round < 2 * items.length; round++) {
      const order = orderOfRound(items, round)
      assert.deepEqual([...order].sort(), items)
      firsts.add(order[0] ?? "")
      order.forEach((item, index) => {
        before.get(item)?.add(order[index - 1] ?? "nobody")
      })
    }
    assert.deepEqual([...firsts].sort(), items)
    for (const [item, others] of before) {
      assert.ok(
        others.size >= Math.min(3, items.length),
        `${item} always ran after ${[...others].join(", ")}`,
      )
    }
  }
})
