// Paranoid Pirate, the broker: that of Simple Pirate with heartbeats both ways. A worker that hangs, or whose network
// is gone, gets no requests; a worker whose broker is gone notices and looks for it. Clients are those of Lazy Pirate.
// node build/examples/paranoid-pirate/broker.js [address for clients] [address for workers]
import { EventEmitter, once } from "node:events"
import * as zmq from "puremq"
import { HEARTBEAT, interval, patience, READY } from "./protocol.js"

const [clientsAddress = "tcp://*:5555", workersAddress = "tcp://*:5556"] = process.argv.slice(2)

interface Worker {
  readonly name: zmq.Message
  idle: boolean
  lastHeard: number
  silent: boolean
}

using clients = new zmq.Router()
// Mandatory: a worker that has hung up is an error, and forgotten at once.
using workers = new zmq.Router({ mandatory: true })
await clients.bind(clientsAddress)
await workers.bind(workersAddress)
console.log(`Broker is running on ${clients.lastEndpoint}, for workers on ${workers.lastEndpoint}...`)

/** The workers by their names, who became idle first in front. */
const known = new Map<string, Worker>()
const arrivals = new EventEmitter()

function post(worker: Worker, ...message: zmq.MessageLike[]): boolean {
  try {
    return workers.trySend([worker.name, ...message])
  } catch (error) {
    if (!(error instanceof zmq.ZmqError && error.code === "EHOSTUNREACH")) throw error
    known.delete(worker.name.toString("hex"))
    return false
  }
}

async function hearWorkers(): Promise<void> {
  for await (const [name, ...message] of workers) {
    if (!name) continue
    const key = name.toString("hex")
    const worker = known.get(key) ?? { name, idle: false, lastHeard: 0, silent: false }
    worker.lastHeard = performance.now()
    worker.silent = false
    if (message.length > 1 || message[0]?.equals(READY)) {
      worker.idle = true
      known.delete(key)
      known.set(key, worker)
    }
    arrivals.emit("worker")
    if (message.length > 1) await clients.send(message)
  }
}

function handOver(request: zmq.Message[]): boolean {
  for (const worker of known.values()) {
    if (!worker.idle || worker.silent || !post(worker, ...request)) continue
    worker.idle = false
    return true
  }
  return false
}

async function hearClients(): Promise<void> {
  for await (const request of clients) {
    while (!handOver(request)) await once(arrivals, "worker")
  }
}

using _heartbeat = setInterval(() => {
  for (const worker of known.values()) {
    post(worker, HEARTBEAT)
    if (worker.silent || performance.now() - worker.lastHeard < patience) continue
    worker.silent = true
    console.log("A worker has fallen silent")
  }
}, interval)
await Promise.all([hearWorkers(), hearClients()])
