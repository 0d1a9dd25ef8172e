import { readArguments } from "./arguments.js"
import { ofServer } from "./curve.js"
import { announceEndpoints } from "./endpoints.js"

const { library, address, size, count } = await readArguments(
  "local-echo <bind-to> <dealer-count> <message-size> <roundtrip-count>",
)
const router = new library.Router({ linger: -1, ...ofServer })
await router.bind(address)
announceEndpoints(router)

let echoed = 0
for await (const message of router) {
  if (message[1]?.length !== size) throw new Error(`Request of ${message[1]?.length} bytes, not ${size}`)
  await router.send(message)
  echoed += 1
  if (echoed === count) break
}
router.close()
