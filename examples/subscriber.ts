// PUB/SUB, the receiving half: only the topics that it subscribed to arrive. Run publisher beside it.
// node build/examples/subscriber.js [address] [messages] [topic...]
import * as zmq from "puremq"

const [address = "tcp://localhost:5556", messages = "10", ...args] = process.argv.slice(2)
const topics = args.length > 0 ? args : ["news.sports", "alerts"]

using subscriber = new zmq.Subscriber()
// Without a subscription nothing arrives at all; subscribe() with no argument asks for everything.
subscriber.subscribe(...topics)
subscriber.connect(address)
console.log(`Subscriber is running and subscribed to ${topics.map((topic) => `'${topic}'`).join(" and ")}...`)

let received = 0
for await (const [topic, message] of subscriber) {
  console.log(`Received from topic '${topic}': ${message}`)
  if (++received >= Number(messages)) break
}
