// REQ/REP, the answering half: take a request, work on it, answer. Run request-client beside it.
// node build/examples/reply-server.js [address] [requests] [ms of work]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://*:5555", requests = "5", milliseconds = "1000"] = process.argv.slice(2)

try {
  using server = new zmq.Reply()
  await server.bind(address)
  console.log(`Server is running on ${server.lastEndpoint} and waiting for requests...`)

  for (let served = 0; served < Number(requests); served++) {
    const [request] = await server.receive()
    console.log(`Received request: ${request}`)
    await work(Number(milliseconds))
    await server.send(`World from ${request}`)
  }
} catch (error) {
  // Most often EADDRINUSE: another server holds this port.
  console.error(`Server failed: ${error}`)
  process.exitCode = 1
}
