// Messages that are queued when the program has nothing else to do.
import { Context, Publisher, Push, Request } from "puremq"
import { Radio } from "puremq/draft"
import { play, say } from "./play.js"

/** Sockets that stay open: one that the program has lost may be collected, and closed by that. */
const kept: Push[] = []

/** A connected Push with so many messages, all of them accepted. */
async function queued(address: string, count: string, options: { linger?: number } = {}): Promise<Push> {
  const push = new Push({ sendHighWaterMark: 0, reconnectInterval: 5, ...options })
  push.connect(address)
  for (let number = 0; number < Number(count); number += 1) await push.send(String(number))
  say("queued")
  return push
}

await play({
  async closed(address: string, count: string) {
    const push = await queued(address, count)
    push.close()
  },

  async open(address: string, count: string) {
    kept.push(await queued(address, count))
  },

  async closedWithLinger(address: string, linger: string) {
    const push = await queued(address, "3", { linger: Number(linger) })
    push.close()
  },

  async openWithLinger(address: string, linger: string) {
    kept.push(await queued(address, "3", { linger: Number(linger) }))
  },

  async datagrams(address: string, count: string) {
    const radio = new Radio()
    radio.connect(address)
    for (let number = 0; number < Number(count); number += 1) await radio.send(String(number), { group: "g" })
    say("queued")
  },

  /** The socket lets one address go and keeps the other. */
  async disconnected(gone: string, kept: string) {
    const push = new Push({ reconnectInterval: 5 })
    push.connect(gone)
    await push.send("for one that comes late")
    push.connect(kept)
    push.disconnect(gone)
    say("queued")
  },

  async blockyOff(address: string) {
    const push = new Push({ context: new Context({ blocky: false }) })
    push.connect(address)
    await push.send("dropped")
  },

  /** A program that goes on when it could have ended, and has more to say. */
  async again(address: string) {
    const push = await queued(address, "1")
    process.once("beforeExit", () => {
      void push.send("1").then(() => say("queued more"))
    })
  },

  async exit(address: string) {
    const push = await queued(address, "3")
    void new Publisher().bind("tcp://127.0.0.1:0")
    const request = new Request()
    request.connect(address)
    void request.send("unanswered").then(() => request.receive())
    push.close()
    setImmediate(() => process.exit(7))
  },

  async uncaught(address: string) {
    await queued(address, "3")
    throw new Error("a bug of the program's own")
  },
})
