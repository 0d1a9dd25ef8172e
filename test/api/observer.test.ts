// `socket.events`: how events are read or handed to handlers, and how that ends, beside zeromq.js.
import assert from "node:assert/strict"
import { type Event, Observer, type Socket } from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { here, onBoth } from "../wire/wire-stage.js"

const emitterMode = /^Observer is in event emitter mode\. After a call to events\.on\(\) it is not possible/

// zeromq.js names observers by their places in memory. One that is collected leaves its place to the next, whose name
// libzmq may not have given up yet.
const kept: unknown[] = []
function keep<Kept>(events: Kept): Kept {
  kept.push(events)
  return events
}

onBoth((scenario) => {
  scenario("the observer is always the same, and open while its socket is", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    assert.equal(events, pull.events)
    assert.equal(events.constructor.name, "Observer")
    assert.equal(events.closed, false)
  })

  scenario("events wait to be received, one by one", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const addresses = [await stage.bind(pull), await stage.bind(pull)]
    for (const address of addresses) assert.deepEqual(await receive(events), { type: "bind", address })
    const next = receive(events)
    const address = await stage.bind(pull)
    assert.deepEqual(await next, { type: "bind", address })
  })

  scenario("what happened before anybody looked is not told", async (stage) => {
    const pull = stage.open("Pull")
    const address = await stage.bind(pull)
    const events = keep(pull.events)
    pull.close()
    assert.deepEqual(await drain(events), [{ type: "close", address }, { type: "end" }])
  })

  scenario("a receive that waits hears of the end", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const next = receive(events)
    pull.close()
    assert.deepEqual(await next, { type: "end" })
    // zeromq.js forgets a closed socket's observer that nobody holds, though somebody waits for it.
    assert.equal(events.closed, true)
  })

  scenario("the observer of a closed socket is open until the end has been received", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const address = await stage.bind(pull)
    pull.close()
    const received: Event[] = []
    while (!events.closed) received.push(await receive(events))
    assert.deepEqual(received, [{ type: "bind", address }, { type: "close", address }, { type: "end" }])
    const closed = { code: "EBADF", errno: 9, message: "Socket is closed" }
    assert.throws(() => events.receive(), closed)
    assert.deepEqual(await drain(events), [])
  })

  scenario("leaving a loop over events leaves the others for the next", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const addresses = [await stage.bind(pull), await stage.bind(pull)]
    for (const address of addresses) {
      for await (const event of events) {
        assert.deepEqual(event, { type: "bind", address })
        break
      }
      assert.equal(events.closed, false)
    }
    pull.close()
    const types = (await drain(events)).map(({ type }) => type)
    assert.deepEqual(types, ["close", "close", "end"])
  })

  scenario("handlers get the events of their type, until they are taken back", async (stage) => {
    const pull = stage.open("Pull")
    const calls: string[] = []
    const [first, second] = [handler(calls, "first"), handler(calls, "second")]
    const subscriber = keep(pull.events)
      .on("bind", first)
      .on("bind", second)
      .on("close", handler(calls, "close"))
    const one = await stage.bind(pull)
    await until(calls, 2)
    subscriber.off("bind", first).off("accept", second).off("bind", handler(calls, "unknown"))
    const two = await stage.bind(pull)
    await until(calls, 3)
    assert.deepEqual(calls, [`first bind ${one}`, `second bind ${one}`, `second bind ${two}`])
    pull.close()
    await until(calls, 5)
    assert.deepEqual(calls.slice(3).sort(), [`close close ${one}`, `close close ${two}`].sort())
  })

  scenario("a handler given twice is called twice, and taken back once at a time", async (stage) => {
    const pull = stage.open("Pull")
    const calls: string[] = []
    const twice = handler(calls, "twice")
    keep(pull.events).on("bind", twice).on("bind", handler(calls, "other")).on("bind", twice)
    const one = await stage.bind(pull)
    await until(calls, 3)
    pull.events.off("bind", twice)
    const two = await stage.bind(pull)
    await until(calls, 5)
    const expected = ["twice", "other", "twice"].map((name) => `${name} bind ${one}`)
    assert.deepEqual(calls, [...expected, `twice bind ${two}`, `other bind ${two}`])
  })

  scenario("a handler that takes itself back is called once", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const calls: string[] = []
    const once = (event: Event): void => {
      calls.push(event.type)
      events.off("bind", once)
    }
    events.on("bind", once).on("end", handler(calls, "last"))
    pull.bindSync("tcp://127.0.0.1:0")
    pull.bindSync("tcp://127.0.0.1:0")
    pull.close()
    await until(calls, 2)
    assert.deepEqual(calls, ["bind", "last end"])
  })

  scenario("the first handlers get what nobody has received yet", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const address = await stage.bind(pull)
    const calls: string[] = []
    events.on("accept", handler(calls, "accepts"))
    events.on("bind", handler(calls, "binds"))
    assert.deepEqual(calls, [], "not within on()")
    await until(calls, 1)
    assert.deepEqual(calls, [`binds bind ${address}`])
  })

  scenario("where there were handlers, events cannot be received", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const calls: string[] = []
    const binds = handler(calls, "binds")
    events.on("bind", binds)
    assert.throws(() => events.receive(), { name: "Error", message: emitterMode })
    await assert.rejects(drain(events), { name: "Error", message: emitterMode })
    events.off("bind", binds)
    assert.throws(() => events.receive(), { name: "Error", message: emitterMode })
    events.on("end", handler(calls, "last"))
    await stage.bind(pull)
    pull.close()
    await until(calls, 1)
    assert.deepEqual(calls, ["last end"])
    await eventually(async () => events.closed, "an observer to close behind its last event")
    assert.deepEqual(await drain(events), [])
  })

  scenario("a handler has to be a function", async (stage) => {
    const events = keep(stage.open("Pull").events)
    for (const wrong of [undefined, null, 5, "bind", {}]) {
      assert.throws(() => events.on("bind", wrong as never), { name: "TypeError" }, String(wrong))
    }
  })

  scenario("an observer that was closed tells nothing, not even what it had", async (stage) => {
    const pull = stage.open("Pull")
    const events = keep(pull.events)
    const address = await stage.bind(pull)
    assert.deepEqual(await receive(events), { type: "bind", address })
    await stage.bind(pull)
    events.close()
    assert.equal(events.closed, true)
    assert.equal(pull.events, events)
    assert.throws(() => events.receive(), { code: "EBADF", errno: 9, message: "Socket is closed" })
    assert.deepEqual(await drain(events), [])
    events.close()
  })
})

