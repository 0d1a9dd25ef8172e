// Simple Pirate, the worker: says that it is ready, then takes requests and sends replies. Its replies say that it is
// ready again, so a worker never has more than one request.
// node build/examples/simple-pirate/worker.js [address] [name] [ms of work]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://localhost:5556", name = `worker-${process.pid}`, milliseconds = "500"] =
  process.argv.slice(2)

using worker = new zmq.Request({ linger: 0 })
worker.connect(address)
await worker.send("READY")
console.log(`${name} is ready...`)

for await (const message of worker) {
  // The last frame is the request, those before it the client's address: they go back with the reply.
  const request = message.pop()
  console.log(`${name} works on ${request}`)
  await work(Number(milliseconds))
  await worker.send([...message, `${request} is done by ${name}`])
}
