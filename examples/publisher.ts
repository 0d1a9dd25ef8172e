// PUB/SUB, the sending half: every subscriber gets what it asked for, and nobody is waited for.
// A subscriber that comes late has missed what went before. Run subscriber beside it, Ctrl-C stops it.
// node build/examples/publisher.js [address] [rounds] [ms between rounds]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://*:5556", rounds = "30", milliseconds = "1000"] = process.argv.slice(2)
const topics = ["news.sports", "news.weather", "alerts"]

let running = true
process.once("SIGINT", () => {
  running = false
})

using publisher = new zmq.Publisher()
await publisher.bind(address)
console.log(`Publisher is running on ${publisher.lastEndpoint}...`)

for (let round = 0; running && round < Number(rounds); round++) {
  for (const topic of topics) {
    const message = `This is a message about ${topic.split(".").at(-1)}.`
    // The topic is a frame of its own: subscriptions are matched on the first frame only.
    await publisher.send([topic, message])
    console.log(`Sent to topic '${topic}': ${message}`)
  }
  await pause(Number(milliseconds))
}
