import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"

const { library, address, size, count } = await readArguments(
  "local-lat <bind-to> <message-size> <roundtrip-count>",
)
const reply = new library.Reply({ linger: -1 })
await reply.bind(address)
announceEndpoints(reply)

for (let roundtrip = 0; roundtrip < count; roundtrip++) {
  const message = await reply.receive()
  if (message[0]?.length !== size) throw new Error(`Request of ${message[0]?.length} bytes, not ${size}`)
  await reply.send(message)
}
reply.close()
