import { readArguments } from "./arguments.js"
import { probe, receivePublished } from "./publishing.js"
import { listTopics, stride } from "./topics.js"

const { library, address, reportTo, width, size, count } = await readArguments(
  "remote-topics <connect-to> <report-to> <subscription-count> <message-size> <message-count>",
)
const subscriber = new library.Subscriber({ receiveHighWaterMark: 0 })
subscriber.connect(address)
subscriber.subscribe(...listTopics(width).filter((_, number) => number % stride === 0))
// The last one, both in time and in the alphabet: who gets probes has passed on all the others.
subscriber.subscribe(probe)
await subscriber.receive()
const report = new library.Push()
report.connect(reportTo)
await report.send("ready")

const matches = Math.ceil(count / stride)
const seconds = await receivePublished([subscriber], size, matches)
console.log(`message size: ${size} [B]`)
console.log(`message count: ${count}`)
console.log(`mean throughput: ${Math.round(((matches - 1) * stride) / seconds)} [msg/s]`)
subscriber.close()
report.close()
