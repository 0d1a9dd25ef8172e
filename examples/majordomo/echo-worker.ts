// Majordomo, a worker: it says what it is told. Ctrl-C has it say good-bye to the broker.
// node build/examples/majordomo/echo-worker.js [address] [name] [ms of work]
import { setTimeout as work } from "node:timers/promises"
import { serve } from "./worker.js"

const [address = "tcp://localhost:5555", name = `worker-${process.pid}`, milliseconds = "100"] =
  process.argv.slice(2)

const stop = new AbortController()
process.once("SIGINT", () => stop.abort())
console.log(`${name} offers echo...`)

await serve(
  address,
  "echo",
  async (body) => {
    console.log(`${name} works on ${body}`)
    await work(Number(milliseconds))
    return [`${body}, says ${name}`]
  },
  stop.signal,
)
