// ROUTER/DEALER, the serving half: many clients at once, and an answer goes out when it is ready, whatever
// the order of the requests. Run some dealer-clients beside it.
// node build/examples/router-server.js [address] [jobs]
import { setTimeout as work } from "node:timers/promises"
import * as zmq from "puremq"

const [address = "tcp://*:5559", jobs = "3"] = process.argv.slice(2)

// Mandatory: an answer to a client that has gone is an error, rather than dropped without a word.
using router = new zmq.Router({ mandatory: true })
await router.bind(address)
console.log(`Router is running on ${router.lastEndpoint}...`)

async function answer(client: zmq.Message, job: zmq.Message, milliseconds: number): Promise<void> {
  await work(milliseconds)
  console.log(`Answering ${client}: ${job} is done`)
  try {
    await router.send([client, job, "done"])
  } catch (error) {
    console.error(`${client} has gone: ${error}`)
  }
}

const answers: Promise<void>[] = []
while (answers.length < Number(jobs)) {
  // ROUTER puts the sender's routing id in front; sending it back in front is what addresses the answer.
  const [client, job, milliseconds] = await router.receive()
  if (!client || !job || !milliseconds) continue
  console.log(`${client} asks for ${job}, ${milliseconds} ms of work`)
  answers.push(answer(client, job, Number(`${milliseconds}`)))
}
await Promise.all(answers)
