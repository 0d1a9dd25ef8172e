// Makes many connections and sends one message over each: a DEALER each, or all of one PUSH.
import { setTimeout as sleep } from "node:timers/promises"
import { Context, Dealer, Push } from "puremq"
import { readArguments } from "./arguments.js"
import { writeTime } from "./clock.js"

const { address, count, apart } = readArguments("count", "apart")
const context = new Context({ maxSockets: count })
const body = Buffer.alloc(16)
writeTime(body, 0)
const dealers: Dealer[] = []
if (apart) {
  for (let made = 0; made < count; made++) {
    const dealer = new Dealer({ context })
    dealers.push(dealer)
    dealer.connect(address)
    await dealer.send(body)
  }
} else {
  const push = new Push({ context })
  for (let made = 0; made < count; made++) push.connect(address)
  for (let sent = 0; sent < count; sent++) await push.send(body)
}
// The connections stay: to end them is not what is measured.
await sleep(60_000)
