// inproc between two threads: what libzmq's inproc_thr measures.
import { isMainThread, Worker } from "node:worker_threads"
import { readArguments } from "./arguments.js"
import { printThroughput, receiveAll, sendAll } from "./throughput.js"

const { library, size, count } = await readArguments("threads-thr <message-size> <message-count>")
const address = "inproc://threads"

if (isMainThread) {
  const pull = new library.Pull()
  await pull.bind(address)
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  printThroughput(size, count, await receiveAll(pull, size, count))
  pull.close()
} else {
  const push = new library.Push()
  push.connect(address)
  await sendAll(push, Buffer.alloc(size), count)
  push.close()
}
