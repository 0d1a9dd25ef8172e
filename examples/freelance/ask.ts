// Freelance, a client: asks again and again, whoever of the servers is there.
// node build/examples/freelance/ask.js [requests] [ms between them] [server...]
import { setTimeout as pause } from "node:timers/promises"
import { FreelanceClient } from "./client.js"

const [requests = "5", milliseconds = "500", ...args] = process.argv.slice(2)

using client = new FreelanceClient(args.length > 0 ? args : ["tcp://localhost:5555", "tcp://localhost:5556"])

try {
  for (let i = 0; i < Number(requests); i++) {
    console.log(`Received: ${await client.ask(`Request ${i}`, AbortSignal.timeout(20_000))}`)
    await pause(Number(milliseconds))
  }
} catch (error) {
  console.error(`No answer: ${error}`)
  process.exitCode = 1
}