here("any number of receives may wait, in order", async (stage) => {
  const pull = stage.open("Pull")
  const events = keep(pull.events)
  const next = [receive(events), receive(events), receive(events), receive(events)]
  const addresses = [await stage.bind(pull), await stage.bind(pull)]
  pull.close()
  assert.deepEqual(await Promise.all(next), [
    ...addresses.map((address) => ({ type: "bind", address })),
    { type: "close", address: addresses[0] },
    { type: "close", address: addresses[1] },
  ])
  assert.deepEqual(await drain(events), [{ type: "end" }])
})

// An error would be nobody's fault: a loop over events, and who waits for one, get to the end in order.
here("closing the observer is the end for all receives that wait, and for a loop", async (stage) => {
  const events = keep(stage.open("Pull").events)
  const next = [receive(events), receive(events)]
  const loop = drain(events)
  events.close()
  assert.deepEqual(await Promise.all(next), [{ type: "end" }, { type: "end" }])
  assert.deepEqual(await loop, [{ type: "end" }])
})

// With zeromq.js its next bind would never return: libzmq waits for somebody to take its events.
here("a socket goes on without its observer", async (stage) => {
  const [pull, push] = [stage.open("Pull"), stage.open("Push")]
  const calls: string[] = []
  keep(pull.events).on("bind", handler(calls, "binds")).on("end", handler(calls, "last"))
  push.events.close()
  push.connect(await stage.bind(pull))
  await until(calls, 1)
  pull.events.close()
  await stage.bind(pull)
  await push.send("hello")
  assert.equal(String(await within(pull.receive(), "the message")), "hello")
  pull.close()
  assert.equal(calls.length, 1)
})

here("the events of a socket that is closed are the end alone", async (stage) => {
  const pull = stage.open("Pull")
  pull.close()
  assert.deepEqual(await drain(pull.events), [{ type: "end" }])
})

// With zeromq.js on() would fail, out of anybody's reach, and the handlers would never be called.
here(
  "a receive that waited before the first handler came gets its event, and so do the handlers",
  async (stage) => {
    const pull = stage.open("Pull")
    const next = receive(pull.events)
    const calls: string[] = []
    keep(pull.events).on("bind", handler(calls, "binds"))
    const addresses = [await stage.bind(pull), await stage.bind(pull)]
    assert.deepEqual(await next, { type: "bind", address: addresses[0] })
    await until(calls, 2)
    assert.deepEqual(
      calls,
      addresses.map((address) => `binds bind ${address}`),
    )
  },
)

here("an observer can be made, and shares the events of its socket", async (stage) => {
  const pull = stage.open("Pull")
  const made = new Observer(pull)
  const address = await stage.bind(pull)
  assert.deepEqual(await receive(made), { type: "bind", address })
  assert.ok(pull.events instanceof Observer)
  pull.close()
  assert.deepEqual(await drain(pull.events), [{ type: "close", address }, { type: "end" }])
  assert.equal(made.closed, true)
  for (const wrong of [undefined, null, {}, 5, "socket", made]) {
    const expected = { name: "TypeError", message: "Socket must be a socket object" }
    assert.throws(() => new Observer(wrong as unknown as Socket), expected)
  }
})

type Events = Socket["events"]

function receive(events: Events): Promise<Event> {
  return within(events.receive(), "an event")
}

/** All events up to the end. */
function drain(events: Events): Promise<Event[]> {
  const all = async (): Promise<Event[]> => {
    const seen: Event[] = []
    for await (const event of events) seen.push(event)
    return seen
  }
  return within(all(), "the end of the events")
}

/** A handler that notes who was called with what. */
function handler(calls: string[], name: string): (event: Event) => void {
  return (event) => {
    calls.push("address" in event ? `${name} ${event.type} ${event.address}` : `${name} ${event.type}`)
  }
}

function until(calls: readonly string[], count: number): Promise<unknown> {
  return eventually(async () => calls.length >= count, `${count} calls of handlers`)
}
