// A context's options: defaults, ranges, errors, by name and by number, their effects, and that zeromq.js says the same.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Context, Dealer, Pull, Push } from "puremq"
import { contextOptionNames } from "#src/core/context-options.js"
import { unlessMissing } from "../interop/peer.js"
import { puremq as library, loadZeromq, type SharedApi } from "../suites/library.js"

interface Numbered {
  getBoolOption(...args: unknown[]): boolean
  setBoolOption(...args: unknown[]): void
  getInt32Option(...args: unknown[]): number
  setInt32Option(...args: unknown[]): void
}

type AnyContext = Numbered & Record<string, unknown>

const { zmq: puremq } = library
const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

const create = ({ Context }: SharedApi): AnyContext => new Context() as unknown as AnyContext

/** What a call returns, or how it fails. */
function outcome(call: () => unknown): unknown {
  try {
    return { value: call() }
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    return code === undefined ? { name, message } : { code }
  }
}

async function disconnected({ events }: Push): Promise<void> {
  for await (const { type } of events) if (type === "disconnect") return
}

test("options are kept, given to the constructor or set", () => {
  const context = new Context({ ioThreads: 4, blocky: false, threadPriority: 5, maxMessageSize: 9 })
  context.threadSchedulingPolicy = 1
  const { ioThreads, blocky, threadPriority, threadSchedulingPolicy, maxMessageSize, ipv6 } = context
  assert.deepEqual(
    { ioThreads, blocky, threadPriority, threadSchedulingPolicy, maxMessageSize, ipv6 },
    {
      ioThreads: 4,
      blocky: false,
      threadPriority: 5,
      threadSchedulingPolicy: 1,
      maxMessageSize: 9,
      ipv6: false,
    },
  )
})

test("a bad value changes nothing, and says what would be right", () => {
  const context = new Context()
  assert.throws(() => (context.maxSockets = 0), {
    code: "EINVAL",
    message: "maxSockets goes from 1 to 2147483647; 0 doesn't.",
  })
  assert.throws(() => (context.ioThreads = Number.NaN), { code: "EINVAL" })
  assert.throws(() => new Context({ maxSockets: -1 }), { code: "EINVAL" })
  assert.equal(context.maxSockets, 1023)
  assert.equal(context.ioThreads, 1)
})

test("what is no option is an error, and the limit of sockets cannot be set", () => {
  const unknown = { ioThread: 1 } as object
  assert.throws(() => new Context(unknown), {
    name: "TypeError",
    message: "Cannot add property ioThread, object is not extensible",
  })
  assert.throws(() => Object.assign(new Context(), { maxSocketsLimit: 1 }), { name: "TypeError" })
})

test("maxSockets bounds the sockets that are open", () => {
  const context = new Context({ maxSockets: 1 })
  const first = new Dealer({ context })
  assert.throws(() => new Dealer({ context }), { code: "EMFILE" })
  first.close()
  new Dealer({ context }).close()
})

test("new sockets have what their context says of ipv6 and lingering", () => {
  const context = new Context({ ipv6: true, blocky: false })
  const early = new Dealer({ context })
  context.ipv6 = false
  context.blocky = true
  const late = new Dealer({ context })
  assert.deepEqual([early.ipv6, early.linger, late.ipv6, late.linger], [true, 0, false, -1])
  early.close()
  late.close()
})

test("maxMessageSize bounds the frames that a context's sockets receive, and the lesser limit counts", async () => {
  for (const { limits, frame, passes } of [
    { limits: { context: 100, socket: -1 }, frame: 100, passes: true },
    { limits: { context: 100, socket: -1 }, frame: 101, passes: false },
    { limits: { context: 100, socket: 200 }, frame: 101, passes: false },
    { limits: { context: 200, socket: 100 }, frame: 101, passes: false },
    { limits: { context: 2 ** 31 - 1, socket: -1 }, frame: 1000, passes: true },
  ]) {
    const context = new Context({ maxMessageSize: limits.context })
    const pull = new Pull({ context, maxMessageSize: limits.socket })
    const push = new Push({ linger: 0, reconnectInterval: -1 })
    await pull.bind("tcp://127.0.0.1:*")
    const gone = disconnected(push)
    push.connect(pull.lastEndpoint ?? "")
    await push.send(Buffer.alloc(frame))
    if (passes) assert.equal((await pull.receive())[0]?.length, frame)
    else await gone
    push.close()
    pull.close()
    await gone
  }
})

