// Messages that wait for a peer who is not there.
import { Push } from "puremq"
import { readArguments } from "./arguments.js"
import { residentBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, count, size } = readArguments("count", "size")
const before = await settledBytes()
const push = new Push({ sendHighWaterMark: 0, linger: 0 })
push.connect(address)

const body = Buffer.alloc(size)
for (let sent = 0; sent < count; sent++) await push.send(body)
const uncollected = residentBytes()
printResult({
  uncollected: (uncollected - before) / count,
  collected: ((await settledBytes()) - before) / count,
})
push.close()
