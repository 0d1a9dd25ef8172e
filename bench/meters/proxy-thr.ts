import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"

const { library, address, reportTo } = await readArguments(
  "proxy-thr <bind-to> <connect-to> <message-size> <message-count>",
)
const frontEnd = new library.Pull()
const backEnd = new library.Push()
await frontEnd.bind(address)
backEnd.connect(reportTo)
announceEndpoints(frontEnd)

// Whoever started this meter ends it when the sides have done.
await new library.Proxy(frontEnd, backEnd).run()
