import { readArguments } from "./arguments.js"
import { ofServer } from "./curve.js"
import { announceEndpoints } from "./endpoints.js"
import { printThroughput, receiveAll } from "./throughput.js"

const { library, address, size, count } = await readArguments(
  "local-thr <bind-to> <message-size> <message-count>",
)
const pull = new library.Pull(ofServer)
await pull.bind(address)
announceEndpoints(pull)

printThroughput(size, count, await receiveAll(pull, size, count))
pull.close()
