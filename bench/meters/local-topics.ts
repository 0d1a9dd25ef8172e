import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"
import { probe, probeUntilReady } from "./publishing.js"
import { listTopics } from "./topics.js"

const { library, address, width, size, count } = await readArguments(
  "local-topics <bind-to> <subscription-count> <message-size> <message-count>",
)
const publisher = new library.Publisher({ sendHighWaterMark: 0, linger: -1 })
const reports = new library.Pull()
await publisher.bind(address)
await reports.bind(address)
announceEndpoints(publisher, reports)

const topics = listTopics(width)
const memory = Buffer.alloc(topics.length * size)
const messages = topics.map((topic, index) => {
  const message = memory.subarray(index * size, (index + 1) * size)
  message.write(topic, "latin1")
  return message
})

await probeUntilReady(publisher, reports)
for (let sent = 0; sent < count; sent++) await publisher.send(messages[sent % messages.length] ?? null)
await publisher.send(probe)
publisher.close()
reports.close()
