// Metadata to and from a live libzmq: pyzmq reads what we say, and we what it and npm zeromq say.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as puremq from "puremq"
import { within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"
import { findPython, unlessMissing } from "./peer.js"
import { start } from "./process.js"

const python = findPython()
const zeromq = loadZeromq()

/** Prints the properties of the one message that it gets, as zmq_msg_gets has them. */
const reader = `
import sys, zmq
socket = zmq.Context().socket(zmq.PULL)
print("port", socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)
frame = socket.recv(copy=False)
for name in sys.argv[1:]:
    try:
        print(name, frame.get(name))
    except zmq.ZMQError:
        print(name, "missing")
`

test(
  "pyzmq reads our metadata as we read its peers'",
  unlessMissing(typeof python === "string" ? python : undefined),
  async () => {
    assert.ok(typeof python !== "string")
    const asked = ["Socket-Type", "Peer-Address", "X-hello", "X-utf", "X-none"]
    await using program = start(python.command, "-u", "-c", reader, ...asked)
    const port = (await program.line(/^port (\d+)$/))[1]
    using push = new puremq.Push({ metadata: { "X-hello": "world", "X-utf": "wörld" } })
    push.connect(`tcp://127.0.0.1:${port}`)
    await push.send("hello")
    await program.success()
    const told = [
      "Socket-Type PUSH",
      "Peer-Address 127.0.0.1",
      "X-hello world",
      "X-utf wörld",
      "X-none missing",
    ]
    assert.deepEqual(program.lines.slice(1), told)
    // The same message, the same questions, here.
    using pull = new puremq.Pull({ linger: 0 })
    await pull.bind("tcp://127.0.0.1:0")
    push.connect(pull.lastEndpoint as string)
    push.disconnect(`tcp://127.0.0.1:${port}`)
    await push.send("hello")
    const { sender } = await within(pull.receiveWithSender(), "the message")
    assert.deepEqual(
      asked.map((name) => `${name} ${sender.properties.get(name) ?? "missing"}`),
      told,
    )
  },
)

test(
  "we read what npm zeromq says of itself",
  unlessMissing(typeof zeromq === "string" ? zeromq : undefined),
  async () => {
    assert.ok(typeof zeromq !== "string")
    using router = new puremq.Router({ linger: 0 })
    await router.bind("tcp://127.0.0.1:0")
    const dealer = new zeromq.zmq.Dealer({ linger: 0, routingId: "the dealer" })
    ;(dealer as unknown as { setStringOption(option: number, value: string): void }).setStringOption(
      95,
      "X-hello:world",
    )
    dealer.connect(router.lastEndpoint as string)
    await dealer.send("hello")
    const { sender } = await within(router.receiveWithSender(), "the message")
    assert.deepEqual(Object.fromEntries(sender.properties), {
      "Socket-Type": "DEALER",
      Identity: "the dealer",
      "Routing-Id": "the dealer",
      "Peer-Address": "127.0.0.1",
      "X-hello": "world",
    })
    dealer.close()
  },
)