test("by number a thread's affinity and its name's prefix are unknown: there are no threads", () => {
  const context = create(puremq)
  for (const id of [7, 8, 9, 10]) {
    assert.throws(() => context.getInt32Option(id), { code: "EINVAL" })
    assert.throws(() => context.setInt32Option(id, 1), { code: "EINVAL" })
  }
})

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const { zmq } = zeromq
  const writeOnly: readonly string[] = ["threadPriority", "threadSchedulingPolicy"]
  const values = [
    -2,
    -1,
    0,
    1,
    2,
    99,
    65_536,
    2 ** 31 - 1,
    2 ** 31,
    1.5,
    -0.5,
    true,
    false,
    "1",
    null,
    undefined,
  ]

  test("the same options have the same defaults", () => {
    for (const name of [...contextOptionNames, "maxSocketsLimit"]) {
      const [mine, theirs] = [create(puremq), create(zmq)]
      assert.ok(name in theirs, name)
      assert.equal(mine[name], writeOnly.includes(name) ? -1 : theirs[name], name)
    }
  })

  test("the same values are taken and refused", () => {
    for (const name of contextOptionNames) {
      for (const value of values) {
        const set = (api: SharedApi): unknown => {
          const context = create(api)
          return outcome(() => {
            context[name] = value
            return writeOnly.includes(name) ? undefined : context[name]
          })
        }
        assert.deepEqual(set(puremq), set(zmq), `${name} = ${String(value)}`)
      }
    }
  })

  test("by number the same values are read, taken and refused", () => {
    for (const id of [-1, 0, 1, 2, 3, 5, 6, 11, 42, 70, 99, "1", undefined]) {
      const read = (api: SharedApi): unknown => {
        const context = create(api)
        return [outcome(() => context.getInt32Option(id)), outcome(() => context.getBoolOption(id))]
      }
      assert.deepEqual(read(puremq), read(zmq), `option ${id}`)
      for (const value of values) {
        const set = (api: SharedApi): unknown => {
          const context = create(api)
          return [
            outcome(() => context.setInt32Option(id, value)),
            outcome(() => context.setBoolOption(id, value)),
            outcome(() => context.getInt32Option(id)),
          ]
        }
        // There a number beyond 32 bits loses its upper ones.
        if (value !== 2 ** 31) assert.deepEqual(set(puremq), set(zmq), `option ${id} = ${String(value)}`)
      }
    }
  })

  test("THREAD_SCHED_POLICY is read by number once it is set; before, zeromq.js takes its -1 for a failure", () => {
    const [mine, theirs] = [create(puremq), create(zmq)]
    assert.equal(mine.getInt32Option(4), -1)
    assert.throws(() => theirs.getInt32Option(4), { name: "Error" })
    for (const context of [mine, theirs]) {
      context.setInt32Option(4, 1)
      assert.throws(() => context.setInt32Option(4, -1), { code: "EINVAL" })
      assert.equal(context.getInt32Option(4), 1)
    }
  })

  test("there maxMessageSize is kept and bounds nothing", async () => {
    const context = new zmq.Context({ maxMessageSize: 10 })
    const pull = new zmq.Pull({ context })
    const push = new zmq.Push({ context, linger: 0 })
    await pull.bind("tcp://127.0.0.1:*")
    push.connect(pull.lastEndpoint ?? "")
    await push.send(Buffer.alloc(100))
    assert.equal((await pull.receive())[0]?.length, 100)
    push.close()
    pull.close()
  })
})
