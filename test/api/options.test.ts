// Every socket option: its default, its values, its errors, as a property and in the constructor, and that
// zeromq.js says the same.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Context, Dealer } from "puremq"
import { type OptionName, optionNames, optionTable } from "#src/core/options.js"
import type { SocketType } from "#src/peer.js"
import { unlessMissing } from "../interop/peer.js"
import { puremq as library, loadZeromq, type SharedApi, type SocketName } from "../suites/library.js"
import { socketNames } from "./socket-names.js"

type AnySocket = Record<string, unknown> & { close(): void }

const { zmq: puremq } = library
const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

const typeOf: Readonly<Record<SocketName, SocketType>> = {
  Pair: "PAIR",
  Publisher: "PUB",
  Subscriber: "SUB",
  Request: "REQ",
  Reply: "REP",
  Dealer: "DEALER",
  Router: "ROUTER",
  Pull: "PULL",
  Push: "PUSH",
  XPublisher: "XPUB",
  XSubscriber: "XSUB",
}

function withSocket<Result>(
  zmq: SharedApi,
  name: SocketName,
  options: object,
  use: (socket: AnySocket) => Result,
): Result {
  const construct = zmq[name] as unknown as new (options: object) => AnySocket
  const socket = new construct(options)
  try {
    return use(socket)
  } finally {
    socket.close()
  }
}

/** The value that is read back after `value` was set, or how setting it failed. */
function fate(zmq: SharedApi, socketName: SocketName, option: string, value: unknown): unknown {
  return withSocket(zmq, socketName, {}, (socket) => {
    try {
      socket[option] = value
    } catch (error) {
      const { name, code, message } = error as Error & { code?: string }
      return code === undefined ? { name, message } : { code }
    }
    return { value: socket[option] }
  })
}

/** An option of the table, with the first class that has it. */
const options = (Object.keys(optionTable) as OptionName[]).map((name) => {
  const entry: { kind: string; min?: number; max?: number } = optionTable[name]
  const owner = socketNames.find((socket) => optionNames(typeOf[socket]).includes(name))
  assert.ok(owner !== undefined, `no socket has ${name}`)
  return { name, owner, ...entry }
})

const wrongTypes: Readonly<Record<string, { values: readonly unknown[]; message: string }>> = {
  int: { values: ["7", null, undefined, {}, 10n, true], message: "Option value must be a number" },
  bool: { values: [0, 1, "true", null, undefined, {}], message: "Option value must be a boolean" },
  id: { values: [0, true, undefined, {}], message: "Option value must be a string or buffer" },
}

for (const { name, owner, kind, min = 0, max = 2 ** 31 - 1 } of options) {
  describe(`the option ${name}`, () => {
    const good: readonly unknown[] =
      kind === "int"
        ? [min, max]
        : kind === "bool"
          ? [true, false]
          : ["name", "x".repeat(255), Buffer.from([1, 0, 255])]

    test("keeps a value, as a property and in the constructor", () => {
      for (const value of good) {
        assert.deepEqual(fate(puremq, owner, name, value), { value })
        withSocket(puremq, owner, { [name]: value }, (socket) => assert.deepEqual(socket[name], value))
      }
    })

    test("refuses another type, and keeps what it had", () => {
      const wrong = wrongTypes[kind]
      assert.ok(wrong !== undefined, `the test knows no wrong types for ${kind}`)
      withSocket(puremq, owner, {}, (socket) => {
        const before = socket[name]
        for (const value of wrong.values) {
          const expected = { name: "TypeError", message: wrong.message }
          assert.throws(() => (socket[name] = value), expected)
          assert.throws(() => withSocket(puremq, owner, { [name]: value }, () => {}), expected)
        }
        assert.deepEqual(socket[name], before)
      })
    })

    test("refuses what is out of its range", () => {
      const bad: readonly unknown[] =
        kind === "int"
          ? [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 40)]
          : kind === "id"
            ? ["", "x".repeat(256), "\u00e9".repeat(128), "\0name", Buffer.alloc(0)]
            : []
      for (const value of bad)
        assert.deepEqual(fate(puremq, owner, name, value), { code: "EINVAL" }, String(value))
    })

    if (kind === "int") {
      test("cuts a fraction off, as zeromq.js does", () => {
        assert.deepEqual(fate(puremq, owner, name, 0.9), { value: 0 })
        assert.deepEqual(fate(puremq, owner, name, -0.9), { value: 0 })
      })
    }
  })
}

