// What each version of ZMTP puts on the wire for each pattern, byte by byte: 1.0 (RFC 13), 2.0 (RFC 15), 3.0 (RFC 23)
// and 3.1 (RFC 37).
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import type { SocketName } from "../suites/library.js"
import { take } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { here, type Meeting, meet, onBoth, roles } from "./wire-stage.js"

type Version = "1.0" | "2.0" | "3.0" | "3.1"
const versions: readonly Version[] = ["1.0", "2.0", "3.0", "3.1"]

/** Bytes in hexadecimal and text in quotes; bars are for the reader. */
function bytes(notation: string): Buffer {
  const parts = notation.match(/'[^']*'|[0-9a-f]{2}/g) ?? []
  return Buffer.concat(
    parts.map((part) => (part[0] === "'" ? Buffer.from(part.slice(1, -1)) : Buffer.from(part, "hex"))),
  )
}

/** The same of one frame sequence in the framing of 1.0, and in that of all later versions. */
type Wire = readonly [old: string, later: string]

function wireOf(version: Version, [old, later]: Wire): Buffer {
  return bytes(version === "1.0" ? old : later)
}

/** The numbers that ZMTP 2.0 has for socket types. */
const numbers: Record<string, string> = {
  PAIR: "00",
  PUB: "01",
  SUB: "02",
  REQ: "03",
  REP: "04",
  DEALER: "05",
  ROUTER: "06",
  PULL: "07",
  PUSH: "08",
  XPUB: "09",
  XSUB: "0a",
}

const signature = "ff 00 00 00 00 00 00 00 01 7f" // and for 1.0: a long frame of one byte, its flags
const null20 = `'NULL' ${"00 ".repeat(16)}` // the mechanism in 20 bytes
const rest = "00 ".repeat(32) // as-server and filler

/** `04` command, its size, then `05 'READY'` and properties: `size name`, `size of 4 bytes, value`. */
function readyBytes(type: string, identity: string | undefined): Buffer {
  const size = Buffer.of(0, 0, 0, type.length)
  const properties = [bytes("0b 'Socket-Type'"), size, Buffer.from(type)]
  if (identity !== undefined) {
    properties.push(bytes("08 'Identity'"), Buffer.of(0, 0, 0, identity.length), Buffer.from(identity))
  }
  const body = Buffer.concat([bytes("05 'READY'"), ...properties])
  return Buffer.concat([Buffer.of(4, body.length), body])
}

/** What the peer says before it may send messages. */
function peerOpening(version: Version, type: string, identity: string): Buffer {
  const length = identity.length.toString(16).padStart(2, "0")
  const longer = (identity.length + 1).toString(16).padStart(2, "0")
  switch (version) {
    case "1.0":
      // length with flags | flags | routing id
      return bytes(`${longer} 00 '${identity}'`)
    case "2.0":
      // signature | revision | socket type | a frame: flags, length, routing id
      return bytes(`${signature} 01 ${numbers[type]} 00 ${length} '${identity}'`)
    default:
      // signature | major, minor | mechanism | as-server, filler | READY
      return Buffer.concat([
        bytes(`${signature} 03 ${version === "3.0" ? "00" : "01"} ${null20} ${rest}`),
        readyBytes(type, identity === "" ? undefined : identity),
      ])
  }
}

const announcing = ["REQ", "DEALER", "ROUTER"]

/** What a socket of ours says to it. */
function ownOpening(version: Version, type: string): Buffer {
  switch (version) {
    case "1.0":
      return bytes(signature)
    case "2.0":
      // signature | our major version | socket type | a frame without a routing id
      return bytes(`${signature} 03 ${numbers[type]} 00 00`)
    default:
      return Buffer.concat([
        bytes(`${signature} 03 01 ${null20} ${rest}`),
        readyBytes(type, announcing.includes(type) ? "" : undefined),
      ])
  }
}

async function open(
  mock: MockPeer,
  version: Version,
  own: string,
  peer: string,
  identity = "",
): Promise<void> {
  await mock.send(peerOpening(version, peer, identity))
  await expect(mock, ownOpening(version, own), "our opening")
}

async function expect(mock: MockPeer, expected: Buffer, what: string): Promise<void> {
  assert.equal((await mock.take(expected.length)).toString("hex"), expected.toString("hex"), what)
}

