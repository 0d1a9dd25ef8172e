// Nothing that was said in the clear becomes a message of a connection whose messages are hidden, or whose peer is to
// be known: neither whole nor as part of one. A frame of libzmq's handshake is a command, whatever its flags say.
import assert from "node:assert/strict"
import type * as puremq from "puremq"
import { eventually } from "../suites/deadline.js"
import { here, meet, onBoth } from "../wire/wire-stage.js"
import { frame, LONG, longHeader, MORE } from "../wire/zmtp-bytes.js"
import { makeMechanism, meetSecured, sided, sides, Talk } from "./hostile-stage.js"
import { curveServer } from "./secured-stage.js"

const strays: [what: string, bytes: Buffer][] = [
  ["a message", frame(0, "in the clear")],
  ["the first frame of a message", frame(MORE, "in the clear")],
  ["a long first frame of a message", frame(MORE | LONG, "in the clear".repeat(1000))],
]

onBoth((scenario) => {
  for (const name of sided) {
    for (const side of sides) {
      // How many commands there are before it; after the fourth there are messages.
      for (const before of side === "server" ? [0, 2] : [1, 3]) {
        for (const [what, bytes] of strays) {
          scenario(`${name}: ${what} to a ${side} behind ${before} commands is refused`, async (stage) => {
            const meeting = await meetSecured(stage, name, side)
            const { mock, events } = meeting
            const other = side === "server" ? "client" : "server"
            const talk = await (await Talk.begin(mock, makeMechanism(name, other))).goOn(before)
            await mock.send(bytes)
            await events.next("handshake:error:protocol")
            await mock.ended()
            assert.ok(!talk.mechanism.complete)
            assert.ok(!events.types.includes("handshake"))
          })
        }
      }
    }
  }
})

here("CURVE: what comes while the authenticator is asked is no message either", async (stage) => {
  const clear = "in the clear".repeat(1000)
  for (const [what, bytes] of [
    ...strays,
    ["the beginning of a frame", frame(0, "in the clear").subarray(0, 5)],
    ["the beginning of a large frame", frame(LONG, clear).subarray(0, 100)],
    ["a large frame, but for its end", frame(LONG, clear).subarray(0, -20)],
    ["the header of a huge frame", longHeader(0, 200_000n)],
    ["the beginning of a message", Buffer.concat([frame(MORE, clear), Buffer.of(0)])],
  ] as const) {
    const context = stage.context()
    const handler = stage.open("Reply", { context })
    await handler.bind("inproc://zeromq.zap.01")
    const { socket, mock, events } = await meet(stage, "binds", "Router", { context, ...curveServer })
    const talk = await (await Talk.begin(mock, makeMechanism("CURVE", "client"))).goOn(2)
    await talk.say()
    const [version = "", id = ""] = await handler.receive()
    const stats = (): { bytesIn: number } => (socket as puremq.Router).stats()
    const { bytesIn } = stats()
    await mock.send(bytes)
    await eventually(async () => stats().bytesIn > bytesIn || !mock.isOpen, "the bytes to be read")
    await handler.send([version, id, "200", "", "", ""])
    const goesOn = await talk.listen().then(
      () => true,
      () => false,
    )
    // An honest client's, who knows nothing of what was put in.
    if (goesOn) await mock.send(...Array.from({ length: 20 }, () => talk.sealed("honest".repeat(100))))
    await events.next("handshake:error:protocol")
    await mock.ended()
    socket.receiveTimeout = 0
    await assert.rejects(socket.receive(), { code: "EAGAIN" }, `${what} became a message`)
  }
})
