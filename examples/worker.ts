// PUSH/PULL, the working half: takes a task, works, reports. Start as many as you like; Ctrl-C stops one.
// node build/examples/worker.js [tasks address] [feedback address] [most ms of work] [ms to wait for a task]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [
  tasksAddress = "tcp://localhost:5557",
  feedbackAddress = "tcp://localhost:5558",
  longest = "2000",
  patience = "30000",
] = process.argv.slice(2)

using receiver = new zmq.Pull({ receiveTimeout: Number(patience) })
using sender = new zmq.Push()
// Closing the socket ends the loop below, so the task at hand is still finished and reported.
process.once("SIGINT", () => receiver.close())

receiver.connect(tasksAddress)
sender.connect(feedbackAddress)
console.log("Worker is running and waiting for tasks...")

try {
  for await (const [task] of receiver) {
    console.log(`Worker received: ${task}`)
    await work(Number(longest) * (0.25 + 0.75 * Math.random()))
    console.log(`Worker sending feedback: Finished ${task}`)
    await sender.send(`Finished ${task}`)
  }
  console.log("Worker was stopped.")
} catch (error) {
  if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
  console.log(`No task for ${patience} ms: the worker goes home.`)
}
