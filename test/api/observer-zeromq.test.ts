// What zeromq.js does with observers where puremq differs on purpose. In a process of its own: an observer that is closed
// before its socket leaves libzmq's threads with events that nobody takes, and then no other socket comes to its end.
import assert from "node:assert/strict"
import { within } from "../suites/deadline.js"
import { there } from "../wire/wire-stage.js"

there((scenario) => {
  scenario("one receive at a time: EBUSY", async (stage) => {
    const pull = stage.open("Pull")
    const { events } = pull
    const next = events.receive()
    const message = "Observer is busy reading; only one receive operation may be in progress at any time"
    assert.throws(() => events.receive(), { code: "EBUSY", errno: 16, message })
    pull.close()
    assert.deepEqual(await within(next, "the end"), { type: "end" })
    assert.equal(events.closed, true)
  })

  scenario("the events of a socket that is closed: ENOTSOCK", async (stage) => {
    const pull = stage.open("Pull")
    pull.close()
    assert.throws(() => pull.events, { code: "ENOTSOCK" })
  })

  scenario("a receive that waits when the observer is closed: ENOTSOCK", async (stage) => {
    const { events } = stage.open("Pull")
    const next = events.receive()
    events.close()
    await assert.rejects(within(next, "the end"), { code: "ENOTSOCK" })
  })
})
