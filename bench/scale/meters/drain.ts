// Receives and drops: how fast once all peers have said their first, and what memory it leaves taken.
import { Pull } from "puremq"
import { announceEndpoint } from "../../meters/endpoint.js"
import { readArguments } from "./arguments.js"
import { residentBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, peers, count } = readArguments("peers", "count")
const pull = new Pull()
await pull.bind(address)
const before = await settledBytes()
announceEndpoint(pull, address)

let present = 0
let start = 0
let timed = 0
for (let received = 0; received < peers + count; received++) {
  const [body] = await pull.receive()
  timed += 1
  if (body?.length === 0 && ++present === peers) {
    start = performance.now()
    timed = 0
  }
}
const rate = (timed / (performance.now() - start)) * 1000
const uncollected = residentBytes() - before
const left = (await settledBytes()) - before
printResult({ rate, uncollected, left })
pull.close()
