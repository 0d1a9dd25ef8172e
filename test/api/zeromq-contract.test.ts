// What programs rely on that were written for zeromq.js, and where they shall not find what is wrong there.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type * as zmqModule from "puremq"
import * as puremq from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

for (const name of ["puremq", "zeromq"] as const) {
  describe(name, { skip: name === "zeromq" && skip }, () => {
    if (name === "puremq") contract(puremq)
    else if (typeof zeromq !== "string") contract(zeromq.zmq as unknown as typeof zmqModule)
  })
}

/** What both hold to. */
function contract(zmq: typeof zmqModule): void {
  const anything = zmq as unknown as Record<string, new (...values: unknown[]) => zmqModule.Socket>

  test("wrong arguments throw a TypeError with these words", async () => {
    const push = new zmq.Push({ linger: 0 })
    const loose = push as unknown as Record<string, (...values: unknown[]) => unknown>
    const told: [() => unknown, string][] = [
      [
        () => new (anything.Dealer as never as new (value: unknown) => unknown)(1),
        "Options must be an object",
      ],
      [() => new zmq.Context(1 as never), "Options must be an object"],
      [() => loose.connect?.(1), "Address must be a string"],
      [() => loose.bind?.(1), "Address must be a string"],
      [() => loose.bindSync?.(), "Address must be a string"],
      [() => loose.disconnect?.({}), "Address must be a string"],
      [() => loose.send?.(), "Message must be present"],
      [() => Object.assign(push, { linger: "1" }), "Option value must be a number"],
      [() => Object.assign(push, { immediate: 1 }), "Option value must be a boolean"],
      [() => new zmq.Observer(undefined as never), "Socket must be a socket object"],
      [() => new zmq.Proxy(undefined as never, push), "Front-end must be a socket object"],
      [() => new zmq.Proxy(push, undefined as never), "Back-end must be a socket object"],
    ]
    for (const [call, message] of told) assert.throws(call, { name: "TypeError", message })
    assert.throws(() => Object.assign(push, { nonsense: 1 }), {
      name: "TypeError",
      message: "Cannot add property nonsense, object is not extensible",
    })
    push.close()
  })

  test("errors carry code, errno and address", async () => {
    const pull = new zmq.Pull()
    const places: [() => unknown, string, string][] = [
      [() => pull.connect("nonsense://x"), "EPROTONOSUPPORT", "nonsense://x"],
      [() => pull.connect("foo"), "EINVAL", "foo"],
      [() => pull.disconnect("tcp://127.0.0.1:1"), "ENOENT", "tcp://127.0.0.1:1"],
    ]
    const caught: { errno: number }[] = []
    for (const [call, code, address] of places) {
      assert.throws(call, (error: { errno: number }) => {
        assert.deepEqual({ ...error, errno: 0 }, { code, address, errno: 0 })
        caught.push(error)
        return typeof error.errno === "number"
      })
    }
    await assert.rejects(pull.bind("nonsense://x"), { code: "EPROTONOSUPPORT", address: "nonsense://x" })
    await assert.rejects(pull.unbind("tcp://127.0.0.1:1"), { code: "ENOENT", message: "No such endpoint" })
    pull.close()
    assert.equal(caught.length, places.length)
  })

  test("what times out is EAGAIN in these words, and what is out of turn EFSM with its number", async () => {
    const again = { code: "EAGAIN", message: "Operation was not possible or timed out" }
    const [pull, push] = [new zmq.Pull({ receiveTimeout: 0 }), new zmq.Push({ sendTimeout: 0, linger: 0 })]
    await assert.rejects(pull.receive(), again)
    await assert.rejects(push.send("x"), again)
    const waiting = new zmq.Pull()
    const received = waiting.receive()
    waiting.close()
    await assert.rejects(received, again)
    const reply = new zmq.Reply({ sendTimeout: 0 })
    await assert.rejects(reply.send("x"), { code: "EFSM", errno: 156384763 })
    const router = new zmq.Router({ mandatory: true, sendTimeout: 0, linger: 0 })
    await assert.rejects(router.send(["nobody", "x"]), { code: "EHOSTUNREACH", message: "Host unreachable" })
    for (const socket of [pull, push, reply, router]) socket.close()
  })

  test("a closed socket says EBADF to operations and ENOTSOCK to options, and has no context", () => {
    const push = new zmq.Push()
    push.close()
    push.close()
    assert.equal(push.closed, true)
    assert.equal(push.context, undefined)
    assert.equal(push.readable || push.writable, false)
    assert.throws(() => push.linger, { code: "ENOTSOCK" })
    assert.throws(() => push.connect("inproc://x"), { code: "EBADF", message: "Socket is closed" })
    assert.throws(() => push.send("x"), { code: "EBADF" })
    assert.throws(() => push.bind("inproc://x"), { code: "EBADF" })
  })

  test("a connect to a host that has no address does not throw", () => {
    const push = new zmq.Push({ linger: 0 })
    push.connect("tcp://no-such-host.invalid:5555")
    push.close()
  })

  test("events is the same object each time, and on ends receive", () => {
    const pull = new zmq.Pull()
    assert.equal(pull.events, pull.events)
    pull.events.on("bind", () => {})
    assert.throws(() => pull.events.receive(), { message: /^Observer is in event emitter mode\./ })
    pull.close()
  })

  test("null, numbers and bytes are frames", async () => {
    const [push, pull] = [new zmq.Push({ linger: 0 }), new zmq.Pull()]
    await pull.bind(`inproc://frames-${zmq === puremq}`)
    push.connect(`inproc://frames-${zmq === puremq}`)
    await push.send([null, 1.5, "text", new Uint8Array([1, 2]), new Uint8Array([3]).buffer])
    const frames = await pull.receive()
    assert.ok(frames.every(Buffer.isBuffer))
    assert.deepEqual(
      frames.map((frame) => frame.toString("latin1")),
      ["", "1.5", "text", "\x01\x02", "\x03"],
    )
    push.close()
    pull.close()
  })
}

test("unbindSync unbinds", () => {
  using pull = new puremq.Pull()
  pull.bindSync("tcp://127.0.0.1:*")
  const address = pull.lastEndpoint as string
  pull.unbindSync(address)
  assert.throws(() => pull.unbindSync(address), { code: "ENOENT" })
})

test("options of all kinds can be read, and a routing id with zero bytes too", () => {
  using router = new puremq.Router({ mandatory: true, routingId: Buffer.from("a\0b") })
  assert.equal(router.mandatory, true)
  assert.deepEqual(router.routingId, Buffer.from("a\0b"))
  assert.equal(router.tcpAcceptFilter, null)
  assert.equal(router.vmciBufferSize, 0)
  using publisher = new puremq.XPublisher({ verbosity: "allSubs" })
  assert.equal(publisher.verbosity, "allSubs")
})

test("a Reply out of turn and a mandatory Router without peers reject, whatever the timeout", async () => {
  using reply = new puremq.Reply()
  await assert.rejects(reply.send("x"), { code: "EFSM" })
  using request = new puremq.Request()
  await assert.rejects(request.receive(), { code: "EFSM" })
  using router = new puremq.Router({ mandatory: true })
  await assert.rejects(router.send(["nobody", "x"]), { code: "EHOSTUNREACH" })
})

test("a message without a frame is none", () => {
  using push = new puremq.Push()
  assert.throws(() => push.send([]), TypeError)
})

test("the options that a constructor is given stay as they are", () => {
  const context = new puremq.Context()
  const options = { context, linger: 0 }
  new puremq.Push(options).close()
  assert.deepEqual(Object.keys(options), ["context", "linger"])
})
