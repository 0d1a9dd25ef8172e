// Options by their numbers: what is read and set, how it fails, and that zeromq.js says the same.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { puremq as library, loadZeromq, type SharedApi, type SocketName } from "../suites/library.js"
import { afterSetting, type Numbered, open, outcome, types } from "./numbered-stage.js"

const { zmq: puremq } = library
const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

test("XPUB_VERBOSE and XPUB_VERBOSER are the two values of verbosity; the last one counts", () => {
  const publisher = new puremq.XPublisher()
  const numbered = publisher as unknown as Numbered
  const seen = [
    [40, true],
    [78, true],
    [40, true],
    [78, false],
  ].map(([id, value]) => {
    numbered.setBoolOption(id, value)
    return [publisher.verbosity, numbered.getBoolOption(40), numbered.getBoolOption(78)]
  })
  publisher.close()
  assert.deepEqual(seen, [
    ["allSubs", true, false],
    ["allSubsUnsubs", false, true],
    ["allSubs", true, false],
    [null, false, false],
  ])
})

test("METADATA adds a property, as libzmq does", () => {
  const dealer = new puremq.Dealer()
  const numbered = dealer as unknown as Numbered
  numbered.setStringOption(95, "X-one:1")
  numbered.setStringOption(95, Buffer.from("X-two:a:b"))
  assert.deepEqual(dealer.metadata, { "X-one": "1", "X-two": "a:b" })
  for (const bad of ["X-one", "one:1", "", null]) {
    assert.throws(() => numbered.setStringOption(95, bad), { code: "EINVAL" })
  }
  assert.throws(() => numbered.getStringOption(95), { code: "EINVAL" })
  dealer.close()
})

test("no descriptor can be asked for: there is none", () => {
  using dealer = open(puremq, "Dealer")
  for (const type of types) assert.throws(() => dealer[`get${type}Option`](14), { code: "EINVAL" })
})