/** frames: flags (01 more), length | body. In 1.0: length with flags, flags | body */
const question: Wire = ["01 01 | 09 00 'question'", "01 00 | 00 08 'question'"]
const answer: Wire = ["01 01 | 07 00 'answer'", "01 00 | 00 06 'answer'"]
const hello: Wire = ["06 00 'hello'", "00 05 'hello'"]
const parts: Wire = ["02 01 'a' | 01 01 | 02 00 'b'", "01 01 'a' | 01 00 | 00 01 'b'"]
const long: Wire = [
  `ff 00 00 00 00 00 00 01 01 00 '${"x".repeat(256)}'`,
  `02 00 00 00 00 00 00 01 00 '${"x".repeat(256)}'`,
]
/** The shortest that 1.0 needs nine bytes of length for. */
const middle: Wire = [`ff 00 00 00 00 00 00 00 ff 00 '${"x".repeat(254)}'`, `00 fe '${"x".repeat(254)}'`]

// Subscriptions: messages that begin with 01 or 00 up to 3.0, commands from 3.1 on.
const subscribeA: Record<Version, string> = {
  "1.0": "03 00 01 'A'",
  "2.0": "00 02 01 'A'",
  "3.0": "00 02 01 'A'",
  "3.1": "04 0b | 09 'SUBSCRIBE' | 'A'",
}
const cancelA: Record<Version, string> = {
  "1.0": "03 00 00 'A'",
  "2.0": "00 02 00 'A'",
  "3.0": "00 02 00 'A'",
  "3.1": "04 08 | 06 'CANCEL' | 'A'",
}
const news: Wire = ["05 00 'ALOL'", "00 04 'ALOL'"]
const other: Wire = ["05 00 'BLOL'", "00 04 'BLOL'"]

type Play<Name extends SocketName> = (meeting: Meeting<Name>, version: Version) => Promise<void>

const playXsub: Play<"XSubscriber"> = async ({ socket, mock }, version) => {
  await socket.send("\x01A")
  // libzmq looks for peers that came only while somebody does something with the socket.
  const first = take(socket)
  await expect(mock, bytes(subscribeA[version]), "the subscription")
  await mock.send(wireOf(version, other), wireOf(version, news))
  assert.deepEqual([await first, await take(socket)], [["BLOL"], ["ALOL"]])
  await socket.send("\0A")
  await expect(mock, bytes(cancelA[version]), "its end")
}

/** Defines the scenario of each version for both roles. */
function define<Name extends SocketName>(
  scenario: typeof here,
  version: Version,
  name: Name,
  [own, peer]: [own: string, peer: string],
  what: string,
  play: Play<Name>,
  identity?: string,
): void {
  for (const role of roles) {
    scenario(`${version}: a ${own} that ${role} ${what}`, async (stage) => {
      const meeting = await meet(stage, role, name)
      await open(meeting.mock, version, own, peer, identity)
      await play(meeting, version)
      assert.equal(meeting.mock.received.toString("hex"), "", "nothing more is said")
    })
  }
}

