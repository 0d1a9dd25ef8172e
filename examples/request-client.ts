// REQ/REP, the asking half: each request waits for its reply before the next one goes out.
// node build/examples/request-client.js [address] [requests] [ms to wait for a reply]
import * as zmq from "puremq"

const [address = "tcp://localhost:5555", requests = "5", patience = "10000"] = process.argv.slice(2)

try {
  // No linger: a request that nobody has answered must not keep a client alive that has given up.
  using client = new zmq.Request({ receiveTimeout: Number(patience), linger: 0 })
  client.connect(address)
  console.log("Client is running...")

  for (let i = 0; i < Number(requests); i++) {
    console.log(`Sending request: Hello ${i}`)
    await client.send(`Hello ${i}`)
    const [reply] = await client.receive()
    console.log(`Received reply: ${reply}`)
  }
} catch (error) {
  if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
  console.error(`No reply within ${patience} ms: is the server running?`)
  process.exitCode = 1
}
