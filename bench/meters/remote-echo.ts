import type { Dealer } from "puremq"
import { readArguments } from "./arguments.js"

/** What each dealer sends before it receives as many. */
const burst = 100

const { library, address, width, size, count } = await readArguments(
  "remote-echo <connect-to> <dealer-count> <message-size> <roundtrip-count>",
)
if (count % (width * burst) !== 0) throw new Error(`${count} is not a multiple of ${width * burst}`)
const dealers = Array.from({ length: width }, () => {
  const dealer = new library.Dealer()
  dealer.connect(address)
  return dealer
})

const buffer = Buffer.alloc(size)
async function exchange(dealer: Dealer): Promise<void> {
  for (let sent = 0; sent < burst; sent++) await dealer.send(buffer)
  for (let received = 0; received < burst; received++) {
    const [message] = await dealer.receive()
    if (message?.length !== size) throw new Error(`Reply of ${message?.length} bytes, not ${size}`)
  }
}

// The clock starts after one round: by then everyone is connected.
await Promise.all(dealers.map(exchange))
const start = performance.now()
for (let done = width * burst; done < count; done += width * burst) await Promise.all(dealers.map(exchange))
const seconds = (performance.now() - start) / 1000

console.log(`message size: ${size} [B]`)
console.log(`roundtrip count: ${count}`)
console.log(`mean throughput: ${Math.round((count - width * burst) / seconds)} [roundtrips/s]`)
for (const dealer of dealers) dealer.close()
