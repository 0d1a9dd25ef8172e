import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"

const { library, address, reportTo } = await readArguments(
  "proxy-echo <bind-to> <connect-to> <dealer-count> <message-size> <roundtrip-count>",
)
const frontEnd = new library.Router()
const backEnd = new library.Dealer()
await frontEnd.bind(address)
backEnd.connect(reportTo)
announceEndpoints(frontEnd)

// Whoever started this meter ends it when the sides have done.
await new library.Proxy(frontEnd, backEnd).run()
