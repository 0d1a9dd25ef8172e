// Majordomo, a client: asks a service, one text after the other.
// node build/examples/majordomo/ask.js [address] [service] [ms to wait for an answer] [text...]
import { MajordomoClient } from "./client.js"

const [address = "tcp://localhost:5555", service = "echo", patience = "2500", ...args] = process.argv.slice(2)
const texts = args.length > 0 ? args : ["Hello", "How do you do?"]

try {
  using client = new MajordomoClient(address, { patience: Number(patience) })
  const [status] = await client.ask("mmi.service", service)
  console.log(`The broker says ${status} of ${service}`)
  for (const text of texts) console.log(`Received: ${await client.ask(service, text)}`)
} catch (error) {
  console.error(`${error}`)
  process.exitCode = 1
}
