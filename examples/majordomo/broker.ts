// Majordomo, the broker: clients name a service, workers offer one, and the broker brings them together (RFC 7).
// Requests to a service that has no worker wait until one comes. It answers for `mmi.service` itself, which tells
// whether a service has workers: 200 or 404 (RFC 8).
// node build/examples/majordomo/broker.js [address]
import * as zmq from "puremq"
import {
  CLIENT,
  DISCONNECT,
  HEARTBEAT,
  interval,
  patience,
  READY,
  REPLY,
  REQUEST,
  WORKER,
} from "./protocol.js"

const [address = "tcp://*:5555"] = process.argv.slice(2)

interface Service {
  readonly name: string
  /** Requests that wait for a worker, each with its client in front. */
  readonly requests: zmq.Message[][]
  /** Those without a request, who waits longest in front. */
  readonly idle: Set<Worker>
  workers: number
}

interface Worker {
  readonly name: zmq.Message
  readonly service: Service
  lastHeard: number
}

const services = new Map<string, Service>()
const workers = new Map<string, Worker>()

using socket = new zmq.Router()
await socket.bind(address)
console.log(`Broker is running on ${socket.lastEndpoint}...`)

function tell(worker: zmq.Message, ...frames: zmq.MessageLike[]): Promise<void> {
  return socket.send([worker, "", WORKER, ...frames])
}

function serviceOf(name: zmq.Message): Service {
  const key = `${name}`
  let service = services.get(key)
  if (!service) services.set(key, (service = { name: key, requests: [], idle: new Set(), workers: 0 }))
  return service
}

function forget(worker: Worker): void {
  workers.delete(worker.name.toString("hex"))
  worker.service.idle.delete(worker)
  worker.service.workers--
  console.log(`A worker of ${worker.service.name} has gone`)
}

async function dispatch(service: Service): Promise<void> {
  for (const worker of service.idle) {
    const request = service.requests.shift()
    if (!request) return
    service.idle.delete(worker)
    const [client = "", ...body] = request
    await tell(worker.name, REQUEST, client, "", ...body)
  }
}

async function hearClient(client: zmq.Message, [name, ...body]: zmq.Message[]): Promise<void> {
  if (!name) return
  const service = serviceOf(name)
  if (service.name === "mmi.service") {
    const status = services.get(`${body.at(-1)}`)?.workers ? "200" : "404"
    await socket.send([client, "", CLIENT, service.name, status])
    return
  }
  service.requests.push([client, ...body])
  await dispatch(service)
}

async function hearWorker(name: zmq.Message, [command, ...rest]: zmq.Message[]): Promise<void> {
  const key = name.toString("hex")
  const worker = workers.get(key)
  if (command?.equals(READY) && rest[0] && !worker) {
    const newcomer: Worker = { name, service: serviceOf(rest[0]), lastHeard: performance.now() }
    workers.set(key, newcomer)
    newcomer.service.workers++
    newcomer.service.idle.add(newcomer)
    console.log(`A worker of ${newcomer.service.name} has come`)
    return dispatch(newcomer.service)
  }
  // Whom we don't know, since we took him for dead or have been started anew, is to introduce himself again.
  if (!worker || command?.equals(READY)) {
    if (worker) forget(worker)
    if (!command?.equals(DISCONNECT)) await tell(name, DISCONNECT)
    return
  }
  worker.lastHeard = performance.now()
  if (command?.equals(REPLY)) {
    const [client = "", , ...body] = rest
    await socket.send([client, "", CLIENT, worker.service.name, ...body])
    worker.service.idle.add(worker)
    await dispatch(worker.service)
  } else if (command?.equals(DISCONNECT)) {
    forget(worker)
  }
}

using _heartbeat = setInterval(async () => {
  for (const worker of workers.values()) {
    if (performance.now() - worker.lastHeard > patience) forget(worker)
    else await tell(worker.name, HEARTBEAT)
  }
}, interval)

for await (const [sender, , protocol, ...message] of socket) {
  if (!sender) continue
  if (`${protocol}` === CLIENT) await hearClient(sender, message)
  else if (`${protocol}` === WORKER) await hearWorker(sender, message)
}
