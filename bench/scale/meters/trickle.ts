// Peers that send one message every 5 ms, with the time in it.
import { setInterval } from "node:timers/promises"
import { Push } from "puremq"
import { readArguments } from "./arguments.js"
import { writeTime } from "./clock.js"

const { address, peers, size, count } = readArguments("peers", "size", "count")
const pushes = Array.from({ length: peers }, () => {
  const push = new Push({ linger: -1 })
  push.connect(address)
  return push
})
let sent = 0
for await (const _ of setInterval(5)) {
  for (const push of pushes) {
    const body = Buffer.alloc(size)
    body[0] = 1
    writeTime(body, 8)
    await push.send(body)
  }
  if (++sent === count) break
}
for (const push of pushes) push.close()
