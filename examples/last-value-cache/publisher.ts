// Last-value cache, a publisher for it: says one thing of each topic, and then nothing for a long time.
// node build/examples/last-value-cache/publisher.js [address of the cache] [topics]
import * as zmq from "puremq"

const [address = "tcp://localhost:5557", topics = "1000"] = process.argv.slice(2)

// Extended, to hear when the cache has subscribed: what was sent before that would go nowhere.
using publisher = new zmq.XPublisher()
publisher.connect(address)
await publisher.receive()
for (let i = 0; i < Number(topics); i++) {
  await publisher.send([`topic-${`${i}`.padStart(3, "0")}`, `Value ${i}`])
}
console.log(`Published ${topics} topics`)
