// What a class has at run time, and what it does not have.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { context, Socket } from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { puremq as library, loadZeromq } from "../suites/library.js"
import { socketKinds, socketNames } from "./socket-names.js"

const sending = ["send", "trySend", "sendJson"] as const
const receiving = ["receive", "tryReceive", "receiveString", "receiveJson", Symbol.asyncIterator] as const
const always = ["bind", "unbind", "bindSync", "unbindSync", "connect", "disconnect", "close"] as const

const { zmq: puremq } = library

for (const name of socketNames) {
  test(`${name} has the methods of its direction and no others`, () => {
    const { type, receives, sends } = socketKinds[name]
    using socket: Socket = new puremq[name]()
    const methods = socket as unknown as Record<string | symbol, unknown>
    for (const method of always) assert.equal(typeof methods[method], "function", method)
    for (const method of sending) assert.equal(method in socket, sends, method)
    for (const method of receiving) assert.equal(method in socket, receives, String(method))
    for (const method of ["subscribe", "unsubscribe"]) {
      assert.equal(method in socket, ["Subscriber", "XPublisher"].includes(name), method)
    }
    assert.equal(socket.type, type)
    assert.equal(socket.constructor.name, name)
    assert.ok(socket instanceof Socket)
    assert.equal(Object.isSealed(socket), true)
    assert.deepEqual(Object.keys(socket), [])
  })

  test(`${name} tells what it is: open, then closed`, () => {
    const { sends } = socketKinds[name]
    const socket = new puremq[name]()
    assert.equal(socket.closed, false)
    assert.equal(socket.context, context)
    assert.equal(socket.lastEndpoint, null)
    assert.equal(socket.securityMechanism, null)
    assert.equal(socket.threadSafe, false)
    assert.equal(socket.readable, false)
    // Only those that drop or refuse what nobody takes can send without a peer.
    assert.equal(
      socket.writable,
      sends && ["Publisher", "XPublisher", "XSubscriber", "Router", "Stream"].includes(name),
    )
    assert.equal(socket.events, socket.events)
    socket.close()
    assert.equal(socket.closed, true)
    assert.equal(socket.context, undefined)
    assert.equal(socket.readable, false)
    assert.equal(socket.writable, false)
    for (const property of ["type", "lastEndpoint", "securityMechanism", "threadSafe", "linger"] as const) {
      assert.throws(() => socket[property], { code: "ENOTSOCK" }, property)
    }
    assert.throws(() => (socket.linger = 0), { code: "ENOTSOCK" })
    socket.close()
  })
}

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  for (const name of socketNames) {
    test(`${name} says the same of itself`, () => {
      const ours = new puremq[name]()
      const theirs = new zeromq.zmq[name]()
      const facts = (socket: Socket) => {
        const { type, readable, writable, lastEndpoint, securityMechanism, threadSafe, closed } = socket
        return { type, readable, writable, lastEndpoint, securityMechanism, threadSafe, closed }
      }
      assert.deepEqual(facts(ours), facts(theirs))
      ours.close()
      theirs.close()
      assert.deepEqual(
        [ours.readable, ours.writable, ours.context, ours.closed],
        [theirs.readable, theirs.writable, theirs.context, theirs.closed],
      )
    })
  }
})
