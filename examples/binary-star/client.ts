// Binary Star, a client: asks one server, and the other one when no answer comes.
// node build/examples/binary-star/client.js [requests] [ms to wait for an answer] [servers...]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"

const [requests = "10", patience = "2000", ...args] = process.argv.slice(2)
const servers = args.length > 0 ? args : ["tcp://localhost:5001", "tcp://localhost:5002"]

let turn = 0

async function ask(request: string): Promise<string> {
  for (; turn < 100; turn++) {
    using client = new zmq.Request({ linger: 0, receiveTimeout: Number(patience) })
    client.connect(servers[turn % servers.length] ?? "")
    try {
      await client.send(request)
      return await client.receiveString()
    } catch (error) {
      if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
      console.log(`No answer, asking the other one`)
    }
  }
  throw new Error(`Nobody answered ${request}`)
}

for (let i = 0; i < Number(requests); i++) {
  console.log(`Received: ${await ask(`Request ${i}`)}`)
  await pause(100)
}
