// The demo's server: what it gives, whom it lets in, and how it ends.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Tour, wantsBrowser } from "./tour.js"
import { startDemo, Visit } from "./visit.js"

const tour = new Tour()

test("the server lets in nothing but its page, and gives nothing but its files", wantsBrowser, async () => {
  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(new URL(path, tour.demo.url), init)
  const page = await get("/")
  assert.equal(page.status, 200)
  const policy = page.headers.get("content-security-policy") ?? ""
  assert.match(policy, /^default-src 'none'; script-src 'self';/)
  assert.doesNotMatch(policy, /unsafe|\*|https?:/)
  for (const path of [
    "/package.json",
    "/page.ts",
    "/..%2fserver.js",
    "/%2e%2e/main.js",
    "/page",
    "/page.js.map",
  ]) {
    assert.equal((await get(path)).status, 404, path)
  }
  assert.equal((await get("/", { method: "POST" })).status, 405)
  assert.equal(await (await get("/page.css", { method: "HEAD" })).text(), "")
  // A page from elsewhere is not let in to the sockets.
  await using stranger = await tour.browser.newContext()
  const elsewhere = await stranger.newPage()
  const address = `${tour.demo.url.replace("http", "ws")}feeds`
  const outcome = await elsewhere.evaluate<string>(`new Promise((resolve) => {
    const webSocket = new WebSocket("${address}", ["ZWS2.0"])
    webSocket.onopen = () => resolve("open")
    webSocket.onerror = () => resolve("refused")
  })`)
  assert.equal(outcome, "refused")
})

test("Ctrl-C ends the server while a page is connected", wantsBrowser, async () => {
  const { program, url } = await startDemo()
  await using _ = program
  await using visit = await Visit.begin(tour.browser, url)
  program.interrupt()
  await program.success()
  await visit.reads("status", /^Reconnecting/)
  assert.equal(program.complaints, "")
})

test("Ctrl-C ends the server while it restarts", wantsBrowser, async () => {
  const { program, url } = await startDemo()
  await using _ = program
  await using visit = await Visit.begin(tour.browser, url)
  await visit.page.getByRole("button", { name: "Restart the server" }).click()
  await visit.reads("status", /^Reconnecting/)
  program.interrupt()
  await program.success()
  assert.equal(program.complaints, "")
})

test("a port that is taken is told of", async () => {
  const { program, url } = await startDemo()
  await using _ = program
  await assert.rejects(startDemo(Number(new URL(url).port)), /Cannot listen: .*EADDRINUSE/)
})
