import { readArguments } from "./arguments.js"
import { sendAll } from "./throughput.js"

const { library, address, width, size, count } = await readArguments(
  "remote-multipart <connect-to> <part-count> <part-size> <message-count>",
)
const push = new library.Push({ linger: -1 })
push.connect(address)

const part = Buffer.alloc(size)
await sendAll(
  push,
  Array.from({ length: width }, () => part),
  count,
)
push.close()