onBoth((scenario) => {
  function exchange<Name extends SocketName>(
    name: Name,
    types: [own: string, peer: string],
    what: string,
    play: Play<Name>,
    identity?: string,
  ): void {
    for (const version of versions) define(scenario, version, name, types, what, play, identity)
  }

  exchange("Request", ["REQ", "REP"], "asks behind a delimiter", async ({ socket, mock }, version) => {
    await socket.send("question")
    await expect(mock, wireOf(version, question), "the question")
    await mock.send(wireOf(version, answer))
    assert.deepEqual(await take(socket), ["answer"])
  })

  exchange("Reply", ["REP", "REQ"], "answers behind the delimiter", async ({ socket, mock }, version) => {
    await mock.send(wireOf(version, question))
    assert.deepEqual(await take(socket), ["question"])
    await socket.send("answer")
    await expect(mock, wireOf(version, answer), "the answer")
  })

  exchange("Dealer", ["DEALER", "ROUTER"], "passes frames as they are", async ({ socket, mock }, version) => {
    for (const [frames, wire] of [
      [["a", "", "b"], parts],
      [["x".repeat(256)], long],
      [["x".repeat(254)], middle],
    ] as const) {
      await mock.send(wireOf(version, wire))
      assert.deepEqual(await take(socket), frames)
      await socket.send([...frames])
      await expect(mock, wireOf(version, wire), "the frames")
    }
  })

  const passing: Play<"Router"> = async ({ socket, mock }, version) => {
    await mock.send(wireOf(version, hello))
    assert.deepEqual(await take(socket), ["me", "hello"])
    await socket.send(["me", "a", "", "b"])
    await expect(mock, wireOf(version, parts), "what is behind the name")
  }
  exchange("Router", ["ROUTER", "DEALER"], "knows its peer by its routing id", passing, "me")

  exchange(
    "Router",
    ["ROUTER", "DEALER"],
    "names who has no routing id",
    async ({ socket, mock }, version) => {
      await mock.send(wireOf(version, hello))
      const [name = "", ...body] = await take(socket)
      assert.deepEqual([name[0], name.length, ...body], ["\0", 5, "hello"])
      await socket.send([Buffer.from(name, "latin1"), "hello"])
      await expect(mock, wireOf(version, hello), "the answer")
    },
  )

  exchange("Push", ["PUSH", "PULL"], "sends", async ({ socket, mock }, version) => {
    await socket.send(["a", "", "b"])
    await socket.send("hello")
    await expect(mock, Buffer.concat([wireOf(version, parts), wireOf(version, hello)]), "both")
  })

  exchange("Pull", ["PULL", "PUSH"], "receives", async ({ socket, mock }, version) => {
    await mock.send(wireOf(version, parts), wireOf(version, hello))
    assert.deepEqual([await take(socket), await take(socket)], [["a", "", "b"], ["hello"]])
  })

  exchange("Pair", ["PAIR", "PAIR"], "sends and receives", async ({ socket, mock }, version) => {
    await mock.send(wireOf(version, hello))
    assert.deepEqual(await take(socket), ["hello"])
    await socket.send(["a", "", "b"])
    await expect(mock, wireOf(version, parts), "the answer")
  })

  exchange(
    "Subscriber",
    ["SUB", "PUB"],
    "subscribes, filters and cancels",
    async ({ socket, mock }, version) => {
      socket.subscribe("A")
      // libzmq says so when somebody wants to receive.
      const heard = take(socket)
      await expect(mock, bytes(subscribeA[version]), "the subscription")
      await mock.send(wireOf(version, other), wireOf(version, news))
      assert.deepEqual(await heard, ["ALOL"])
      socket.unsubscribe("A")
      await expect(mock, bytes(cancelA[version]), "its end")
    },
  )

  for (const version of versions) {
    // libzmq has XSUB send even to a peer of 3.1 what the user wrote, as a message.
    if (version !== "3.1") define(scenario, version, "XSubscriber", ["XSUB", "XPUB"], "subscribes", playXsub)
  }

  exchange("Publisher", ["PUB", "SUB"], "sends what was asked for", async ({ socket, mock }, version) => {
    await mock.send(bytes(subscribeA[version]))
    await eventually(async () => {
      await socket.send("ATRY")
      return mock.received.length > 0
    }, "the subscription to be obeyed")
    await socket.send("BLOL")
    await socket.send("ALOL")
    const attempt = wireOf(version, ["05 00 'ATRY'", "00 04 'ATRY'"])
    let next = await mock.take(attempt.length)
    while (next.equals(attempt)) next = await mock.take(attempt.length)
    // A peer of 1.0 may be one that asks for nothing and filters by itself, so it gets everything.
    if (version === "1.0") {
      assert.equal(next.toString("hex"), wireOf(version, other).toString("hex"))
      next = await mock.take(attempt.length)
    }
    assert.equal(next.toString("hex"), wireOf(version, news).toString("hex"))
  })

  exchange("XPublisher", ["XPUB", "SUB"], "tells of subscriptions", async ({ socket, mock }, version) => {
    if (version === "1.0") assert.deepEqual(await take(socket), ["\x01"])
    await mock.send(bytes(subscribeA[version]))
    assert.deepEqual(await take(socket), ["\x01A"])
    await socket.send("ALOL")
    await expect(mock, wireOf(version, news), "news")
    await mock.send(bytes(cancelA[version]))
    assert.deepEqual(await take(socket), ["\0A"])
  })
})

define(here, "3.1", "XSubscriber", ["XSUB", "XPUB"], "subscribes", playXsub)
