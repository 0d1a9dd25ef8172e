import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"
import { probe, probeUntilReady } from "./publishing.js"

const { library, address, size, count } = await readArguments(
  "local-fan <bind-to> <subscriber-count> <message-size> <message-count>",
)
const publisher = new library.Publisher({ sendHighWaterMark: 0, linger: -1 })
const reports = new library.Pull()
await publisher.bind(address)
await reports.bind(address)
announceEndpoints(publisher, reports)

await probeUntilReady(publisher, reports)
const buffer = Buffer.alloc(size)
for (let sent = 0; sent < count; sent++) await publisher.send(buffer)
await publisher.send(probe)
publisher.close()
reports.close()
