// Every socket option: its default, its values, its errors, as a property and in the constructor, and that
// zeromq.js says the same.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Context, Dealer } from "puremq"
import type { OptionEntry, OptionKind } from "#src/core/options/kinds.js"
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

const INT_MAX = 2 ** 31 - 1

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
  return withSocket(
    zmq,
    socketName,
    {},
    (socket) => refusalOf(socket, option, value) ?? { value: socket[option] },
  )
}

/** How setting `value` fails; undefined where it does not. */
function refusalOf(socket: AnySocket, option: string, value: unknown): unknown {
  try {
    socket[option] = value
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    return code === undefined ? { name, message } : { code }
  }
  return undefined
}

/** What is warned of while something is done, and until the loop has turned. */
async function warningsOf(act: () => void): Promise<string[]> {
  const warnings: string[] = []
  const listen = (warning: Error): void => {
    warnings.push(warning.message)
  }
  process.on("warning", listen)
  try {
    act()
    await new Promise(setImmediate)
  } finally {
    process.off("warning", listen)
  }
  return warnings
}

/** An option of the table, with the first class that has it. Those of a type that has no class yet are left out. */
const options = (Object.keys(optionTable) as OptionName[]).flatMap((name) => {
  const entry: OptionEntry = optionTable[name]
  const owner = socketNames.find((socket) => optionNames(typeOf[socket]).includes(name))
  if (owner !== undefined) return [{ name, owner, ...entry }]
  assert.deepEqual(entry.on, ["STREAM"], `no socket has ${name}`)
  return []
})

const noText = "Option value must be a string or buffer"
const wrongTypes: Readonly<Record<OptionKind, { values: readonly unknown[]; message: string } | undefined>> =
  {
    int: { values: ["7", null, undefined, {}, 10n, true], message: "Option value must be a number" },
    bool: { values: [0, 1, "true", null, undefined, {}], message: "Option value must be a boolean" },
    id: { values: [0, true, undefined, {}], message: noText },
    text: { values: [0, true, undefined, {}], message: noText },
    bytes: { values: [0, true, undefined, {}], message: noText },
    // As with zeromq.js any other value is out of range.
    choice: undefined,
    properties: { values: [0, true, undefined, "X-a:b"], message: "Option value must be an object" },
  }

function goodValues({ kind, min = 0, max = INT_MAX, step = 1, choices }: OptionEntry): readonly unknown[] {
  switch (kind) {
    case "int":
      return [min, max - (max % step)]
    case "bool":
      return [true, false]
    case "id":
      return ["name", "x".repeat(255), Buffer.from([1, 0, 255]), null]
    case "text":
      return ["127.0.0.1", null]
    case "bytes":
      return ["hello", "", Buffer.from([0, 1]), null]
    case "choice":
      return [...(choices ?? []), null]
    case "properties":
      return [{}, { "X-Name": "value", "X-b": "" }, null]
  }
}

