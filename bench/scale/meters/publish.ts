// How fast a publisher goes through so many subscriptions. It is an XPUB, to know when it has them all.
import { XPublisher } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { heldBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"
import { messagesAmong } from "./topics.js"

const { address, subscriptions, size, count } = readArguments("subscriptions", "size", "count")
const publisher = new XPublisher({ linger: 0 })
await publisher.bind(address)
const [before, heldBefore] = [await settledBytes(), heldBytes()]
announceEndpoints(publisher)
await publisher.receive()
const first = performance.now()
for (let known = 1; known < subscriptions; known++) await publisher.receive()
const seconds = (performance.now() - first) / 1000
const [each, heap] = [(await settledBytes()) - before, heldBytes() - heldBefore]

const messages = messagesAmong(subscriptions, size)
const start = performance.now()
for (let sent = 0; sent < count; sent++) await publisher.send(messages[sent % messages.length] as Buffer)
printResult({
  rate: (count / (performance.now() - start)) * 1000,
  seconds,
  each: each / subscriptions,
  heap: heap / subscriptions,
})
publisher.close()
