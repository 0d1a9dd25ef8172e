// A peer with the right keys that plays with MESSAGEs once it is inside: both libraries hear no more of it, tell
// the same, and go on to serve others.
import assert from "node:assert/strict"
import type { Stage } from "../suites/stage.js"
import { codeOf, onBoth } from "../wire/wire-stage.js"
import { command, frame, LONG, message, ready } from "../wire/zmtp-bytes.js"
import { makeMechanism, meetSecured, serveHonest, sides, Talk } from "./hostile-stage.js"

/** Three MESSAGEs, as they follow one another, into what is sent. */
type Play = (first: Buffer, second: Buffer, third: Buffer) => Buffer[]

const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] as number) ^ 1
  return copy
}

const replayed = "ERR_ZMTP_INVALID_SEQUENCE"
const forged = "ERR_ZMTP_CRYPTOGRAPHIC"
const unexpected = "ERR_ZMTP_UNEXPECTED_COMMAND"
/** What is sent, the code, and which of the three are received before. */
const plays: readonly [what: string, play: Play, code: string, before: string[]][] = [
  ["again", (first) => [first, first], replayed, ["1"]],
  ["again, later", (first, second, third) => [first, second, third, first], replayed, ["1", "2", "3"]],
  ["behind the one that follows it", (first, second) => [second, first], replayed, ["2"]],
  ["with another number", (first) => [flip(first, 2 + 14)], forged, []],
  ["with another bit in its box", (first, second) => [first, flip(second, -1)], forged, ["1"]],
  ["whose first bit was changed", (first) => [flip(first, 2 + 16)], forged, []],
  ["without its last byte", (first) => [frame(0, first.subarray(2, -1))], forged, []],
  ["with one byte more", (first) => [frame(0, Buffer.concat([first.subarray(2), Buffer.of(0)]))], forged, []],
  ["under another name", (first) => [flip(first, 4)], unexpected, []],
  ["of 32 bytes", (first) => [frame(0, first.subarray(2, 34))], "ERR_ZMTP_MALFORMED_COMMAND_MESSAGE", []],
  [
    "in the clear",
    () => [message("this has more than thirty-three bytes, and no key")],
    "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED",
    [],
  ],
  [
    "that is a command in the clear",
    () => [command("SUBSCRIBE", "a topic of many, many bytes")],
    unexpected,
    [],
  ],
  ["and READY of NULL", () => [ready("DEALER")], unexpected, []],
]

async function inside(stage: Stage, side: "server" | "client") {
  const meeting = await meetSecured(stage, "CURVE", side)
  const mechanism = makeMechanism("CURVE", side === "server" ? "client" : "server")
  const talk = await (await Talk.begin(meeting.mock, mechanism)).goOn(4)
  return { meeting, talk }
}

onBoth((scenario) => {
  for (const side of sides) {
    for (const [what, play, code, before] of plays) {
      scenario(`a MESSAGE ${what}, to a ${side}`, async (stage) => {
        const { meeting, talk } = await inside(stage, side)
        const { socket, mock, events } = meeting
        const sent = ["1", "2", "3"].map((body) => talk.sealed(body)) as [Buffer, Buffer, Buffer]
        await mock.send(...play(...sent))
        const event = await events.next("handshake:error:protocol")
        assert.equal(codeOf(event), code)
        if (stage.library === "puremq") {
          // libzmq reads no more, but keeps the connection until the socket is closed.
          await events.next("disconnect")
          await mock.ended()
        }
        assert.equal(mock.received.length, 0, "nothing is said to it")
        for (const body of before) assert.equal(`${(await socket.receive()).at(-1)}`, body)
        // To libzmq another peer of that name would be one too many.
        if (side === "server" && stage.library === "puremq") await serveHonest(meeting, "CURVE", side)
      })
    }

    scenario(`the MESSAGEs of another connection to a ${side} are none of this one`, async (stage) => {
      const { meeting, talk } = await inside(stage, side)
      const stolen = talk.sealed("stolen")
      const { socket, events, again } = meeting
      if (side === "client") {
        talk.mock.reset()
        await events.next("disconnect")
      }
      const mechanism = makeMechanism("CURVE", side === "server" ? "client" : "server")
      const other = await (await Talk.begin(await again(), mechanism)).goOn(4)
      await other.mock.send(stolen)
      assert.equal(codeOf(await events.next("handshake:error:protocol")), forged)
      if (stage.library === "puremq") await other.mock.ended()
      if (side === "server") {
        await talk.mock.send(stolen)
        assert.equal(`${(await socket.receive()).at(-1)}`, "stolen")
      }
    })

    scenario(`a MESSAGE may have a long header, and numbers may be missing, to a ${side}`, async (stage) => {
      const { meeting, talk } = await inside(stage, side)
      const [first = assert.fail(), , third = assert.fail()] = ["1", "2", "3"].map((body) =>
        talk.sealed(body),
      )
      await talk.mock.send(frame(LONG, first.subarray(2)), third)
      for (const body of ["1", "3"]) assert.equal(`${(await meeting.socket.receive()).at(-1)}`, body)
      assert.ok(talk.mock.isOpen)
    })
  }
})
