// inproc between two threads: what libzmq's inproc_lat measures.
import { isMainThread, Worker } from "node:worker_threads"
import { readArguments } from "./arguments.js"
import { answerAll, printLatency, requestAll } from "./roundtrips.js"

const { library, size, count } = await readArguments("threads-lat <message-size> <roundtrip-count>")
const address = "inproc://threads"

if (isMainThread) {
  const request = new library.Request()
  await request.bind(address)
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  printLatency(size, count, await requestAll(request, size, count))
  request.close()
} else {
  const reply = new library.Reply({ linger: -1 })
  reply.connect(address)
  await answerAll(reply, size, count)
  reply.close()
}
