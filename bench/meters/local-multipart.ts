import { readArguments } from "./arguments.js"
import { announceEndpoints } from "./endpoints.js"
import { printThroughput } from "./throughput.js"

const { library, address, width, size, count } = await readArguments(
  "local-multipart <bind-to> <part-count> <part-size> <message-count>",
)
const pull = new library.Pull()
await pull.bind(address)
announceEndpoints(pull)

let received = 0
let start = 0
for await (const parts of pull) {
  if (parts.length !== width) throw new Error(`Message of ${parts.length} parts, not ${width}`)
  for (const part of parts) {
    if (part.length !== size) throw new Error(`Part of ${part.length} bytes, not ${size}`)
  }
  if (received === 0) start = performance.now()
  received += 1
  if (received === count) break
}
printThroughput(width * size, count, (performance.now() - start) / 1000)
pull.close()
