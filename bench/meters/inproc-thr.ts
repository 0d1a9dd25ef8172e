import { readArguments } from "./arguments.js"
import { printThroughput, receiveAll, sendAll } from "./throughput.js"

const { library, size, count } = await readArguments("inproc-thr <message-size> <message-count>")
const pull = new library.Pull()
const push = new library.Push()
await pull.bind("inproc://throughput")
push.connect("inproc://throughput")

const [seconds] = await Promise.all([receiveAll(pull, size, count), sendAll(push, Buffer.alloc(size), count)])
printThroughput(size, count, seconds)
push.close()
pull.close()
