// The end of a socket, and the operations that it finds pending or that come too late; the timeouts of those.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, take, takeMany, takesNothing } from "./talk.js"

const again = { code: "EAGAIN", errno: 11, message: "Operation was not possible or timed out" }
const closed = { code: "EBADF", errno: 9, message: "Socket is closed" }

export function closeScenarios(setting: Setting): void {
  const oneAtATime = setting.library.name === "zeromq"

  scenario(setting, "close fails what is pending", async (stage) => {
    for (const [writer, reader] of [
      [stage.open("Push"), stage.open("Pull")],
      [stage.open("Dealer"), stage.open("Dealer")],
      [stage.open("Pair"), stage.open("Pair")],
    ] as const) {
      await stage.bind(writer)
      await stage.bind(reader)
      const pending = oneAtATime ? [writer.send("a")] : [writer.send("a"), writer.send("b")]
      pending.push(reader.receive().then(() => assert.fail("there was nothing to receive")))
      const failing = pending.map((promise) => assert.rejects(promise, again))
      writer.close()
      reader.close()
      await within(Promise.all(failing), "the pending operations to fail")
    }
  })

  scenario(setting, "close fails a REQ that waits for its answer", async (stage) => {
    const [request, reply] = [stage.open("Request"), stage.open("Reply")]
    request.connect(await stage.bind(reply))
    await request.send("question")
    assert.deepEqual(await take(reply), ["question"])
    const failing = assert.rejects(request.receive(), again)
    request.close()
    await within(failing, "the pending receive to fail")
  })

  scenario(setting, "close ends a loop over messages", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    push.connect(await stage.bind(pull))
    const seen: string[] = []
    const loop = (async () => {
      for await (const [frame] of pull) seen.push(String(frame))
    })()
    for (const number of numbers(3)) await push.send(number)
    await eventually(async () => seen.length === 3, "the loop to see all messages")
    pull.close()
    await within(loop, "the loop to end")
    assert.deepEqual(seen, numbers(3))
    for await (const _ of pull) assert.fail("a closed socket has no messages")
  })

  scenario(setting, "a loop may close its own socket", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    push.connect(await stage.bind(pull))
    for (const number of numbers(5)) await push.send(number)
    const seen: string[] = []
    for await (const [frame] of pull) {
      seen.push(String(frame))
      if (seen.length === 3) pull.close()
    }
    assert.deepEqual(seen, numbers(3))
  })

  scenario(setting, "leaving a loop leaves the socket open", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    push.connect(await stage.bind(pull))
    for (const number of numbers(5)) await push.send(number)
    for await (const [frame] of pull) if (String(frame) === "1") break
    assert.equal(pull.closed, false)
    assert.deepEqual(await takeMany(pull, 3), ["2", "3", "4"])
  })

  scenario(setting, "closing again does nothing, and what comes later fails", async (stage) => {
    const pair = stage.open("Pair")
    const address = await stage.bind(pair)
    assert.equal(pair.closed, false)
    pair.close()
    pair.close()
    assert.equal(pair.closed, true)
    const late: [string, () => unknown][] = [
      ["send", () => pair.send("late")],
      ["receive", () => pair.receive()],
      ["bind", () => pair.bind(address)],
      ["bindSync", () => pair.bindSync(address)],
      ["unbind", () => pair.unbind(address)],
      ["unbindSync", () => pair.unbindSync(address)],
      ["connect", () => pair.connect(address)],
      ["disconnect", () => pair.disconnect(address)],
    ]
    for (const [name, call] of late) assert.throws(call, closed, `${name} should have thrown EBADF`)
    const gone: [string, () => unknown][] = [
      ["linger", () => pair.linger],
      ["setting linger", () => (pair.linger = 1)],
      ["sendTimeout", () => pair.sendTimeout],
      ["lastEndpoint", () => pair.lastEndpoint],
      ["type", () => pair.type],
      ["securityMechanism", () => pair.securityMechanism],
    ]
    for (const [name, read] of gone)
      assert.throws(read, { code: "ENOTSOCK", errno: 88 }, `${name} should have thrown ENOTSOCK`)
    const subscriber = stage.open("Subscriber")
    subscriber.close()
    for (const ask of ["subscribe", "unsubscribe"] as const)
      assert.throws(() => subscriber[ask]("late"), { code: "ENOTSOCK", errno: 88 }, ask)
    assert.deepEqual([pair.readable, pair.writable, pair.context], [false, false, undefined])
    assert.equal((await pair[Symbol.asyncIterator]().next()).done, true)
  })

  scenario(setting, "close in the middle of bind ends the socket, and frees the address", async (stage) => {
    const [hasty, heir] = [stage.open("Pull"), stage.open("Pull")]
    const address = await stage.vacant()
    const bound = hasty.bind(address)
    hasty.close()
    await within(bound, "bind to settle")
    assert.equal(hasty.closed, true)
    await stage.bindTo(heir, address)
    const push = stage.open("Push", { reconnectInterval: 10 })
    push.connect(address)
    await push.send("heir")
    assert.deepEqual(await take(heir), ["heir"])
  })

  scenario(setting, "what was received and not read is gone with its socket", async (stage) => {
    const [push, pull, heir] = [
      stage.open("Push", { reconnectInterval: 10 }),
      stage.open("Pull"),
      stage.open("Pull"),
    ]
    const address = await stage.bind(pull)
    push.connect(address)
    for (const number of numbers(3)) await push.send(number)
    assert.deepEqual(await take(pull), ["0"])
    await eventually(async () => pull.readable, "the other messages to come")
    pull.close()
    await stage.bindTo(heir, address)
    await takesNothing(heir, "a socket that nobody has sent anything to")
  })

  timeoutScenarios(setting)
}

