import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"
import { answerAll } from "./roundtrips.js"

const { library, address, size, count } = await readArguments(
  "local-lat <bind-to> <message-size> <roundtrip-count>",
)
const reply = new library.Reply({ linger: -1 })
await reply.bind(address)
announceEndpoints(reply)
await answerAll(reply, size, count)
reply.close()
