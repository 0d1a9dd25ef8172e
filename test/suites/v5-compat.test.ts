import assert from "node:assert/strict"
import { once } from "node:events"
import { createRequire } from "node:module"
import { describe, test } from "node:test"
import { inherits } from "node:util"
import * as zmq from "puremq"
import * as v5 from "puremq/v5-compat"
import { fromRoot } from "../interop/package-root.js"
import { unlessMissing } from "../interop/peer.js"
import { within } from "./deadline.js"
import { loadZeromq } from "./library.js"
import { endpointScenarios, monitorScenarios, optionScenarios } from "./v5-compat.js"
import { listenerScenarios, messageScenarios } from "./v5-compat-messages.js"
import { messages, nextMessage, type OldSetting, oldScenario, type V5 } from "./v5-compat-stage.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

function theirs(): V5 {
  return createRequire(fromRoot("test/peers/package.json"))("zeromq/v5-compat") as V5
}

for (const name of ["zeromq", "puremq"] as const) {
  for (const transport of ["tcp", "ipc", "inproc"] as const) {
    // There a socket that waits over inproc does not hear of its peers.
    if (name === "zeromq" && transport === "inproc") continue
    const missing = name === "zeromq" && skip
    describe(`${name}/v5-compat over ${transport}`, { skip: missing }, () => {
      if (missing) return
      const setting: OldSetting = { name, transport, zmq: name === "puremq" ? v5 : theirs() }
      messageScenarios(setting)
      listenerScenarios(setting)
      endpointScenarios(setting)
      optionScenarios(setting)
      // Over ipc libzmq connects without a delay, and takes an address from whoever has it; over inproc it tells nothing.
      if (transport === "tcp") monitorScenarios(setting)
    })
  }
}

test("what zeromq/v5-compat exports is here, and every number is the same", { skip }, () => {
  const [mine, other] = [v5 as Record<string, unknown>, theirs() as unknown as Record<string, unknown>]
  for (const [name, value] of Object.entries(other)) {
    if (typeof value === "function") assert.equal(typeof mine[name], "function", name)
    else assert.deepEqual(mine[name], value, name)
  }
  for (const method of Object.getOwnPropertyNames((other.Socket as V5["Socket"]).prototype)) {
    if (!["_recv", "_send"].includes(method)) assert.ok(method in v5.Socket.prototype, method)
  }
})

const only: OldSetting = { name: "puremq", transport: "inproc", zmq: v5 }

oldScenario(only, "a socket is made with new, without it, and by heirs of the old kind", async (stage) => {
  interface Heir extends v5.Socket {
    greeting: string
  }
  function Heir(this: Heir, type: v5.SocketType): void {
    v5.Socket.call(this as never, type)
    this.greeting = "hello"
  }
  inherits(Heir, v5.Socket)
  const heir = new (Heir as unknown as new (type: v5.SocketType) => Heir)("pair")
  class Modern extends v5.Socket {}
  const modern = new Modern("pair")
  const called = v5.Socket("pair")
  try {
    for (const socket of [heir, modern, called]) assert.ok(socket instanceof v5.Socket)
    assert.equal(modern instanceof Modern, true)
    assert.equal(heir.greeting, "hello")
    await stage.join(heir, modern)
    modern.send(heir.greeting)
    assert.deepEqual(await nextMessage(heir), ["hello"])
    assert.equal(v5.socket(v5.ZMQ_PULL).close().type, "pull")
  } finally {
    for (const socket of [heir, modern, called]) socket.close()
  }
})

oldScenario(only, "its sockets meet those of puremq: there is one library", async (stage) => {
  const old = stage.socket("dealer")
  await using router = new zmq.Router()
  await router.bind("inproc://old-and-new")
  old.connect("inproc://old-and-new")
  old.send("hello")
  const [name, text] = await within(router.receive(), "a message")
  assert.equal(String(text), "hello")
  await router.send([name as Buffer, "welcome"])
  assert.deepEqual(await nextMessage(old), ["welcome"])
  await assert.rejects(new zmq.Pull().bind("nonsense://x"), zmq.ZmqError)
  assert.throws(() => old.bindSync("nonsense://x"), zmq.ZmqError)
})

oldScenario(only, "a paused socket is read", async (stage) => {
  const [push, pull] = [stage.socket("push"), stage.socket("pull")]
  pull.pause()
  await stage.join(pull, push)
  assert.equal(pull.read(), null)
  await within(new Promise((resolve) => push.send(["one", "two"], 0, resolve)), "the message to be sent")
  assert.deepEqual(pull.read()?.map(String), ["one", "two"])
  assert.equal(pull.read(), null)
  pull.resume()
  push.send("three")
  assert.deepEqual(await nextMessage(pull), ["three"])
})

oldScenario(only, "pause in a handler holds back the next message, and loses none", async (stage) => {
  const [push, pull] = [stage.socket("push"), stage.socket("pull")]
  await stage.join(pull, push)
  const got: string[] = []
  pull.on("message", (frame) => {
    got.push(String(frame))
    pull.pause()
  })
  for (const text of ["one", "two", "three"]) push.send(text)
  await nextMessage(pull)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(got, ["one"])
  const rest = messages(pull, 2)
  pull.on("message", () => setImmediate(() => pull.resume()))
  pull.resume()
  assert.deepEqual(await rest, [["two"], ["three"]])
})

oldScenario(only, "what was sent just before close arrives", async (stage) => {
  const [push, pull] = [stage.socket("push"), stage.socket("pull")]
  await stage.join(pull, push)
  const got = messages(pull, 3)
  push.send("one").send("two").send("three").close()
  assert.deepEqual(await got, [["one"], ["two"], ["three"]])
})

oldScenario(only, "close tells those whose messages it gives up", async (stage) => {
  const push = stage.socket("push")
  const told: unknown[] = []
  for (const text of ["one", "two"]) push.send(text, 0, (error) => told.push((error as zmq.ZmqError).code))
  push.send("three")
  push.close()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(told, ["EAGAIN", "EAGAIN"])
})

oldScenario(only, "an option that a type has no use for is kept, as libzmq took it", async (stage) => {
  const subscriber = stage.socket("sub", { identity: "subscriber" })
  assert.equal(subscriber.identity, "subscriber")
  subscriber.setsockopt(v5.ZMQ_SNDHWM, 5)
  assert.equal(subscriber.getsockopt(v5.ZMQ_SNDHWM), 5)
  assert.equal(subscriber.getsockopt(v5.ZMQ_RCVMORE), 0)
})

// There it may end in an error that nobody catches.
oldScenario(only, "unmonitor ends the events, and monitor begins them again", async (stage) => {
  const [one, two] = [stage.socket("rep"), stage.socket("rep")]
  const listened: unknown[] = []
  one.on("listen", (_, address) => listened.push(address))
  one.monitor()
  assert.equal(one.unmonitor(), one)
  one.bindSync("tcp://127.0.0.1:*")
  await new Promise((resolve) => setImmediate(resolve))
  one.monitor()
  const again = once(one, "listen")
  one.bindSync("tcp://127.0.0.1:*")
  await within(again, "the event")
  assert.deepEqual(listened, [one.last_endpoint])
  two.close()
})
