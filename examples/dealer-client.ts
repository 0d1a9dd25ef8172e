// ROUTER/DEALER, the asking half: all requests go out at once, the answers come back as they are ready.
// The name of the job travels with both, so that an answer finds its request.
// node build/examples/dealer-client.js [address] [name] [jobs] [ms of work of the last job]
import * as zmq from "puremq"

const [address = "tcp://localhost:5559", name = `dealer-${process.pid}`, jobs = "3", step = "500"] =
  process.argv.slice(2)

try {
  using dealer = new zmq.Dealer({ routingId: name, receiveTimeout: 10_000, linger: 0 })
  dealer.connect(address)

  for (let i = 0; i < Number(jobs); i++) {
    // The longest first: each job overtakes the one before it.
    const milliseconds = Number(step) * (Number(jobs) - i)
    console.log(`Sending Job ${i}, ${milliseconds} ms of work`)
    await dealer.send([`Job ${i}`, `${milliseconds}`])
  }
  for (let i = 0; i < Number(jobs); i++) {
    const [job, result] = await dealer.receive()
    console.log(`Received: ${job} is ${result}`)
  }
} catch (error) {
  if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
  console.error("No answer within 10 s: is the router running?")
  process.exitCode = 1
}
