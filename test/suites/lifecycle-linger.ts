// `linger`: what becomes of messages that were accepted when their socket is closed.
import assert from "node:assert/strict"
import { setImmediate as turn } from "node:timers/promises"
import * as puremq from "puremq"
import { within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { numbers, offer, take, takeMany, takesNothing } from "./talk.js"

const quick = { reconnectInterval: 10 }
const kinds = [
  ["Push", "Pull"],
  ["Dealer", "Dealer"],
  ["Pair", "Pair"],
] as const

export function lingerScenarios(setting: Setting): void {
  for (const [from, to] of kinds) {
    for (const linger of [-1, 20_000]) {
      scenario(
        setting,
        `what ${from} queued arrives after close with a linger of ${linger}`,
        async (stage) => {
          const sender = stage.open(from, { ...quick, linger })
          const address = await stage.vacant()
          sender.connect(address)
          for (const number of numbers(100)) await sender.send(number)
          sender.close()
          const receiver = stage.open(to)
          await stage.bindTo(receiver, address)
          assert.deepEqual(await takeMany(receiver, 100), numbers(100))
        },
      )
    }

    scenario(setting, `all that ${from} sent to a live peer arrives after close`, async (stage) => {
      const receiver = stage.open(to, { receiveHighWaterMark: 3 })
      const sender = stage.open(from, { linger: -1, sendHighWaterMark: 0 })
      sender.connect(await stage.bind(receiver))
      const load = Buffer.alloc(100_000, "x")
      for (const number of numbers(100)) await sender.send([number, load])
      sender.close()
      for (const number of numbers(100)) {
        const [name, body] = await take(receiver, `message ${number} of 100`)
        assert.deepEqual([name, body?.length], [number, load.length])
      }
    })
  }

  for (const [from, to] of writesAtOnce(setting) ? ([...kinds, ["Router", "Dealer"]] as const) : []) {
    scenario(setting, `what ${from} sent to an idle peer arrives though linger is 0`, async (stage) => {
      const receiver = stage.open(to, to === "Dealer" ? { routingId: "idle" } : {})
      const sender = stage.open(from, { linger: 0 })
      const met = stage.next(sender, "handshake")
      receiver.connect(await stage.bind(sender))
      await met
      await stage.linked([sender, receiver])
      const frames = from === "Router" ? ["idle", "last words"] : ["last words"]
      await sender.send(frames)
      sender.close()
      assert.deepEqual(await take(receiver), ["last words"])
    })
  }

  if (forgets(setting)) discardingScenarios(setting)

  scenario(setting, "a question that was asked before close is heard", async (stage) => {
    const request = stage.open("Request", { ...quick, linger: -1 })
    const address = await stage.vacant()
    request.connect(address)
    await request.send("question")
    request.close()
    const reply = stage.open("Reply")
    await stage.bindTo(reply, address)
    assert.deepEqual(await take(reply), ["question"])
    await reply.send("to nobody")
  })

  scenario(setting, "an answer that was given before close is heard", async (stage) => {
    const [reply, request] = [stage.open("Reply", { linger: -1 }), stage.open("Request")]
    request.connect(await stage.bind(reply))
    await request.send("question")
    assert.deepEqual(await take(reply), ["question"])
    await reply.send("answer")
    reply.close()
    assert.deepEqual(await take(request), ["answer"])
  })

  scenario(setting, "what a binder sent is heard after close", async (stage) => {
    const [push, pull] = [stage.open("Push", { linger: -1 }), stage.open("Pull")]
    pull.connect(await stage.bind(push))
    for (const number of numbers(100)) await within(push.send(number), "the peer to connect")
    push.close()
    assert.deepEqual(await takeMany(pull, 100), numbers(100))
  })

  if (setting.library.name === "puremq") endingScenarios(setting)
}

/** Within a process libzmq sends what it queued for a name that is not bound yet, whatever linger says. */
function forgets({ library, transport }: Setting): boolean {
  return transport !== "inproc" || library.name === "puremq"
}

/** Over ws libzmq does so as a rule: about one message in 200 of a ROUTER's is lost with its socket. */
function writesAtOnce({ library, transport }: Setting): boolean {
  return transport !== "ws" || library.name === "puremq"
}

/** Closes a socket that discards: libzmq takes leave of its connections in the background. */
async function closed(socket: puremq.Socket): Promise<void> {
  const { events } = socket
  socket.close()
  let type: string
  do ({ type } = await within(events.receive(), "the end of a socket's events"))
  while (type !== "end")
}

function discardingScenarios(setting: Setting): void {
  // A PAIR could meet the one that is on its way out.
  for (const [from, to] of kinds.slice(0, 2)) {
    scenario(setting, `what ${from} queued is gone after close with a linger of 0`, async (stage) => {
      const [gone, witness] = [stage.open(from, { ...quick, linger: 0 }), stage.open(from, quick)]
      const address = await stage.vacant()
      gone.connect(address)
      for (const number of numbers(5)) await gone.send(number)
      await closed(gone)
      witness.connect(address)
      await witness.send("witness")
      const receiver = stage.open(to)
      await stage.bindTo(receiver, address)
      assert.deepEqual(await take(receiver), ["witness"])
      await takesNothing(receiver, `a ${to} whose other peer had discarded all`)
    })
  }

  scenario(setting, "the linger that counts is the one at the time of close", async (stage) => {
    const sender = stage.open("Push", { ...quick, linger: 0 })
    const gone = stage.open("Push", { ...quick, linger: -1 })
    const address = await stage.vacant()
    for (const push of [gone, sender]) {
      push.connect(address)
      await push.send(push === gone ? "gone" : "kept")
    }
    gone.linger = 0
    sender.linger = 20_000
    await closed(gone)
    sender.close()
    const pull = stage.open("Pull")
    await stage.bindTo(pull, address)
    assert.deepEqual(await take(pull), ["kept"])
    await takesNothing(pull, "a PULL whose other peer had discarded all")
  })
}

// Waiting for the end is an extra of puremq.
function endingScenarios(setting: Setting): void {
  const together = (
    context: puremq.Context,
    linger: number,
  ): { context: puremq.Context; linger: number } => ({
    ...quick,
    context,
    linger,
  })

  scenario(setting, "term waits for a lingering socket until its peer took all", async (stage) => {
    const context = stage.context()
    const push = stage.open("Push", together(context, -1))
    // The other side of inproc is in the same context, and an ending context takes no new socket.
    const pull = stage.open("Pull", setting.transport === "inproc" ? { context } : {})
    const address = await stage.vacant()
    push.connect(address)
    for (const number of numbers(100)) await push.send(number)
    if (setting.transport === "inproc") {
      push.close()
      await stage.bindTo(pull, address)
      assert.deepEqual(await takeMany(pull, 100), numbers(100))
      await within(context.term(), "the context to end")
      return
    }
    let over = false
    const ended = context.term().then(() => {
      over = true
    })
    for (let count = 0; count < 20; count += 1) await turn()
    assert.equal(over, false)
    await stage.bindTo(pull, address)
    assert.deepEqual(await takeMany(pull, 100), numbers(100))
    await within(ended, "the context to end")
  })

  scenario(
    setting,
    "a linger gives up when nobody comes, and then nothing is left to arrive",
    async (stage) => {
      const context = stage.context()
      const push = stage.open("Push", together(context, 30))
      const address = await stage.vacant()
      push.connect(address)
      await push.send("lost")
      await within(context.term(), "the context to end")
      await nothingBut(stage, address)
    },
  )

  scenario(setting, "a linger gives up on a peer that does not read", async (stage) => {
    const context = stage.transport === "inproc" ? undefined : stage.context()
    const pull = stage.open("Pull", { receiveHighWaterMark: 1 })
    const push = stage.open("Push", { linger: 30, ...(context && { context }) }) as puremq.Push
    push.connect(await stage.bind(pull))
    const mebibyte = Buffer.alloc(2 ** 20)
    while (await offer(push, mebibyte, 20));
    await within(push[Symbol.asyncDispose](), "the socket to give up")
    if (context) await within(context.term(), "the context to end")
  })

  scenario(setting, "a context without `blocky` does not wait", async (stage) => {
    const context = new puremq.Context({ blocky: false })
    const push = new puremq.Push({ context })
    assert.equal(push.linger, 0)
    const address = await stage.vacant()
    push.connect(address)
    await push.send("lost")
    await within(context.term(), "the context to end")
    await nothingBut(stage, address)
  })

  scenario(setting, "an ending context fails what is pending and takes no new socket", async (stage) => {
    const context = stage.context()
    const [push, pull] = [stage.open("Push", { context }), stage.open("Pull", { context })]
    await stage.bind(pull)
    const failing = [push.send("no peer"), push.send("second"), pull.receive(), pull.receive()]
    const ended = context.term()
    for (const promise of failing) await assert.rejects(promise, { code: "ETERM", errno: 156384765 })
    await within(ended, "the context to end")
    assert.ok(push.closed && pull.closed && context.closed)
    assert.throws(() => push.send("late"), { code: "EBADF" })
    assert.throws(() => stage.open("Push", { context }), { code: "ETERM" })
    await within(context.term(), "the context that had ended")
  })
}

/** Asserts that of all that was ever sent to `address` only what is sent now arrives. */
async function nothingBut(stage: Stage, address: string): Promise<void> {
  const [witness, pull] = [stage.open("Push", quick), stage.open("Pull")]
  witness.connect(address)
  await witness.send("witness")
  await stage.bindTo(pull, address)
  assert.deepEqual(await take(pull), ["witness"])
  await takesNothing(pull, "a PULL that had the only message")
}
