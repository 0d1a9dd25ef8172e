import { readArguments } from "./arguments.js"
import { ofClient } from "./curve.js"

const { library, address, width, size, count } = await readArguments(
  "remote-handshakes <connect-to> <dealer-count> <message-size> <roundtrip-count>",
)
if (count % width !== 0) throw new Error(`${count} is not a multiple of ${width}`)

const buffer = Buffer.alloc(size)
/** What a handshake is good for: one question and its answer. */
async function comeAndGo(): Promise<void> {
  const dealer = new library.Dealer({ linger: 0, ...ofClient })
  dealer.connect(address)
  await dealer.send(buffer)
  const [message] = await dealer.receive()
  if (message?.length !== size) throw new Error(`Reply of ${message?.length} bytes, not ${size}`)
  dealer.close()
}

const round = (): Promise<unknown> => Promise.all(Array.from({ length: width }, comeAndGo))
// The clock starts after one round: by then all is loaded.
await round()
const start = performance.now()
for (let done = width; done < count; done += width) await round()
const seconds = (performance.now() - start) / 1000

console.log(`message size: ${size} [B]`)
console.log(`roundtrip count: ${count}`)
console.log(`mean throughput: ${Math.round((count - width) / seconds)} [roundtrips/s]`)
