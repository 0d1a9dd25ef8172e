// PUSH/PULL, the handing-out half: tasks go to the workers in turn, their feedback comes back on a second
// pair of sockets. Run some workers beside it.
// node build/examples/pusher.js [tasks address] [feedback address] [tasks] [workers] [ms between tasks]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"

const [
  tasksAddress = "tcp://*:5557",
  feedbackAddress = "tcp://*:5558",
  tasks = "10",
  workers = "1",
  milliseconds = "500",
] = process.argv.slice(2)

using sender = new zmq.Push()
using feedback = new zmq.Pull()

const events = sender.events
await sender.bind(tasksAddress)
await feedback.bind(feedbackAddress)
console.log(`Pusher is running on ${sender.lastEndpoint}, feedback on ${feedback.lastEndpoint}...`)

// Tasks are dealt out among the workers that are there: without this the first would get a head start.
let connected = 0
for await (const event of events) {
  if (event.type === "handshake" && ++connected >= Number(workers)) break
}

for (let i = 0; i < Number(tasks); i++) {
  console.log(`Sending task: Task ${i}`)
  await sender.send(`Task ${i}`)
  const [report] = await feedback.receive()
  console.log(`Received feedback: ${report}`)
  await pause(Number(milliseconds))
}
