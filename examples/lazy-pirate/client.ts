// Lazy Pirate, the client: asks, and asks again when no answer comes in time, until it gives up.
// All the reliability is here; the server knows nothing of it. Use it where a request may be done twice without harm.
// node build/examples/lazy-pirate/client.js [address] [requests] [ms to wait for an answer] [attempts]
import * as zmq from "puremq"

const [address = "tcp://localhost:5555", requests = "5", patience = "2500", attempts = "3"] =
  process.argv.slice(2)

using client = new zmq.Request({
  // It may ask again before an answer came, and an answer to what it asked before is not taken for one to this.
  relaxed: true,
  correlate: true,
  // A request goes to a server that is there, or waits here: none is left for one that may come back some day.
  immediate: true,
  sendTimeout: Number(patience),
  receiveTimeout: Number(patience),
  linger: 0,
})
client.connect(address)

async function ask(request: string): Promise<string> {
  for (let attempt = 1; attempt <= Number(attempts); attempt++) {
    try {
      await client.send(request)
      return await client.receiveString()
    } catch (error) {
      if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
      console.log(`No answer to ${request} within ${patience} ms`)
    }
  }
  throw new Error(`Nobody answered ${request}, asked ${attempts} times`)
}

try {
  for (let i = 0; i < Number(requests); i++) console.log(`Received: ${await ask(`Request ${i}`)}`)
} catch (error) {
  console.error(`${error}`)
  process.exitCode = 1
}
