// Messages that tell of peers, beside marks.
import assert from "node:assert/strict"
import { adjust } from "../suites/by-number.js"
import { eventually } from "../suites/deadline.js"
import { take } from "../suites/talk.js"
import { dial, EventLog, here } from "./wire-stage.js"
import { message } from "./zmtp-bytes.js"

here(
  "a ROUTER of mark 1 that is told of peers hears one that comes again under its routing id",
  async (stage) => {
    const router = adjust(stage, stage.open("Router", { receiveHighWaterMark: 1 }), { routerNotify: 3 })
    const events = stage.keep(new EventLog(router))
    const address = await stage.bind(router)
    for (const said of ["one", "two"]) {
      const mock = await dial(stage, address)
      await mock.shakeHands("DEALER", { identity: "peer" })
      await events.next("handshake")
      const before = router.stats().bytesIn
      await mock.send(message(said))
      await eventually(async () => router.stats().bytesIn > before, "a read")
      mock.finish()
      await events.next("disconnect")
    }
    const got: string[][] = []
    while (got.length < 6) got.push(await take(router))
    assert.deepEqual(
      got.filter(([, body]) => body !== ""),
      [
        ["peer", "one"],
        ["peer", "two"],
      ],
    )
  },
)
