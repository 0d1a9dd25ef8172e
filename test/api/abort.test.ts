// AbortSignal for send and receive: what it ends, what it leaves alone, and that no message is lost by it.
import assert from "node:assert/strict"
import { getEventListeners } from "node:events"
import { describe, test } from "node:test"
import fc from "fast-check"
import { Pull, Push } from "puremq"
import { within } from "../suites/deadline.js"
import { puremq } from "../suites/library.js"
import { scenario, type TransportName } from "../suites/stage.js"
import { numbers, take, takeMany, takesNothing } from "../suites/talk.js"

const setting = { library: puremq, transport: "inproc" } as const
const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length

describe("a signal that is aborted already", () => {
  scenario(setting, "rejects a receive with its reason, and the message stays", async (stage) => {
    const pull = stage.open("Pull")
    const push = stage.open("Push")
    push.connect(await stage.bind(pull))
    await push.send("kept")
    const reason = { why: "anything may be a reason" }
    const signal = AbortSignal.abort(reason)
    for (const receive of ["receive", "receiveString", "receiveJson"] as const) {
      await assert.rejects(pull[receive]({ signal }), (error) => error === reason)
    }
    assert.deepEqual(await take(pull), ["kept"])
  })

  scenario(setting, "rejects a send with its reason, and nothing is sent", async (stage) => {
    const pull = stage.open("Pull")
    const push = stage.open("Push")
    push.connect(await stage.bind(pull))
    const signal = AbortSignal.abort()
    await assert.rejects(push.send("never", { signal }), { name: "AbortError" })
    await assert.rejects(push.sendJson("never", { signal }), { name: "AbortError" })
    assert.equal(pull.tryReceive(), undefined)
    assert.equal(listeners(signal), 0)
  })
})

describe("a signal that is aborted while the operation waits", () => {
  scenario(setting, "rejects a receive; the next one gets the message", async (stage) => {
    const pull = stage.open("Pull")
    const push = stage.open("Push")
    const controller = new AbortController()
    const reason = new Error("enough")
    const aborted = pull.receive({ signal: controller.signal })
    const next = pull.receiveString()
    controller.abort(reason)
    await assert.rejects(aborted, (error) => error === reason)
    push.connect(await stage.bind(pull))
    await push.send("message")
    assert.equal(await within(next, "the message"), "message")
  })

  scenario(setting, "rejects a send; its message is not sent, the others are", async (stage) => {
    const push = stage.open("Push", { sendHighWaterMark: 1 })
    const address = await stage.vacant()
    push.connect(address)
    await push.send("0")
    const controller = new AbortController()
    const sends = [push.send("1"), push.send("never", { signal: controller.signal }), push.send("2")]
    controller.abort()
    await assert.rejects(sends[1] as Promise<void>, { name: "AbortError" })
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    assert.deepEqual(await takeMany(pull, 3), numbers(3))
    await takesNothing(pull, "the puller")
    await within(Promise.all([sends[0], sends[2]]), "the other sends")
  })

  scenario(setting, "ends all the operations that share it", async (stage) => {
    const dealer = stage.open("Dealer")
    const controller = new AbortController()
    const { signal } = controller
    const operations = [
      dealer.receive({ signal }),
      dealer.send("x", { signal }),
      dealer.receiveString({ signal }),
    ]
    assert.equal(listeners(signal), 3)
    controller.abort("over")
    const results = await Promise.allSettled(operations)
    assert.deepEqual(
      results.map((result) => result.status === "rejected" && result.reason),
      ["over", "over", "over"],
    )
    assert.equal(listeners(signal), 0)
  })

  scenario(setting, "may be one of time", async (stage) => {
    const pull = stage.open("Pull")
    await assert.rejects(within(pull.receive({ signal: AbortSignal.timeout(1) }), "the time"), {
      name: "TimeoutError",
    })
  })
})

