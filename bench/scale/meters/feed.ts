// Feeds a PULL from many PUSH peers in turn, each of which first sends an empty message.
import { Context, Push } from "puremq"
import { readArguments } from "./arguments.js"

const { address, peers, size, count } = readArguments("peers", "size", "count")
const context = new Context({ maxSockets: peers })
const pushes = Array.from({ length: peers }, () => {
  const push = new Push({ context, linger: -1 })
  push.connect(address)
  return push
})
for (const push of pushes) await push.send("")

const body = Buffer.alloc(size)
let next = 0
for (let sent = 0; sent < count; sent++) {
  await (pushes[next] as Push).send(body)
  if (++next === peers) next = 0
}
await context.term()
