// Messages that wait for a peer who is not there.
import { Push } from "puremq"
import { readArguments } from "./arguments.js"
import { heldBytes, residentBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, count, size } = readArguments("count", "size")
const [before, heldBefore] = [await settledBytes(), heldBytes()]
const push = new Push({ sendHighWaterMark: 0, linger: 0 })
push.connect(address)

const body = Buffer.alloc(size)
const start = performance.now()
for (let sent = 0; sent < count; sent++) await push.send(body)
const seconds = (performance.now() - start) / 1000
const uncollected = residentBytes()
printResult({
  uncollected: (uncollected - before) / count,
  collected: ((await settledBytes()) - before) / count,
  heap: (heldBytes() - heldBefore) / count,
  seconds,
})
push.close()
