// Last-value cache: stands between publishers and subscribers, and gives each newcomer at once what was said last of
// its topic, however long ago. Subscribers are ordinary ones, such as ../subscriber.
// node build/examples/last-value-cache/cache.js [address for publishers] [address for subscribers]
import * as zmq from "puremq"

const [publishersAddress = "tcp://*:5557", subscribersAddress = "tcp://*:5556"] = process.argv.slice(2)

using publishers = new zmq.Subscriber()
// All: of a topic that somebody has already it would else not be told when another one comes.
using subscribers = new zmq.XPublisher({ verbosity: "allSubs" })
publishers.subscribe()
await publishers.bind(publishersAddress)
await subscribers.bind(subscribersAddress)
console.log(`Cache is running on ${subscribers.lastEndpoint}, for publishers on ${publishers.lastEndpoint}`)

const lastValues = new Map<string, Buffer[]>()

async function passOn(): Promise<void> {
  for await (const message of publishers) {
    // A frame shares its memory with all that came in the same read: what is kept is copied.
    lastValues.set(
      `${message[0]}`,
      message.map((frame) => Buffer.from(frame)),
    )
    await subscribers.send(message)
  }
}

async function greetNewcomers(): Promise<void> {
  for await (const [subscription] of subscribers) {
    if (subscription?.[0] !== 1) continue
    const prefix = `${subscription.subarray(1)}`
    // It goes to all who have that topic; with `manualLastValue` it would go to the newcomer alone.
    for (const [topic, message] of lastValues) if (topic.startsWith(prefix)) await subscribers.send(message)
  }
}

await Promise.all([passOn(), greetNewcomers()])
