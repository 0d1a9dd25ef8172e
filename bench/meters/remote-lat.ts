import { readArguments } from "./arguments.js"
import { printLatency, requestAll } from "./roundtrips.js"

const { library, address, size, count } = await readArguments(
  "remote-lat <connect-to> <message-size> <roundtrip-count>",
)
const request = new library.Request()
request.connect(address)
printLatency(size, count, await requestAll(request, size, count))
request.close()
