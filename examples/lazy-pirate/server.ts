// Lazy Pirate, the server: an ordinary REP. Kill it and start it again while a client asks, or have it work for longer
// than the client waits.
// node build/examples/lazy-pirate/server.js [address] [ms of work]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://*:5555", milliseconds = "500"] = process.argv.slice(2)

using server = new zmq.Reply()
await server.bind(address)
console.log(`Server is running on ${server.lastEndpoint}...`)

for await (const [request] of server) {
  console.log(`Working on ${request}`)
  await work(Number(milliseconds))
  await server.send(`${request} is done`)
}