test("a class has its own options and no other's", () => {
  for (const socketName of socketNames) {
    withSocket(puremq, socketName, {}, (socket) => {
      const own = new Set<string>(optionNames(typeOf[socketName]))
      for (const { name } of options) assert.equal(name in socket, own.has(name), `${socketName}.${name}`)
    })
  }
})

test("an option that a class has not, or nobody has, is an error", () => {
  const cases: readonly [SocketName, string][] = [
    ["Dealer", "recieveTimeout"],
    ["Push", "receiveTimeout"],
    ["Pull", "sendHighWaterMark"],
    ["Dealer", "mandatory"],
    ["Router", "conflate"],
  ]
  for (const [socketName, option] of cases) {
    const expected = { name: "TypeError", message: `Cannot add property ${option}, object is not extensible` }
    withSocket(puremq, socketName, {}, (socket) => assert.throws(() => (socket[option] = 1), expected))
    assert.throws(() => withSocket(puremq, socketName, { [option]: 1 }, () => {}), expected)
  }
})

test("a socket whose options fail does not stay open", () => {
  const context = new Context({ maxSockets: 1 })
  assert.throws(() => new Dealer({ context, linger: "x" as unknown as number }), { name: "TypeError" })
  new Dealer({ context }).close()
})

test("an option that comes too late is warned of, one that takes effect at once is not", async () => {
  const warnings: string[] = []
  const listen = (warning: Error): void => {
    warnings.push(warning.message)
  }
  process.on("warning", listen)
  try {
    using dealer = new Dealer({ linger: 0 })
    dealer.backlog = 5
    dealer.bindSync("inproc://warned")
    for (const { name, kind, effect } of options.map((option) => ({
      ...option,
      ...optionTable[option.name],
    }))) {
      if (kind !== "int" || effect !== "now" || !(name in dealer)) continue
      ;(dealer as unknown as AnySocket)[name] = 0
    }
    await new Promise(setImmediate)
    assert.deepEqual(warnings, [])
    dealer.backlog = 6
    await new Promise(setImmediate)
    assert.deepEqual(warnings, ["Socket option will not take effect until next connect/bind."])
  } finally {
    process.off("warning", listen)
  }
})

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const { zmq } = zeromq
  // zeromq.js can only set these.
  const writeOnly: readonly string[] = ["conflate", "handover", "mandatory"]

  test("the same classes have the same options, with the same defaults", () => {
    for (const socketName of socketNames) {
      withSocket(zmq, socketName, {}, (theirs) =>
        withSocket(puremq, socketName, {}, (ours) => {
          for (const { name } of options) {
            assert.equal(name in ours, name in theirs, `${socketName}.${name}`)
            if (!(name in ours)) continue
            const expected = writeOnly.includes(name) ? false : theirs[name]
            assert.equal(ours[name], expected, `${socketName}.${name}`)
          }
        }),
      )
    }
  })

  test("the same values are taken and refused", () => {
    const values: Readonly<Record<string, readonly unknown[]>> = {
      int: [-1, 0, 1, 2, 1.5, 1000, 2 ** 31 - 1, "7", null, undefined, {}, 10n],
      bool: [true, false, 0, 1, "true", null, undefined, {}],
      id: [
        "name",
        "\u00e9",
        "x".repeat(255),
        "",
        "x".repeat(256),
        Buffer.alloc(0),
        Buffer.alloc(256),
        0,
        undefined,
        {},
      ],
    }
    for (const { name, owner, kind } of options) {
      if (writeOnly.includes(name)) continue
      for (const value of values[kind] ?? []) {
        assert.deepEqual(
          fate(puremq, owner, name, value),
          fate(zmq, owner, name, value),
          `${name} = ${String(value)}`,
        )
      }
    }
  })
})