describe("a signal that outlives the operation", () => {
  scenario(setting, "is let go when the operation completes, and may be aborted then", async (stage) => {
    const push = stage.open("Push", { sendHighWaterMark: 1 })
    const pull = stage.open("Pull")
    const controller = new AbortController()
    const { signal } = controller
    const sending = push.send("pending", { signal })
    const receiving = pull.receiveString({ signal })
    assert.equal(listeners(signal), 2)
    push.connect(await stage.bind(pull))
    await within(sending, "the pending send")
    assert.equal(await within(receiving, "the message"), "pending")
    assert.equal(listeners(signal), 0)

    await push.send("at once", { signal })
    assert.equal(await pull.receiveString({ signal }), "at once")
    assert.equal(listeners(signal), 0)
    controller.abort()
    await push.send("afterwards")
    assert.deepEqual(await take(pull), ["afterwards"])
  })

  scenario(setting, "is let go by a timeout and by close()", async (stage) => {
    const { signal } = new AbortController()
    const dealer = stage.open("Dealer", { receiveTimeout: 1, sendTimeout: 1 })
    await assert.rejects(dealer.receive({ signal }), { code: "EAGAIN" })
    await assert.rejects(dealer.send("x", { signal }), { code: "EAGAIN" })
    assert.equal(listeners(signal), 0)
    dealer.receiveTimeout = -1
    const pending = dealer.receive({ signal })
    assert.equal(listeners(signal), 1)
    dealer.close()
    await assert.rejects(pending, { code: "EAGAIN" })
    assert.equal(listeners(signal), 0)
  })

  scenario(setting, "does not outweigh that the socket is closed", async (stage) => {
    const pull = stage.open("Pull")
    pull.close()
    assert.throws(() => pull.receive({ signal: AbortSignal.abort() }), { code: "EBADF" })
  })
})

type Step =
  | { readonly kind: "receive" | "send" | "tryReceive" | "turn" }
  | { readonly kind: "abort"; readonly which: number; readonly when: "now" | "microtask" | "tick" | "turn" }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("receive", "send", "tryReceive", "turn") }),
  fc.record({
    kind: fc.constant("abort" as const),
    which: fc.nat(7),
    when: fc.constantFrom("now", "microtask", "tick", "turn"),
  }),
)

const later: Record<"now" | "microtask" | "tick" | "turn", (task: () => void) => void> = {
  now: (task) => task(),
  microtask: queueMicrotask,
  tick: process.nextTick,
  turn: setImmediate,
}

/** Plays the steps, reads to the end, and returns the messages as they were received, call by call. */
async function play(steps: readonly Step[], address: string): Promise<{ sent: number; received: number[] }> {
  using pull = new Pull()
  using push = new Push({ linger: 0 })
  await pull.bind(address)
  push.connect(pull.lastEndpoint ?? "")
  const controllers: AbortController[] = []
  const calls: Promise<number | undefined>[] = []
  let sent = 0
  for (const step of steps) {
    if (step.kind === "abort") {
      const controller = controllers[step.which % Math.max(1, controllers.length)]
      if (controller !== undefined) later[step.when](() => controller.abort())
    } else if (step.kind === "send") await push.send(String(sent++))
    else if (step.kind === "turn") await new Promise(setImmediate)
    else if (step.kind === "tryReceive") {
      const message = pull.tryReceive()
      if (message !== undefined) calls.push(Promise.resolve(Number(message[0])))
    } else {
      const controller = new AbortController()
      controllers.push(controller)
      calls.push(pull.receive({ signal: controller.signal }).then(([frame]) => Number(frame), ifAborted))
    }
  }
  for (const controller of controllers) controller.abort()
  // What the calls so far did not get, a loop gets.
  await push.send("end")
  for await (const [frame] of pull) {
    if (String(frame) === "end") break
    calls.push(Promise.resolve(Number(frame)))
  }
  const results = await Promise.all(calls)
  return { sent, received: results.filter((result) => result !== undefined) }
}

function ifAborted(error: unknown): undefined {
  if (!(error instanceof DOMException)) throw error
}

for (const [transport, numRuns] of [
  ["inproc", 300],
  ["tcp", 40],
] satisfies [TransportName, number][]) {
  test(`aborted receives lose no message and keep the order (${transport})`, async () => {
    const address = transport === "inproc" ? "inproc://aborted" : "tcp://127.0.0.1:0"
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
        const { sent, received } = await within(play(steps, address), "a play to end")
        assert.deepEqual(
          received,
          Array.from({ length: sent }, (_, number) => number),
        )
      }),
      { numRuns },
    )
  })
}