function timeoutScenarios(setting: Setting): void {
  for (const timeout of [0, 50]) {
    scenario(setting, `send and receive give up after ${timeout} ms`, async (stage) => {
      const [push, pull] = [
        stage.open("Push", { sendTimeout: timeout }),
        stage.open("Pull", { receiveTimeout: timeout }),
      ]
      const address = await stage.bind(pull)
      for (let count = 0; count < 2; count += 1) {
        await assert.rejects(within(push.send("no peer"), "send to give up"), again)
        await assert.rejects(within(pull.receive(), "receive to give up"), again)
      }
      push.connect(address)
      push.sendTimeout = -1
      pull.receiveTimeout = -1
      await push.send("first")
      assert.deepEqual(await take(pull), ["first"])
      await takesNothing(pull, "a PULL whose peer had given up on the others")
    })
  }

  scenario(setting, "a timeout ends the loop over messages with an error", async (stage) => {
    const pull = stage.open("Pull", { receiveTimeout: 20 })
    const loop = async (): Promise<void> => {
      for await (const _ of pull) assert.fail("there was nothing to receive")
    }
    await assert.rejects(within(loop(), "the loop to give up"), again)
    assert.equal(pull.closed, false)
  })

  scenario(setting, "without a timeout send and receive wait", async (stage) => {
    const [push, pull] = [stage.open("Push"), stage.open("Pull")]
    assert.deepEqual([push.sendTimeout, pull.receiveTimeout], [-1, -1])
    const address = await stage.bind(push)
    const sent = push.send("patient")
    pull.connect(address)
    await within(sent, "send to go on")
    assert.deepEqual(await take(pull), ["patient"])
    const received = take(pull)
    await push.send("welcome")
    assert.deepEqual(await received, ["welcome"])
  })

  scenario(setting, "what is done in time is not touched by its timeout", async (stage) => {
    const [push, pull] = [
      stage.open("Push", { sendTimeout: 5000 }),
      stage.open("Pull", { receiveTimeout: 5000 }),
    ]
    const address = await stage.bind(push)
    const sent = push.send("first")
    pull.connect(address)
    await sent
    assert.deepEqual(await take(pull), ["first"])
    const received = take(pull)
    await push.send("second")
    assert.deepEqual(await received, ["second"])
  })

  scenario(setting, "REQ and REP give up on a peer that says nothing", async (stage) => {
    const [request, reply] = [
      stage.open("Request", { receiveTimeout: 30 }),
      stage.open("Reply", { receiveTimeout: 30 }),
    ]
    request.connect(await stage.bind(reply))
    await assert.rejects(reply.receive(), again)
    await request.send("question")
    reply.receiveTimeout = -1
    assert.deepEqual(await take(reply), ["question"])
    await assert.rejects(request.receive(), again)
    await reply.send("late answer")
    request.receiveTimeout = -1
    assert.deepEqual(await take(request), ["late answer"])
  })
}