function badValues({ kind, min = kind === "text" ? 1 : 0, max = INT_MAX }: OptionEntry): readonly unknown[] {
  switch (kind) {
    case "int":
      return [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 40)]
    case "bool":
    case "bytes":
      return []
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
        withSocket(puremq, owner, { linger: 0 }, (socket) => {
          socket[name] = value
          ;(socket as unknown as Dealer).bindSync(`inproc://late ${name}`)
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

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const { zmq } = zeromq

  // zeromq.js can only set these; what they read as by default is libzmq's default.
  const writeOnly: readonly string[] = [
    "conflate",
    "correlate",
    "handover",
    "mandatory",
    "manual",
    "noDrop",
    "probeRouter",
    "relaxed",
    "tcpAcceptFilter",
    "verbosity",
    "welcomeMessage",
  ]
  // libzmq is built without VMCI there: each use of these is EINVAL.
  const absent: readonly string[] = [
    "vmciBufferSize",
    "vmciBufferMinSize",
    "vmciBufferMaxSize",
    "vmciConnectTimeout",
  ]
  // zeromq.js has no property for these options of libzmq; most are drafts. A welcome message PUB takes by number only.
  const ours: readonly string[] = [
    "busyPoll",
    "disconnectMessage",
    "helloMessage",
    "hiccupMessage",
    "inBatchSize",
    "manualLastValue",
    "metadata",
    "onlyFirstSubscribe",
    "outBatchSize",
    "priority",
    "raw",
    "reconnectStop",
    "routerNotify",
    "socksPassword",
    "socksUsername",
    "verboseUnsubscribe",
  ]
  const oursOn: readonly string[] = ["Publisher.welcomeMessage"]

  test("the same classes have the same options, with the same defaults", () => {
    for (const socketName of socketNames) {
      withSocket(zmq, socketName, {}, (theirs) =>
        withSocket(puremq, socketName, {}, (mine) => {
          for (const { name, default: byDefault } of options) {
            const place = `${socketName}.${name}`
            const only = ours.includes(name) || oursOn.includes(place)
            if (only) assert.ok(!(name in theirs), place)
            else assert.equal(name in mine, name in theirs, place)
            if (!(name in mine) || only || absent.includes(name)) continue
            const expected = writeOnly.includes(name) ? byDefault : theirs[name]
            assert.equal(mine[name], expected, place)
          }
        }),
      )
    }
  })

  /** A class that has the option in both libraries; undefined for those that only we have. */
  function sharedOwner(name: OptionName): SocketName | undefined {
    if (absent.includes(name) || ours.includes(name)) return undefined
    return socketNames.find(
      (socket) => optionNames(typeOf[socket]).includes(name) && !oursOn.includes(`${socket}.${name}`),
    )
  }

  test("what can only be set there cannot be read there", () => {
    for (const { name } of options) {
      const owner = sharedOwner(name)
      if (owner === undefined || !writeOnly.includes(name)) continue
      withSocket(zmq, owner, {}, (theirs) => {
        let read: unknown
        try {
          read = theirs[name]
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, "EINVAL", name)
        }
        assert.equal(read, undefined, name)
      })
    }
  })

  /** The fates of values that differ, with the reason. */
  const quirks: Readonly<Record<string, { values: readonly unknown[]; because: string }>> = {
    affinity: { values: [-2, -1], because: "there it becomes 0, for the mask has no sign" },
    maxMessageSize: {
      values: [-2],
      because: "there any negative number is kept; -1 alone says that there is no limit",
    },
    heartbeatTimeToLive: { values: [-1, -2], because: "there it is divided by 100 before it is checked" },
    heartbeatTimeout: { values: [-1], because: "here the default can be set anew" },
  }

  test("the same values are taken and refused", () => {
    const texts = ["127.0.0.1", Buffer.from("127.0.0.1"), "", Buffer.alloc(0), 0, true, undefined, {}]
    const values: Readonly<Record<OptionKind, readonly unknown[]>> = {
      int: [
        -2,
        -1,
        0,
        1,
        2,
        1.5,
        255,
        1000,
        6_553_599,
        6_553_600,
        2 ** 31 - 1,
        "7",
        null,
        undefined,
        {},
        10n,
      ],
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
      text: [...texts, null],
      bytes: [...texts, null],
      choice: [null, "allSubs", "allSubsUnsubs"],
      properties: [],
    }
    for (const { name, kind } of options) {
      const owner = sharedOwner(name)
      if (owner === undefined) continue
      for (const value of values[kind]) {
        const say: string = `${owner}.${name} = ${String(value)}`
        if (writeOnly.includes(name)) {
          const refused = (library: SharedApi): unknown =>
            withSocket(library, owner, {}, (socket) => refusalOf(socket, name, value))
          assert.deepEqual(refused(puremq), refused(zmq), say)
          continue
        }
        const mine = fate(puremq, owner, name, value)
        const theirs = fate(zmq, owner, name, value)
        if (quirks[name]?.values.includes(value)) assert.notDeepEqual(mine, theirs, `${say} is no quirk`)
        else assert.deepEqual(mine, theirs, say)
      }
    }
  })

  test("an option whose effect must wait is one that is warned of there too", async () => {
    for (const { name, ...entry } of options) {
      const owner = sharedOwner(name)
      if (owner === undefined || entry.effect !== "next") continue
      const [value] = name === "heartbeatTimeout" ? [1] : goodValues(entry)
      const warnings = await warningsOf(() =>
        withSocket(zmq, owner, { linger: 0 }, (socket) => {
          ;(socket as unknown as Dealer).bindSync(`inproc://late ${name}`)
          socket[name] = value
        }),
      )
      assert.equal(warnings.length, 1, name)
    }
  })
})
