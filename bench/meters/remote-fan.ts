import { readArguments } from "./arguments.js"
import { receivePublished } from "./publishing.js"

const { library, address, reportTo, width, size, count } = await readArguments(
  "remote-fan <connect-to> <report-to> <subscriber-count> <message-size> <message-count>",
)
const subscribers = Array.from({ length: width }, () => {
  const subscriber = new library.Subscriber({ receiveHighWaterMark: 0 })
  subscriber.subscribe()
  subscriber.connect(address)
  return subscriber
})
await Promise.all(subscribers.map((subscriber) => subscriber.receive()))
const report = new library.Push()
report.connect(reportTo)
await report.send("ready")

const seconds = await receivePublished(subscribers, size, count)
console.log(`message size: ${size} [B]`)
console.log(`message count: ${count}`)
console.log(`mean throughput: ${Math.round((width * count - 1) / seconds)} [deliveries/s]`)
for (const socket of [...subscribers, report]) socket.close()
