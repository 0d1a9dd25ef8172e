// Titanic, a client: hands in a request and goes; comes back with the number that it got, and fetches the reply.
// node build/examples/titanic/client.js [address of the broker] submit [service] [text]
// node build/examples/titanic/client.js [address of the broker] fetch [number]
import { setTimeout as pause } from "node:timers/promises"
import { MajordomoClient } from "../majordomo/client.js"

const [address = "tcp://localhost:5555", task = "submit", subject = "echo", text = "Hello"] =
  process.argv.slice(2)

using client = new MajordomoClient(address, { attempts: 10 })

if (task === "submit") {
  const [, id] = await client.ask("titanic.request", subject, text)
  console.log(`Handed in as ${id}`)
} else {
  let [status, reply] = await client.ask("titanic.reply", subject)
  while (`${status}` === "300") {
    console.log("Not yet answered")
    await pause(500)
    ;[status, reply] = await client.ask("titanic.reply", subject)
  }
  if (`${status}` === "200") {
    console.log(`Received: ${reply}`)
    await client.ask("titanic.close", subject)
  } else {
    console.error(`Titanic says ${status} of ${subject}`)
    process.exitCode = 1
  }
}
