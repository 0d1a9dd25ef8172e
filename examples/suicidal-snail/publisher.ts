// Suicidal Snail, the publisher: says what time it is, often.
// node build/examples/suicidal-snail/publisher.js [address] [ms between messages]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://*:5556", milliseconds = "1"] = process.argv.slice(2)

using publisher = new zmq.Publisher()
await publisher.bind(address)
console.log(`Publisher is running on ${publisher.lastEndpoint}...`)

for (;;) {
  await publisher.send(`${Date.now()}`)
  await pause(Number(milliseconds))
}