test("an option by number is warned of when it comes too late, as by name", async () => {
  const warnings: string[] = []
  const listen = (warning: Error): void => void warnings.push(warning.message)
  process.on("warning", listen)
  const dealer = new puremq.Dealer()
  dealer.bindSync("inproc://numbered-late")
  ;(dealer as unknown as Numbered).setInt32Option(19, 7)
  ;(dealer as unknown as Numbered).setInt32Option(17, 0)
  await new Promise(setImmediate)
  process.off("warning", listen)
  dealer.close()
  assert.deepEqual(warnings, ["Socket option will not take effect until next connect/bind."])
})

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const { zmq } = zeromq

  test("reading: defaults, what can be read only, unknown numbers, the wrong width", () => {
    const numeric = [8, 9, 15, 16, 17, 18, 19, 21, 23, 24, 27, 28, 31, 34, 35, 36, 37, 39, 42, 43, 57, 66]
    const others = [4, 22, 75, 76, 77, 79, 80, 84, 94, 101, 102, 109, 112]
    const unknown = [-1, 0, 1, 2, 3, 9999, 2 ** 31 - 1]
    for (const name of ["Dealer", "Push", "Pull", "Subscriber", "XPublisher"] as const) {
      using mine = open(puremq, name)
      using theirs = open(zmq, name)
      for (const type of types) {
        for (const id of [...numeric, ...others, ...unknown]) {
          // EVENTS and TYPE are numbers of 32 bits; libzmq lets the first be read by any call.
          if (id === 15 && !["Bool", "Int32", "Uint32"].includes(type)) continue
          const read = (socket: Numbered): unknown => outcome(() => socket[`get${type}Option`](id))
          assert.deepEqual(read(mine), read(theirs), `${name}.get${type}Option(${id})`)
        }
      }
    }
  })

  test("RCVMORE and THREAD_SAFE are no, for a message is received whole", () => {
    using mine = open(puremq, "Dealer")
    using theirs = open(zmq, "Dealer")
    for (const id of [13, 81]) {
      for (const socket of [mine, theirs]) {
        assert.equal(socket.getInt32Option(id), 0)
        assert.equal(socket.getBoolOption(id), false)
      }
    }
  })

  test("LAST_ENDPOINT is the endpoint that was bound last", () => {
    for (const api of [puremq, zmq]) {
      const dealer = new api.Dealer()
      const numbered = dealer as unknown as Numbered
      assert.equal(numbered.getStringOption(32), null)
      dealer.bindSync("inproc://numbered-last")
      assert.equal(numbered.getStringOption(32), "inproc://numbered-last")
      dealer.close()
    }
  })

  test("setting numbers: ranges, signs, fractions, the wrong width and type", () => {
    const values = [
      -2,
      -1,
      0,
      1,
      2,
      3,
      1.5,
      -0.5,
      255,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
      "1",
      null,
      true,
      undefined,
    ]
    const ids = [8, 9, 16, 17, 18, 19, 21, 23, 24, 27, 28, 31, 34, 39, 42, 57, 66, 75, 79, 84, 101, 102]
    for (const type of ["Int32", "Uint32", "Int64", "Uint64", "Bool"] as const) {
      for (const id of [...ids, 9999]) {
        for (const value of type === "Bool" ? [true, false, 0, 1, "x", null, undefined] : values) {
          const say = `set${type}Option(${id}, ${String(value)})`
          const mine = afterSetting(puremq, "Dealer", type, id, value)
          assert.deepEqual(mine, afterSetting(zmq, "Dealer", type, id, value), say)
        }
      }
    }
  })

  test("setting numbers of 64 bits", () => {
    for (const type of ["Int64", "Uint64"] as const) {
      for (const value of [0, 1, 2.5, 2 ** 31, 2 ** 40, 2 ** 60]) {
        for (const id of [4, 22]) {
          const say = `set${type}Option(${id}, ${value})`
          const mine = afterSetting(puremq, "Dealer", type, id, value)
          assert.deepEqual(mine, afterSetting(zmq, "Dealer", type, id, value), say)
        }
      }
    }
    assert.deepEqual(afterSetting(puremq, "Dealer", "Int64", 4, -1), { value: -1 })
    assert.deepEqual(afterSetting(zmq, "Dealer", "Int64", 4, -1), { value: -1 })
    assert.deepEqual(afterSetting(puremq, "Dealer", "Uint64", 4, 2 ** 64), { value: 2 ** 64 })
    // There the number becomes 0, and with it no message may have any byte.
    assert.deepEqual(afterSetting(puremq, "Dealer", "Uint64", 22, 2 ** 64), { value: 2 ** 64 })
    assert.deepEqual(afterSetting(puremq, "Dealer", "Int64", 22, -1), { value: -1 })
    assert.deepEqual(afterSetting(zmq, "Dealer", "Int64", 22, -1), { value: -1 })
  })

  test("switches of patterns are set by 0 and 1, and another type's are EINVAL", () => {
    const cases: readonly (readonly [SocketName, number])[] = [
      ["Router", 33],
      ["Router", 41],
      ["Router", 56],
      ["Router", 97],
      ["Dealer", 51],
      ["Dealer", 54],
      ["Request", 52],
      ["Request", 53],
      ["XPublisher", 40],
      ["XPublisher", 69],
      ["XPublisher", 71],
      ["XPublisher", 78],
      ["XPublisher", 98],
      ["XPublisher", 108],
      ["XSubscriber", 108],
      ["Publisher", 74],
      ["Dealer", 33],
      ["Dealer", 52],
      ["Reply", 53],
      ["Pull", 56],
      ["Push", 69],
      ["Subscriber", 40],
      ["Router", 71],
    ]
    for (const [name, id] of cases) {
      for (const value of [-1, 0, 1]) {
        if (id === 74 && value < 0) continue
        const set = (api: SharedApi): unknown => {
          using socket = open(api, name)
          return outcome(() => socket.setInt32Option(id, value))
        }
        assert.deepEqual(set(puremq), set(zmq), `${name}.setInt32Option(${id}, ${value})`)
      }
    }
  })

  test("setting texts", () => {
    const values = ["abc", "127.0.0.1", "x".repeat(255), "", null, Buffer.from("bytes"), 7, undefined, {}]
    for (const id of [5, 16, 17, 32, 99, 100, 9999]) {
      for (const value of values) {
        // Here the routing id can be taken back.
        if (id === 5 && value === null) continue
        const mine = afterSetting(puremq, "Dealer", "String", id, value)
        const say = `setStringOption(${id}, ${String(value)})`
        assert.deepEqual(mine, afterSetting(zmq, "Dealer", "String", id, value), say)
      }
    }
    for (const value of ["localhost:1080", "", null, 7]) {
      const mine = afterSetting(puremq, "Dealer", "String", 68, value)
      assert.deepEqual(mine, afterSetting(zmq, "Dealer", "String", 68, value), `SOCKS_PROXY ${value}`)
    }
    for (const [name, id] of [
      ["XPublisher", 72],
      ["Publisher", 72],
      ["Dealer", 72],
      ["Router", 110],
      ["Router", 111],
      ["Dealer", 114],
    ] as const) {
      for (const value of values) {
        const set = (api: SharedApi): unknown => {
          using socket = open(api, name)
          return outcome(() => socket.setStringOption(id, value))
        }
        assert.deepEqual(set(puremq), set(zmq), `${name}.setStringOption(${id}, ${String(value)})`)
      }
    }
  })

  test("arguments of another type", () => {
    for (const type of types) {
      const calls: readonly ((socket: Numbered) => void)[] = [
        (socket) => socket[`get${type}Option`](),
        (socket) => socket[`get${type}Option`]("17"),
        (socket) => socket[`set${type}Option`](undefined, 1),
        (socket) => socket[`set${type}Option`](17),
        (socket) => socket[`set${type}Option`](17, {}),
      ]
      for (const call of calls) {
        using mine = open(puremq, "Dealer")
        using theirs = open(zmq, "Dealer")
        assert.deepEqual(
          outcome(() => call(mine)),
          outcome(() => call(theirs)),
          `${type}: ${call}`,
        )
      }
    }
  })

  test("a closed socket has no options", () => {
    for (const api of [puremq, zmq]) {
      const socket = new api.Dealer()
      socket.close()
      const numbered = socket as unknown as Numbered
      assert.throws(() => numbered.getInt32Option(17), { code: "ENOTSOCK" })
      assert.throws(() => numbered.setInt32Option(17, 0), { code: "ENOTSOCK" })
      const subscriber = new api.Subscriber()
      subscriber.close()
      const subscribing = subscriber as unknown as Numbered
      assert.throws(() => subscribing.setStringOption(6, "a"), { code: "ENOTSOCK" })
    }
  })

  test("SUBSCRIBE and UNSUBSCRIBE on a SUB ask for prefixes and give them up", async () => {
    for (const api of [puremq, zmq]) {
      const publisher = new api.XPublisher({ linger: 0 })
      const subscriber = new api.Subscriber()
      await publisher.bind("tcp://127.0.0.1:*")
      const numbered = subscriber as unknown as Numbered
      numbered.setStringOption(6, "a")
      subscriber.connect(publisher.lastEndpoint ?? "")
      const said = async (): Promise<string> => String((await publisher.receive())[0])
      assert.equal(await said(), "\u0001a")
      numbered.setStringOption(6, null)
      assert.equal(await said(), "\u0001")
      numbered.setStringOption(7, Buffer.from("a"))
      assert.equal(await said(), "\u0000a")
      assert.throws(() => numbered.setStringOption(6, 7), {
        name: "TypeError",
        message: "Option value must be a string or buffer",
      })
      assert.throws(() => numbered.getStringOption(6), { code: "EINVAL" })
      publisher.close()
      subscriber.close()
      using dealer = open(api, "Dealer")
      assert.throws(() => dealer.setStringOption(6, "a"), { code: "EINVAL" })
    }
  })
})
