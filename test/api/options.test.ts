// Every socket option: its default, its values, its errors, as a property and in the constructor, and its warning.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Context, Dealer } from "puremq"
import type { OptionEntry, OptionKind } from "#src/core/options/kinds.js"
import { optionNames } from "#src/core/options.js"
import type { SocketName } from "../suites/library.js"
import { fate, goodValues, INT_MAX, options, puremq, typeOf, warningsOf, withSocket } from "./option-stage.js"
import { socketNames } from "./socket-names.js"

const noText = "Option value must be a string or buffer"
const wrongTypes: Readonly<Record<OptionKind, { values: readonly unknown[]; message: string } | undefined>> =
  {
    int: { values: ["7", null, undefined, {}, 10n, true], message: "Option value must be a number" },
    bool: { values: [0, 1, "true", null, undefined, {}], message: "Option value must be a boolean" },
    id: { values: [0, true, undefined, {}], message: noText },
    text: { values: [0, true, undefined, {}], message: noText },
    bytes: { values: [0, true, undefined, {}], message: noText },
    key: { values: [0, true, undefined, {}], message: noText },
    // As with zeromq.js any other value is out of range.
    choice: undefined,
    properties: { values: [0, true, undefined, "X-a:b"], message: "Option value must be an object" },
  }

function badValues({ kind, min = kind === "text" ? 1 : 0, max = INT_MAX }: OptionEntry): readonly unknown[] {
  switch (kind) {
    case "int":
      return [min - 1, Math.max(max + 1, max * 1.001), Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 40)]
    case "bool":
    case "bytes":
      return []
    case "key":
      return [null, "", "0".repeat(39), "0".repeat(41), " ".repeat(40), Buffer.alloc(31), Buffer.alloc(40)]
    case "id":
      return ["", "x".repeat(256), "\u00e9".repeat(128), "\0name", Buffer.alloc(0)]
    case "text":
      return [...(min === 0 ? [] : [""]), ...(max === INT_MAX ? [] : ["x".repeat(max + 1)])]
    case "choice":
      return ["", "other", undefined, true, 1]
    case "properties":
      return [
        { Name: "v" },
        { "X-": "v" },
        { "X-a b": "v" },
        { "X-\u00e9": "v" },
        { [`X-${"n".repeat(254)}`]: "" },
      ]
  }
}

/** Who chooses CURVE has to have them before he binds. */
const curveKeys = {
  curvePublicKey: "0".repeat(40),
  curveSecretKey: "0".repeat(40),
  curveServerKey: "0".repeat(40),
}

for (const { name, owner, ...entry } of options) {
  describe(`the option ${name}`, () => {
    test("keeps a value, as a property and in the constructor", () => {
      for (const value of goodValues(entry)) {
        assert.deepEqual(fate(puremq, owner, name, value), { value })
        withSocket(puremq, owner, { [name]: value }, (socket) => assert.deepEqual(socket[name], value))
      }
    })

    const wrong = wrongTypes[entry.kind]
    if (wrong !== undefined) {
      test("refuses another type, and keeps what it had", () => {
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
    }

    const bad = badValues(entry)
    if (bad.length > 0) {
      test("refuses what is out of its range, and keeps what it had", () => {
        withSocket(puremq, owner, {}, (socket) => {
          const before = socket[name]
          for (const value of bad) {
            assert.throws(() => (socket[name] = value), { code: "EINVAL" }, String(value))
            assert.deepEqual(socket[name], before)
          }
        })
      })
    }

    if (entry.kind === "int" && (entry.min ?? 0) <= 0) {
      test("cuts a fraction off, as zeromq.js does", () => {
        assert.deepEqual(fate(puremq, owner, name, 0.9), { value: 0 })
        assert.deepEqual(fate(puremq, owner, name, -0.9), { value: 0 })
      })
    }

    test(`set after bind is ${entry.effect === "next" ? "" : "not "}warned of`, async () => {
      const [value] = goodValues(entry)
      const warnings = await warningsOf(() =>
        withSocket(puremq, owner, { linger: 0, ...(name.startsWith("curve") ? curveKeys : {}) }, (socket) => {
          socket[name] = value
          ;(socket as unknown as Dealer).bindSync("tcp://127.0.0.1:*")
          socket[name] = value
        }),
      )
      const late = "Socket option will not take effect until next connect/bind."
      assert.deepEqual(warnings, entry.effect === "next" ? [late] : [])
    })
  })
}

test("text may be given as bytes, and is read back as text", () => {
  const bytes = Buffer.from("caf\u00e9:1080")
  assert.deepEqual(fate(puremq, "Dealer", "socksProxy", bytes), { value: "caf\u00e9:1080" })
  assert.deepEqual(fate(puremq, "Dealer", "socksProxy", Buffer.alloc(0)), { value: null })
})

test("bytes are copied when they are set", () => {
  const message = Buffer.from("hello")
  withSocket(puremq, "XPublisher", { welcomeMessage: message }, (socket) => {
    message.fill(0)
    assert.deepEqual(socket.welcomeMessage, Buffer.from("hello"))
  })
})

test("properties are copied when they are set, and frozen", () => {
  const properties: Record<string, string> = { "X-a": "1" }
  withSocket(puremq, "Dealer", { metadata: properties }, (socket) => {
    properties["X-a"] = "2"
    assert.deepEqual(socket.metadata, { "X-a": "1" })
    assert.ok(Object.isFrozen(socket.metadata))
  })
  assert.throws(() => withSocket(puremq, "Dealer", { metadata: { "X-a": 1 } }, () => {}), {
    name: "TypeError",
    message: "A property's value must be a string",
  })
})

test("the time to live of a heartbeat is kept in steps of 100 ms, as with libzmq", () => {
  assert.deepEqual(fate(puremq, "Dealer", "heartbeatTimeToLive", 255), { value: 200 })
  assert.deepEqual(fate(puremq, "Dealer", "heartbeatTimeToLive", 99), { value: 0 })
})

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

test("a text of bytes that are no UTF-8 is as long as what it becomes, which is what a peer is told", () => {
  using socket = new Dealer()
  socket.plainUsername = Buffer.alloc(85, 0xff) as unknown as string
  assert.equal(socket.plainUsername, "\ufffd".repeat(85))
  assert.throws(
    () => {
      socket.plainUsername = Buffer.alloc(86, 0xff) as unknown as string
    },
    { code: "EINVAL" },
  )
  assert.equal(socket.plainUsername, "\ufffd".repeat(85))
})
