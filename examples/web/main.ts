// A page that speaks ZeroMQ, and its server.
// npm run demo:web -- --port 8080
import { parseArgs } from "node:util"
import { DemoServer } from "./server.js"

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: process.env.PORT ?? "8080" },
  },
})

const server = new DemoServer(values.host, Number(values.port))
try {
  await server.start()
} catch (error) {
  console.error(`Cannot listen: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}
console.log(`The demo is at ${server.url} (Ctrl-C ends it)`)

const end = (): void => void server.stop()
process.once("SIGINT", end)
process.once("SIGTERM", end)
