// The demo's page in a browser: what a visitor sees, and that all of it comes by messages.
import assert from "node:assert/strict"
import { test } from "node:test"
import { eventually } from "../suites/deadline.js"
import { vacantPort } from "../suites/vacant-port.js"
import { Tour, wantsBrowser } from "./tour.js"
import { startDemo, Visit } from "./visit.js"

const tour = new Tour()

function scene(title: string, play: (visit: Visit) => Promise<void>): void {
  test(title, wantsBrowser, async () => {
    await using visit = await tour.visit()
    await play(visit)
    assert.deepEqual(visit.complaints, [])
  })
}

scene("a visitor sees the messages of the topics that are ticked, and no others", async (visit) => {
  const topics = (): Promise<string[]> => visit.page.locator("#messages .topic").allTextContents()
  for (const topic of ["weather.", "market.", "log."]) {
    await eventually(async () => (await topics()).some((text) => text.startsWith(topic)), topic)
  }
  assert.deepEqual(
    (await topics()).filter((topic) => topic.startsWith("sensor.")),
    [],
  )
  await visit.topic("weather").uncheck()
  await visit.topic("log").uncheck()
  await eventually(async () => (await topics()).every((text) => text.startsWith("market.")), "market alone")
  await visit.topic("market").uncheck()
  await visit.topic("sensor").check()
  await eventually(async () => (await topics()).every((text) => text.startsWith("sensor.")), "sensors alone")
  await visit.counts("arrived", 2000)
})

scene("the chart grows with the messages that come", async (visit) => {
  const bars = async (kind: string): Promise<string> =>
    (await visit.page.locator(`#bars-${kind}`).getAttribute("d")) ?? ""
  await eventually(async () => (await bars("feeds")) !== "", "a bar")
  const before = await bars("feeds")
  await eventually(async () => (await bars("feeds")).length > before.length, "more bars")
  // What came late came at once, but never as much as the sensors send.
  assert.ok(Number(await visit.text("top")) < 500)
  await visit.topic("sensor").check()
  await visit.counts("rate", 200)
  await visit.counts("top", 500)
  assert.equal(await bars("answers"), "")
  await visit.ask("time")
  await eventually(async () => (await bars("answers")) !== "", "a bar for the answer")
  await visit.counts("total", 2000)
})

scene("a question is answered, with the time that it took", async (visit) => {
  await visit.ask("add 2 3 5 7")
  assert.match(await visit.answered("add 2 3 5 7", /^2 \+ 3 \+ 5 \+ 7 = 17$/), /^\d+\.\d\d ms$/)
  await visit.page.getByRole("button", { name: "reverse puremq" }).click()
  await visit.answered("reverse puremq", /^qmerup$/)
  await visit.page.getByRole("textbox", { name: "Your question" }).press("Enter")
  await visit.answered("add 2 3 5 7", /= 17$/)
  await visit.ask("<b>hello</b>")
  await visit.answered("<b>hello</b>", /^You said “<b>hello<\/b>”/)
  assert.equal(await visit.page.locator("#answers > li").count(), 4)
})

scene("three workers share the tasks, and find all primes", async (visit) => {
  for (const _ of ["once", "again"]) {
    await visit.share()
    assert.match(await visit.reads("outcome", /./), /^412,849 primes below 6,000,000, found in \d+\.\d s\.$/)
    for (const worker of ["1", "2", "3"]) {
      assert.equal(await visit.text(`share-${worker}`), "20")
      assert.equal(await visit.page.locator(`#tasks [data-worker="${worker}"]`).count(), 20)
    }
  }
})

scene("the page gets over a server that restarts", async (visit) => {
  await visit.page.getByRole("button", { name: "Restart the server" }).click()
  await visit.answered("restart", /^Back in two seconds\.$/)
  await visit.reads("status", /^Reconnecting \(\d+\)$/)
  const arrived = await visit.counts("arrived", 0)
  await visit.reads("status", /^Connected$/)
  await visit.counts("arrived", arrived + 10)
  await visit.ask("add 1 1")
  await visit.answered("add 1 1", /^1 \+ 1 = 2$/)
  forgive(visit)
})

test(
  "the page gets over a server whose process dies, and says what it cannot answer",
  wantsBrowser,
  async () => {
    const port = await vacantPort()
    const first = await startDemo(port)
    await using _ = first.program
    await using visit = await Visit.begin(tour.browser, first.url)
    // The page has loaded all that it needs when its workers are there.
    await visit.share()
    await first.program.kill()
    await visit.reads("status", /^Reconnecting \(\d+\)$/)
    await visit.ask("time")
    await visit.answered("time", /^No answer: is the server away\?$/)
    await visit.share()
    const arrived = await visit.counts("arrived", 0)
    const second = await startDemo(port)
    await using __ = second.program
    await visit.reads("status", /^Connected$/)
    await visit.counts("arrived", arrived + 10)
    await visit.ask("add 1 1")
    await visit.answered("add 1 1", /^1 \+ 1 = 2$/)
    forgive(visit)
  },
)

/** Browsers complain of WebSockets that could not be opened, and no page can keep them from it. */
function forgive(visit: Visit): void {
  const refused = /^WebSocket connection to '[^']*\/(feeds|answers)' failed/
  const others = visit.complaints.filter((complaint) => !refused.test(complaint))
  assert.deepEqual(others, [])
  visit.complaints.length = 0
}

scene("all that can be worked has a name, and headings tell the parts", async (visit) => {
  const tree = await visit.page.locator("body").ariaSnapshot()
  const controls = tree.match(/- (?:button|checkbox|textbox)\b.*/g) ?? []
  assert.equal(controls.length, 11, tree)
  for (const control of controls) assert.match(control, /^- \w+ "[^"]+"/)
  assert.deepEqual(
    [...tree.matchAll(/- heading "([^"]+)" \[level=(\d)\]/g)].map(([, name, level]) => `${level} ${name}`),
    ["1 puremq", "2 Messages a second", "2 Subscribe", "2 Ask", "2 Share work"],
  )
  for (const part of ["Messages a second", "Subscribe", "Ask", "Share work"]) {
    assert.ok(await visit.page.getByRole("region", { name: part, exact: true }).isVisible(), part)
  }
  assert.ok(await visit.page.getByRole("img", { name: "Messages a second over the last minute" }).isVisible())
  assert.ok(await visit.page.getByRole("log", { name: "Messages, the latest first" }).isVisible())
  // Everything can be reached by the keyboard, in the order of the page.
  const reached: string[] = []
  for (const _ of controls) {
    await visit.page.keyboard.press("Tab")
    const name = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    reached.push(await visit.page.evaluate<string>(name))
  }
  const names =
    "Restart the server, weather, market, log, sensor 1,000/s, Your question, Ask, time, reverse puremq"
  assert.equal(reached.join(", "), `${names}, add 19 23, Count the primes`)
})
