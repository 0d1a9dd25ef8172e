// What the demo's page looks like: pictures of it, and what is where in them.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fromRoot } from "../interop/package-root.js"
import { eventually } from "../suites/deadline.js"
import { type Box, Picture } from "./picture.js"
import { Tour, wantsBrowser } from "./tour.js"
import type { Visit } from "./visit.js"

const tour = new Tour()

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of colorScheme === "light" ? [1280, 768, 360] : [1280, 360]) {
    test(`the page looks as it should, ${colorScheme} and ${width} pixels wide`, wantsBrowser, async () => {
      await using visit = await tour.visit({ width, height: 900, colorScheme })
      await visit.ask("time")
      await visit.answered("time", /where the server is/)
      await visit.share()
      await visit.counts("arrived", 60)
      assert.equal(await visit.page.evaluate("document.documentElement.scrollWidth"), width)
      await visit.page.evaluate("scrollTo(0, 0)")
      await eventually(() => chartHasBars(visit), "bars of both kinds in the chart")
      await checkPicture(visit, await visit.page.screenshot({ fullPage: true }), width, colorScheme)
      assert.deepEqual(visit.complaints, [])
    })
  }
}

async function checkPicture(
  visit: Visit,
  png: Buffer,
  width: number,
  scheme: "light" | "dark",
): Promise<void> {
  const picture = new Picture(png)
  assert.equal(picture.width, width)
  assert.ok(picture.height >= 900)
  const boxOf = async (selector: string): Promise<Box> => {
    const box = await visit.page.locator(selector).boundingBox()
    assert.ok(box !== null, selector)
    return box
  }
  // Text and bars on a ground that is light or dark, in each part of the page.
  const parts = ["header", ".traffic", "main > :nth-child(2)", "main > :nth-child(3)", "main > :nth-child(4)"]
  for (const part of [...parts, "#messages", "#answers", "#tasks", "footer"]) {
    const { light, colours } = picture.look(await boxOf(part))
    assert.ok(colours >= 4, `${part} has ${colours} colours`)
    if (part === "#tasks") continue
    assert.ok(scheme === "light" ? light > 190 : light < 65, `${part} has a light of ${light}`)
  }
  const tasks = await boxOf("#tasks")
  for (const worker of ["1", "2", "3"]) {
    const colour = await colourOf(visit, `#tasks [data-worker="${worker}"]`, "backgroundColor")
    const share = picture.count(tasks, colour) / (tasks.width * tasks.height)
    assert.ok(share > 0.15 && share < 0.34, `worker ${worker} has ${share} of the tasks' pixels`)
  }
}

/** How many there are depends on how long the visitor has been there. */
async function chartHasBars(visit: Visit): Promise<boolean> {
  const picture = new Picture(await visit.page.screenshot({ fullPage: true }))
  const chart = await visit.page.locator("#chart").boundingBox()
  assert.ok(chart !== null)
  for (const kind of ["feeds", "work"]) {
    if (picture.count(chart, await colourOf(visit, `#bars-${kind}`, "fill")) <= 20) return false
  }
  return true
}

function colourOf(visit: Visit, selector: string, property: string): Promise<string> {
  return visit.page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`)
}

test("the picture that the README shows is one of the page", () => {
  const png = readFileSync(fromRoot("docs/demo.png"))
  assert.ok(png.length < 200_000, `${png.length} bytes`)
  const picture = new Picture(png)
  assert.equal(picture.width, 1280)
  for (const y of [100, 400, 700]) {
    for (const x of [100, 500, 900]) {
      const { colours } = picture.look({ x, y, width: 300, height: 300 })
      assert.ok(colours >= 4, `${colours} colours at ${x}, ${y}`)
    }
  }
})
