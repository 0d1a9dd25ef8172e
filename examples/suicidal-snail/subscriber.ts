// Suicidal Snail, the subscriber: one that cannot keep up, and ends itself rather than work with what is long out of
// date. Whoever watches over it (systemd, Kubernetes) starts another one, with an empty queue, and somebody hears of it.
// node build/examples/suicidal-snail/subscriber.js [address] [ms of work a message] [most ms of delay]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://localhost:5556", milliseconds = "5", mostDelay = "1000"] = process.argv.slice(2)

using subscriber = new zmq.Subscriber()
subscriber.subscribe()
subscriber.connect(address)

for await (const [message] of subscriber) {
  // Both clocks must go alike: across machines, keep them so by NTP, or be generous.
  const delay = Date.now() - Number(message)
  if (delay > Number(mostDelay)) {
    console.error(`${delay} ms behind, giving up`)
    process.exitCode = 1
    break
  }
  console.log(`${delay} ms behind`)
  await work(Number(milliseconds))
}
