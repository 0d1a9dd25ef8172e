// Espresso: look at the traffic between publishers and subscribers without disturbing it. A proxy stands between them
// and gives a copy of all that goes through, subscriptions too, to its capture socket.
// node build/examples/espresso/main.js [messages]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"

const [messages = "5"] = process.argv.slice(2)

// All in one process here; between machines only the addresses would be others.
using capture = new zmq.Pair()
using listener = new zmq.Pair()
await capture.bind("inproc://listener")
listener.connect("inproc://listener")

const device = zmq.forwarder({ capture })
await device.frontEnd.bind("inproc://publishers")
await device.backEnd.bind("inproc://subscribers")

async function publish(signal: AbortSignal): Promise<void> {
  using publisher = new zmq.Publisher()
  publisher.connect("inproc://publishers")
  for (let i = 0; !signal.aborted; i++) {
    await publisher.send(`${"ABC"[i % 3]}-${i}`)
    await pause(10)
  }
}

async function subscribe(): Promise<void> {
  using subscriber = new zmq.Subscriber()
  subscriber.connect("inproc://subscribers")
  subscriber.subscribe("A", "B")
  for (let i = 0; i < Number(messages); i++) console.log(`Received ${await subscriber.receiveString()}`)
}

async function listen(): Promise<void> {
  for await (const [frame] of listener) {
    if (frame?.[0] === 1) console.log(`Overheard: somebody subscribes to ${frame.subarray(1)}`)
    else if (frame?.[0] === 0) console.log(`Overheard: somebody leaves ${frame.subarray(1)}`)
    else console.log(`Overheard: ${frame}`)
  }
}

const done = new AbortController()
const running = device.run()
const listening = listen()
const publishing = publish(done.signal)
await subscribe()
done.abort()
await publishing
device.terminate()
await running
listener.close()
await listening
