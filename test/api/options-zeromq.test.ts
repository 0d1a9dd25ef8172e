// Every socket option that zeromq.js has too: the classes that have it, its default, the values that are taken and refused.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type { Dealer } from "puremq"
import type { OptionKind } from "#src/core/options/kinds.js"
import { type OptionName, optionNames } from "#src/core/options.js"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, type SharedApi, type SocketName } from "../suites/library.js"
import {
  fate,
  goodText,
  goodValues,
  options,
  puremq,
  refusalOf,
  typeOf,
  warningsOf,
  withSocket,
} from "./option-stage.js"
import { socketNames } from "./socket-names.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

describe("beside zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const { zmq } = zeromq

  // zeromq.js can only set these; what they read as by default is libzmq's default.
  const writeOnly: readonly string[] = [
    "conflate",
    "correlate",
    "curvePublicKey",
    "curveSecretKey",
    "curveServerKey",
    "handover",
    "mandatory",
    "manual",
    "noDrop",
    "notify",
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
    "useFd",
    "verboseUnsubscribe",
    "wssCertPem",
    "wssHostname",
    "wssKeyPem",
    "wssTrustPem",
    "wssTrustSystem",
    // Nor libzmq.
    ...options.filter(({ id }) => id === undefined).map(({ name }) => name),
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

  const noBytes = Buffer.alloc(0)

  /** The fates of values that differ, with the reason. */
  const quirks: Readonly<Record<string, { values: readonly unknown[]; because: string }>> = {
    affinity: { values: [-2, -1], because: "there it becomes 0, for the mask has no sign" },
    maxMessageSize: {
      values: [-2],
      because: "there any negative number is kept; -1 alone says that there is no limit",
    },
    heartbeatTimeToLive: { values: [-1, -2], because: "there it is divided by 100 before it is checked" },
    heartbeatTimeout: { values: [-1], because: "here the default can be set anew" },
    zapDomain: { values: [null, noBytes], because: "here it can be taken away again" },
  }

  test("the same values are taken and refused", () => {
    const texts = ["", noBytes, 0, true, undefined, {}]
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
      bytes: [...texts, "hello", Buffer.from("hello"), null],
      key: [
        ...texts,
        "0".repeat(40),
        Buffer.alloc(32),
        Buffer.alloc(40, "0"),
        Buffer.alloc(40),
        null,
        " ".repeat(40),
      ],
      choice: [null, "allSubs", "allSubsUnsubs"],
      properties: [],
    }
    for (const { id, name, kind } of options) {
      const owner = sharedOwner(name)
      if (owner === undefined) continue
      const texted = kind === "text" ? [goodText(id), Buffer.from(goodText(id))] : []
      for (const value of [...values[kind], ...texted]) {
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
          ;(socket as unknown as Dealer).bindSync("tcp://127.0.0.1:*")
          socket[name] = value
        }),
      )
      assert.equal(warnings.length, 1, name)
    }
  })
})
