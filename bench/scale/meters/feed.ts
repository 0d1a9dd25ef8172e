// Feeds a PULL from many PUSH peers in turn.
import { Context, Push } from "puremq"
import { readArguments } from "./arguments.js"
import { awaitStart } from "./start-signal.js"

const { address, peers, size, count } = readArguments("peers", "size", "count")
const context = new Context({ maxSockets: peers })
const pushes = Array.from({ length: peers }, () => {
  const push = new Push({ context, linger: -1 })
  push.connect(address)
  return push
})
await awaitStart(pushes)

const body = Buffer.alloc(size)
let next = 0
for (let sent = 0; sent < count; sent++) {
  await (pushes[next] as Push).send(body)
  if (++next === peers) next = 0
}
await context.term()
