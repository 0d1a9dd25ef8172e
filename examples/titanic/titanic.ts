// Titanic: requests and replies that outlive every process (RFC 9). It offers three services at a Majordomo broker: to
// hand in a request, to fetch its reply, and to forget it; and it asks the service that the request is for until that
// answers. Clients and workers need not be there at the same time, and Titanic itself may go down and come back.
// Start Majordomo's broker first.
// node build/examples/titanic/titanic.js [address of the broker] [file] [ms between attempts]
import { randomUUID } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import { MajordomoClient } from "../majordomo/client.js"
import { serve } from "../majordomo/worker.js"
import { Store } from "./store.js"

const [address = "tcp://localhost:5555", file = "titanic.db", milliseconds = "1000"] = process.argv.slice(2)

const stop = new AbortController()
process.once("SIGINT", () => stop.abort())
using store = new Store(file)
console.log(`Titanic is running, ${store.pending().length} requests wait...`)

function accept([service, ...request]: Buffer[]): string[] {
  const id = randomUUID()
  store.add(id, `${service}`, request)
  console.log(`Accepted ${id} for ${service}`)
  return ["200", id]
}

function fetchReply([id]: Buffer[]): (string | Buffer)[] {
  const entry = store.get(`${id}`)
  if (!entry) return ["400"]
  return entry.reply ? ["200", ...entry.reply] : ["300"]
}

function forget([id]: Buffer[]): string[] {
  store.remove(`${id}`)
  return ["200"]
}

async function deliver(): Promise<void> {
  while (!stop.signal.aborted) {
    for (const { id, service, request } of store.pending()) {
      if (stop.signal.aborted) return
      // A worker may do a request twice: when it has answered, but Titanic or the network dies before it hears.
      using client = new MajordomoClient(address, { attempts: 1 })
      try {
        const [status] = await client.ask("mmi.service", service)
        if (`${status}` !== "200") continue
        store.answer(id, await client.ask(service, ...request))
        console.log(`${service} has answered ${id}`)
      } catch {
        console.log(`${service} has not answered ${id} yet`)
      }
    }
    await pause(Number(milliseconds))
  }
}

await Promise.all([
  serve(address, "titanic.request", accept, stop.signal),
  serve(address, "titanic.reply", fetchReply, stop.signal),
  serve(address, "titanic.close", forget, stop.signal),
  deliver(),
])
