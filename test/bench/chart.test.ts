import assert from "node:assert/strict"
import { test } from "node:test"
import { drawChart } from "../../bench/chart/chart.js"
import { LogScale } from "../../bench/chart/log-scale.js"
import { type Results, summarize } from "../../bench/results.js"

const setting = {
  machine: "Cores & <more> of them",
  versions: { puremq: "puremq 1", libzmq: "libzmq 2" },
  rounds: 1,
}

function draw(...cases: Results["cases"]): string {
  const picture = drawChart({ ...setting, cases })
  assert.doesNotMatch(picture, /NaN|Infinity|undefined|null/)
  assert.doesNotMatch(picture, /"-\d/)
  return picture
}

function measured(unit: "msg/s" | "Gb/s" | "us", puremq: number | null, libzmq: number | null) {
  return summarize(
    { title: `a case in ${unit}`, unit, targets: {} },
    new Map([
      ["puremq", [puremq]],
      ["libzmq", [libzmq]],
    ]),
  )
}

test("a picture names the machine, the peers, the cases and the figures", () => {
  const picture = draw(measured("msg/s", 3e6, 4e5), measured("us", 12.3, 45.6))
  for (const words of [
    "Cores &amp; &lt;more&gt; of them",
    "puremq 1",
    "libzmq 2",
    "a case in msg/s",
    "3.00 M msg/s",
    "400 k msg/s",
    "45.6 us",
  ]) {
    assert.ok(picture.includes(`>${words}<`), `${words} is missing`)
  }
})

test("a picture can be drawn of failed runs, of equal ones and of none", () => {
  assert.ok(draw(measured("Gb/s", null, 5)).includes(">failed<"))
  draw(measured("us", null, null))
  draw(measured("msg/s", 1e6, 1e6))
  draw()
})

test("an axis begins below its least figure and ends at its greatest one or above", () => {
  for (const figures of [[1], [0.011, 999], [2e5, 8e6], [1e3, 1e6], [5]]) {
    const scale = new LogScale(figures, 100)
    for (const figure of figures) {
      const position = scale.position(figure)
      assert.ok(position > 0 && position <= 100 + 1e-9, `${figure} is at ${position}`)
    }
    assert.deepEqual(
      [...scale.ticks].sort((a, b) => a - b),
      scale.ticks,
    )
  }
})
