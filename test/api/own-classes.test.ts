// Classes of the user's own, made of `Socket` and a type's number as with zeromq.js.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type * as zmqModule from "puremq"
import * as puremqModule from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"

const PAIR = 0
const REQ = 3
const PULL = 7

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

for (const name of ["puremq", "zeromq"] as const) {
  describe(name, { skip: name === "zeromq" && skip }, () => {
    if (name === "zeromq" && typeof zeromq === "string") return
    const zmq = (name === "puremq" ? puremqModule : (zeromq as { zmq: unknown }).zmq) as typeof zmqModule
    ownClasses(zmq)
  })
}

function ownClasses(zmq: typeof zmqModule): void {
  // biome-ignore lint/correctness/noUnusedVariables: it is the class's other half.
  interface Own extends zmqModule.Readable, zmqModule.Writable {}
  class Own extends zmq.Socket {
    constructor(type: number, options?: object) {
      super(type, options)
    }

    get lingering(): number {
      return this.getInt32Option(17)
    }

    set lingering(value: number) {
      this.setInt32Option(17, value)
    }
  }

  test("a class made of Socket and a number sends and receives", async () => {
    const [one, two] = [new Own(PAIR, { linger: 0 }), new Own(PAIR, { linger: 0 })]
    try {
      await one.bind(`inproc://own-${zmq.version}`)
      two.connect(`inproc://own-${zmq.version}`)
      await one.send(["to", "two"])
      assert.deepEqual((await two.receive()).map(String), ["to", "two"])
      await two.send("to one")
      assert.deepEqual((await one.receive()).map(String), ["to one"])
      assert.equal(one.type, PAIR)
      assert.equal(one instanceof zmq.Socket, true)
      assert.equal(one instanceof Own, true)
    } finally {
      one.close()
      two.close()
    }
    assert.equal(one.closed, true)
    assert.throws(() => one.receive(), { code: "EBADF" })
  })

  test("its own properties are options of the constructor beside those of all sockets", () => {
    const own = new Own(PULL, { lingering: 7, maxMessageSize: 5 })
    assert.equal(own.linger, 7)
    own.linger = 8
    assert.equal(own.lingering, 8)
    assert.equal(own.maxMessageSize, 5)
    own.close()
    // zeromq.js leaves the socket open and crashes, or hangs, at the process's end.
    if (zmq !== puremqModule) return
    const expected = { name: "TypeError", message: /^Cannot add property nonsense, / }
    assert.throws(() => new Own(PULL, { nonsense: 1 }), expected)
  })

  test("it belongs to the context that it is given, else to the common one", () => {
    const context = new zmq.Context()
    const [common, special] = [new Own(REQ), new Own(REQ, { context })]
    assert.equal(common.context, zmq.context)
    assert.equal(special.context, context)
    common.close()
    special.close()
  })

  test("what is no number, no type and no options is refused", () => {
    const construct = zmq.Socket as unknown as new (...values: unknown[]) => zmqModule.Socket
    const noNumber = { name: "TypeError", message: "Socket type must be a number" }
    assert.throws(() => new construct(), noNumber)
    assert.throws(() => new construct("PULL", {}), noNumber)
    assert.throws(() => new construct(REQ, 1), { name: "TypeError", message: "Options must be an object" })
    assert.throws(() => new construct(4591), { code: "EINVAL", message: "Invalid argument" })
  })

  test("an option set while a bind is pending is told of as late", async (t) => {
    const warnings: string[] = []
    t.mock.method(process, "emitWarning", (warning: string | Error) => warnings.push(String(warning)))
    const dealer = new zmq.Dealer({ linger: 0 })
    const bound = dealer.bind(`inproc://late-${zmq.version}`)
    dealer.routingId = "late"
    await bound
    dealer.close()
    // zeromq.js warns without process.emitWarning.
    if (warnings.length > 0 || zmq === puremqModule) {
      assert.deepEqual(warnings, ["Socket option will not take effect until next connect/bind."])
    }
  })
}
