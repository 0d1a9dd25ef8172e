import { readArguments } from "./arguments.js"

const { library, address, size, count } = await readArguments(
  "remote-lat <connect-to> <message-size> <roundtrip-count>",
)
const request = new library.Request()
request.connect(address)

const buffer = Buffer.alloc(size)
const start = performance.now()
for (let roundtrip = 0; roundtrip < count; roundtrip++) {
  await request.send(buffer)
  const [message] = await request.receive()
  if (message?.length !== size) throw new Error(`Reply of ${message?.length} bytes, not ${size}`)
}
const microseconds = (performance.now() - start) * 1000

console.log(`message size: ${size} [B]`)
console.log(`roundtrip count: ${count}`)
console.log(`average latency: ${(microseconds / count / 2).toFixed(3)} [us]`)
request.close()
