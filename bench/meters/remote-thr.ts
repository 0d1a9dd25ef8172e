import { readArguments } from "./arguments.js"
import { ofClient } from "./curve.js"
import { sendAll } from "./throughput.js"

const { library, address, size, count } = await readArguments(
  "remote-thr <connect-to> <message-size> <message-count>",
)
// With an endless linger the closed socket keeps this process until the last byte has left.
const push = new library.Push({ linger: -1, ...ofClient })
push.connect(address)

await sendAll(push, Buffer.alloc(size), count)
push.close()
