// Peers that know the keys and do not keep to the order of a handshake: they are sent away, learn nothing of why, and
// the socket serves whoever comes next.
import assert from "node:assert/strict"
import { inTime, onBoth } from "../wire/wire-stage.js"
import { COMMAND, frame, ready } from "../wire/zmtp-bytes.js"
import { beginHonest, makeMechanism, meetSecured, serveHonest, sided, sides, Talk } from "./hostile-stage.js"

/** What the peer says instead of its command; `earlier` are those that it said before. */
type Wrong = (body: Buffer, earlier: readonly Buffer[]) => Buffer | undefined

const wrongs: readonly [what: string, wrong: Wrong][] = [
  ["what it said before", (_, earlier) => earlier.at(-1)],
  ["a READY of NULL", () => ready("DEALER").subarray(2)],
  ["one byte less", (body) => body.subarray(0, -1)],
  ["another name", (body) => Buffer.concat([body.subarray(0, 2), Buffer.of(0x78), body.subarray(3)])],
  ["a command of a thousand zeroes", () => Buffer.alloc(1000)],
]

onBoth((scenario) => {
  for (const name of sided) {
    for (const side of sides) {
      const other = side === "server" ? "client" : "server"
      for (const before of side === "server" ? [0, 2] : [1, 3]) {
        for (const [what, wrong] of wrongs) {
          // Metadata that is cut is told of in one library's way and the other's; and PLAIN's READY is that of NULL.
          if (name === "PLAIN" && (what === "one byte less" || what === "a READY of NULL")) continue
          scenario(`${name}: ${what} behind ${before} commands, to a ${side}`, async (stage) => {
            // To a WELCOME for a READY libzmq's client says nothing.
            if (stage.library === "zeromq" && before === 3 && what === "what it said before") return
            const meeting = await meetSecured(stage, name, side)
            const { mock, events } = meeting
            const talk = await Talk.begin(mock, makeMechanism(name, other))
            const earlier: Buffer[] = []
            for (let said = 0; said < before; said++) {
              if ((said % 2 === 0) === (other === "client")) {
                earlier.push(talk.next())
                await talk.say(earlier.at(-1))
              } else await talk.listen()
            }
            const body = wrong(talk.next(), earlier)
            if (body === undefined) return
            await mock.send(frame(COMMAND, body))
            await events.next("handshake:error:protocol")
            await mock.ended()
            assert.equal(mock.received.length, 0, "nothing is said to it")
            assert.ok(!events.types.includes("handshake"))
            if (side === "server") await serveHonest(meeting, name, side)
          })
        }

        scenario(`${name}: silence behind ${before} commands, to a ${side}`, async (stage) => {
          const meeting = await meetSecured(stage, name, side, { handshakeInterval: 300 })
          const { mock, events } = meeting
          await (await Talk.begin(mock, makeMechanism(name, other))).goOn(before)
          await events.next("handshake:error:other")
          await mock.ended()
          assert.equal(mock.received.length, 0, "nothing is said to it")
          const begun = inTime(events, () => beginHonest(meeting, name, side))
          await serveHonest(meeting, name, side, begun)
        })
      }
    }
  }
})
