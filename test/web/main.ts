// Takes the picture of the demo's page that the README shows: docs/demo.png.
// npm run docs:demo
import { writeFileSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { fromRoot } from "../interop/package-root.js"
import { findChromium } from "../interop/peer.js"
import { openBrowser, startDemo, Visit } from "./visit.js"

const chromium = findChromium()
if (typeof chromium === "string") throw new Error(chromium)

const browser = await openBrowser(chromium.command)
const { program, url } = await startDemo()
try {
  await using visit = await Visit.begin(browser, url)
  // A minute of somebody who tries everything fills the chart.
  for (const question of ["time", "reverse ZeroMQ", "add 19 23", "time", "reverse puremq", "add 2 3 5 7"]) {
    await visit.ask(question)
    await delay(5000)
    if (question.startsWith("add")) await visit.share()
    await delay(4500)
  }
  await delay(2000)
  const png = await visit.page.screenshot({ fullPage: true })
  writeFileSync(fromRoot("docs/demo.png"), png)
  console.log(`docs/demo.png has ${png.length} bytes`)
} finally {
  await browser.close()
  await program.kill()
}
