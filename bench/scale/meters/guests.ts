// The idle peers of a ROUTER, whichever library that is of, and their guide.
import { Context, Dealer } from "puremq"
import { readArguments } from "./arguments.js"

/** Fewer than any system lets wait to be accepted. */
const AT_A_TIME = 100

const { address, count } = readArguments("count")
const context = new Context({ maxSockets: count + 1 })
const guide = new Dealer({ context })
guide.connect(address)
await ask()

const guests: Dealer[] = []
while (guests.length < count) {
  const few = Array.from({ length: Math.min(AT_A_TIME, count - guests.length) }, arrive)
  guests.push(...(await Promise.all(few)))
}
await ask()
for (const guest of guests) await guest.send("here")
await guide.receive()
await context.term()

/** The host answers when it has measured. */
async function ask(): Promise<void> {
  await guide.send("")
  await guide.receive()
}

async function arrive(): Promise<Dealer> {
  const guest = new Dealer({ context, linger: 0 })
  const { events } = guest
  guest.connect(address)
  for await (const { type } of events) if (type === "handshake") break
  return guest
}
