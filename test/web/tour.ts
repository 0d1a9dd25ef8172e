// What the tests of the demo's page share: a browser, and a demo to look at.
import { after, before } from "node:test"
import type { Browser } from "playwright-core"
import { findChromium, unlessMissing } from "../interop/peer.js"
import type { Program } from "../interop/process.js"
import { vacantPort } from "../suites/vacant-port.js"
import { type Look, openBrowser, startDemo, Visit } from "./visit.js"

const chromium = findChromium()

/** Options of tests that want a browser. */
export const wantsBrowser: { skip: string | false } = unlessMissing(
  typeof chromium === "string" ? chromium : undefined,
)

/** A browser and a demo, from before a file's tests until after them. */
export class Tour {
  browser!: Browser
  demo!: { program: Program; url: string }

  constructor() {
    if (typeof chromium === "string") return
    before(async () => {
      this.browser = await openBrowser(chromium.command)
      // Nobody takes it while the demo restarts.
      this.demo = await startDemo(await vacantPort())
    })
    after(async () => {
      await this.browser?.close()
      await this.demo?.program.kill()
    })
  }

  visit(look?: Look): Promise<Visit> {
    return Visit.begin(this.browser, this.demo.url, look)
  }
}
