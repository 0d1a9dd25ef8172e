// Simple Pirate, the broker: hands each request to the worker that has been idle longest. Clients are those of Lazy
// Pirate; they see one server, however many workers there are, and ask again when one dies with their request.
// node build/examples/simple-pirate/broker.js [address for clients] [address for workers]
import { EventEmitter, once } from "node:events"
import * as zmq from "puremq"

const [clientsAddress = "tcp://*:5555", workersAddress = "tcp://*:5556"] = process.argv.slice(2)

using clients = new zmq.Router()
using workers = new zmq.Router()
await clients.bind(clientsAddress)
await workers.bind(workersAddress)
console.log(`Broker is running on ${clients.lastEndpoint}, for workers on ${workers.lastEndpoint}...`)

const idle: zmq.Message[] = []
const arrivals = new EventEmitter()

async function hearWorkers(): Promise<void> {
  // REQ puts an empty frame in front. What follows is "READY", or a reply in the envelope that the request came in.
  for await (const [worker, , ...message] of workers) {
    if (!worker) continue
    idle.push(worker)
    arrivals.emit("worker")
    if (message.length > 1) await clients.send(message)
  }
}

async function hearClients(): Promise<void> {
  // With no worker idle, requests wait in the socket, and beyond its high-water mark with the clients.
  for await (const request of clients) {
    while (idle.length === 0) await once(arrivals, "worker")
    await workers.send([idle.shift() as zmq.Message, "", ...request])
  }
}

await Promise.all([hearWorkers(), hearClients()])
