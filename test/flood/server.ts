// Usage: node build/test/flood/server.js <plan as JSON>: the attacked, in a process of its own.
import * as zmq from "puremq"
import { takeHoldings } from "../memory/holdings.js"
import { PUBLISHED_BYTES, type ServerPlan, type ServerReport } from "./plan.js"

/** Messages published at a time, and milliseconds between. */
const PUBLISHED = 20
const INTERVAL = 5

const plan = JSON.parse(process.argv[2] ?? "") as ServerPlan
const say = (report: ServerReport): void => void process.send?.(report)
const seen: Record<string, number> = {}

function watch(socket: zmq.Router | zmq.Publisher): void {
  const note = (type: string, error: { code?: unknown } | undefined): void => {
    const name = `${type} ${error?.code ?? ""}`.trim()
    seen[name] = (seen[name] ?? 0) + 1
  }
  for (const type of ["accept:error", "handshake:error:other", "handshake:error:protocol"] as const) {
    socket.events.on(type, ({ error }) => note(type, error as { code?: unknown }))
  }
  socket.events.on("disconnect", ({ reason }) => note("disconnect", reason))
}

async function answer(router: zmq.Router): Promise<void> {
  for await (const message of router) await router.send(message)
}

function publish(publisher: zmq.Publisher): void {
  const load = Buffer.alloc(PUBLISHED_BYTES)
  let number = 0
  setInterval(() => {
    for (let count = 0; count < PUBLISHED; count++) void publisher.send(["tick", String(number++), load])
  }, INTERVAL)
}

const socket = plan.kind === "Router" ? new zmq.Router(plan.options) : new zmq.Publisher(plan.options)
watch(socket)
await socket.bind("tcp://127.0.0.1:*")
// Who has no files left cannot even be asked what he holds.
process.on("message", (question) =>
  say(question === "events" ? { seen } : { seen, holdings: takeHoldings() }),
)
process.on("disconnect", () => process.exit())
say({ address: socket.lastEndpoint as string })
if (socket instanceof zmq.Router) await answer(socket)
else publish(socket)
