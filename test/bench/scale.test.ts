import assert from "node:assert/strict"
import { test } from "node:test"
import { experiments } from "../../bench/scale/experiments.js"
import { feats } from "../../bench/scale/feats.js"
import { growths } from "../../bench/scale/growth.js"
import { outcomesOf } from "../../bench/scale/outcome.js"
import { drawPlot } from "../../bench/scale/plot.js"
import { drawReport, toJson } from "../../bench/scale/report.js"

const setting = {
  machine: "a machine",
  versions: { puremq: "puremq 1", "puremq-lts": "puremq 1 on another Node", libzmq: "libzmq 2" },
  rounds: 1,
}
const [growth] = growths
assert.ok(growth)
const curves = outcomesOf(
  growth,
  new Map([
    ["puremq", [{ 1: 4e6, 10: 3.5e6, 100: 2e6, 1000: 1e6 }]],
    ["puremq-lts", [{ 1: 2e6, 10: 2e6, 100: 2e6, 1000: 2e6 }]],
    ["libzmq", [{ 1: 8e6, 10: 8e6, 100: 4e6, 1000: 4e6 }]],
  ]),
)

test("of a curve's points is asked what libzmq keeps of its own first one, of either Node", () => {
  assert.deepEqual(
    curves.map(({ verdicts }) => verdicts.get("puremq")),
    [
      { ratio: 0.5, met: null },
      { ratio: 0.875, met: false },
      { ratio: 1, met: true },
      { ratio: 0.5, met: false },
    ],
  )
  assert.deepEqual(
    curves.map(({ verdicts }) => verdicts.get("puremq-lts")?.met),
    [null, true, true, true],
  )
})

test("without libzmq there are figures, and no verdicts but on what needs no comparison", () => {
  for (const experiment of [...experiments, ...feats]) {
    const figures = Object.fromEntries(experiment.rows.map(({ figure }) => [figure, 1]))
    for (const { row, figures: medians, verdicts } of outcomesOf(
      experiment,
      new Map([["puremq", [figures]]]),
    )) {
      assert.equal(medians.get("puremq"), 1)
      const { ratio, met } = verdicts.get("puremq") ?? {}
      assert.deepEqual({ ratio, known: met !== null }, { ratio: null, known: row.target?.kind === "most" })
      assert.equal(verdicts.has("puremq-lts"), false)
    }
  }
})

test("the table and the file tell of both Nodes", () => {
  const report = { ...setting, outcomes: curves }
  assert.match(
    drawReport(report),
    /^\| PULL, PUSH peers: 10 .* 3\.50 M msg\/s .* 2\.00 M msg\/s .* 8\.00 M msg\/s .* 0\.88 \| {2}MISSED \| .* 1\.00 \| +met \|$/m,
  )
  assert.deepEqual(JSON.parse(toJson(report)).results[1], {
    case: "PULL, PUSH peers: 10",
    unit: "messages a second",
    puremq: 3.5e6,
    "puremq-lts": 2e6,
    libzmq: 8e6,
    target: "no worse than libzmq's curve: ratio >= 0.9",
    ratio: { puremq: 0.875, "puremq-lts": 1 },
    met: { puremq: false, "puremq-lts": true },
  })
})

test("curves can be drawn of all, of some and of none", () => {
  for (const outcomes of [curves, curves.slice(0, 1), []]) {
    const picture = drawPlot([{ growth, outcomes }], setting)
    assert.doesNotMatch(picture, /NaN|Infinity|undefined|null|"-\d/)
    assert.equal(picture.match(/<polyline/g)?.length ?? 0, outcomes.length > 0 ? 3 : 0)
  }
})
