// How fast a publisher goes through so many subscriptions. It is an XPUB, to know when it has them all.
import { XPublisher } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { printResult } from "./result.js"
import { messagesAmong } from "./topics.js"

const { address, subscriptions, size, count } = readArguments("subscriptions", "size", "count")
const publisher = new XPublisher({ linger: 0 })
await publisher.bind(address)
announceEndpoints(publisher)
for (let known = 0; known < subscriptions; known++) await publisher.receive()

const messages = messagesAmong(subscriptions, size)
const start = performance.now()
for (let sent = 0; sent < count; sent++) await publisher.send(messages[sent % messages.length] as Buffer)
printResult({ rate: (count / (performance.now() - start)) * 1000 })
publisher.close()
